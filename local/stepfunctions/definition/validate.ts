import { aslProblem } from './asl-schema';
import { checkMachine, TaskKnowledge } from './checks';
import { ServiceError } from '../../aws/service';
import { isObject, JsonObject, JsonValue, parseJson } from '../../json';
import { StateMachineDefinition } from '../interpreter/definition';

/** Longest definition in characters. Source: API reference of CreateStateMachine. */
const MAX_DEFINITION_LENGTH = 1_048_576;

/**
 * Parses and validates a definition. Throws `InvalidDefinition` for what AWS refuses, and a plain error naming it for what the local cloud
 * does not implement; `supports` says which Task
 * resources have a handler, `parametersProblem` what is wrong with the Parameters for one.
 */
export function parseDefinition(
  text: string, supports: TaskKnowledge['supports'], parametersProblem?: TaskKnowledge['parametersProblem'],
): StateMachineDefinition {
  if (text.length > MAX_DEFINITION_LENGTH) {
    throw new ServiceError('ValidationException', `Value at 'definition' must have length less than or equal to ${MAX_DEFINITION_LENGTH}`);
  }
  const value = parseObject(text);
  const [fault] = checkMachine(value, { supports, parametersProblem });
  if (fault !== undefined) throw invalid(`${fault.code}: ${fault.message} at ${fault.pointer}`);
  // Our own checks read paths and Resources as AWS does.
  const problem = aslProblem(withoutExceptions(value), { checkPaths: false, checkArn: false });
  if (problem !== undefined) throw invalid(problem);
  const definition: StateMachineDefinition = JSON.parse(text);
  return definition;
}

function parseObject(text: string): JsonObject {
  const value = parseJson(text);
  if (value === undefined) throw invalid('INVALID_JSON_DESCRIPTION: the definition is not valid JSON');
  if (!isObject(value)) throw invalid('INVALID_JSON_DESCRIPTION: the definition is not a JSON object');
  return value;
}

/** A copy without what the schema of the package refuses and AWS takes: any JSON in Assign, and MaxItems of zero. */
function withoutExceptions(holder: JsonObject): JsonObject {
  const copied = Object.entries(holder).filter(([name, value]) => name !== 'Assign' && !(name === 'MaxItems' && typeof value === 'number'))
    .map(([name, value]) => [name, name === 'States' ? copyStates(value) : copy(value)] as const);
  return Object.fromEntries(copied);
}

function copy(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(copy);
  return isObject(value) ? withoutExceptions(value) : value;
}

/** State names are no field names. */
function copyStates(states: JsonValue): JsonValue {
  return isObject(states) ? Object.fromEntries(Object.entries(states).map(([name, state]) => [name, copy(state)])) : states;
}

function invalid(detail: string): ServiceError {
  return new ServiceError('InvalidDefinition', `Invalid State Machine Definition: '${detail}'`);
}
