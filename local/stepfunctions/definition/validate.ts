import { DefinitionFault, printFault } from './fault';
import { checkGraphs } from './graph';
import { jsonFault } from './json-fault';
import { checkObject, Place, TaskKnowledge, WorkflowType } from './table';
import { languageOf, machineTable } from './tables/graphs';
import { assertImplemented } from './unimplemented';
import { ServiceError } from '../../aws/service';
import { readJson } from '../../exact-json';
import { isObject, JsonObject } from '../../json';
import { JsonTextError, parseJsonText } from '../api/json-text';
import { StateMachineDefinition } from '../interpreter/definition';

/** Longest definition in characters. Source: API reference of CreateStateMachine. */
const MAX_DEFINITION_LENGTH = 1_048_576;

/**
 * Parses and validates a definition. Throws `InvalidDefinition` for what AWS refuses, and a plain error naming it for what AWS takes and the local
 * cloud does not implement. `tasks`: what is known of the Tasks' Resources; a function says which have a handler. `type` default: STANDARD.
 *
 * What passes here passes on AWS, but for what cannot be told: a member that an object has twice, states that are nested too deeply for AWS (it says
 * nowhere how deep that is), variables that nothing assigns, and services without a model in `integrations`.
 */
export function parseDefinition(text: string, tasks: TaskKnowledge | TaskKnowledge['supports'], type: WorkflowType = 'STANDARD'): StateMachineDefinition {
  const knowledge = typeof tasks === 'function' ? { supports: tasks } : tasks;
  assertLength(text);
  const machine = parseMachine(text);
  const faults = 'fault' in machine ? [machine.fault] : findFaults(machine.value, knowledge, type);
  if (faults.length > 0) throw new ServiceError('InvalidDefinition', `Invalid State Machine Definition: '${faults.map(printFault).join(', ')}'`);
  if ('value' in machine) assertImplemented(machine.value, knowledge);
  return readJson<StateMachineDefinition>(text);
}

/** What AWS has against a definition. Throws for a text that is too long. */
export function diagnose(text: string, tasks: TaskKnowledge, type: WorkflowType = 'STANDARD'): DefinitionFault[] {
  assertLength(text);
  const machine = parseMachine(text);
  return 'fault' in machine ? [machine.fault] : findFaults(machine.value, tasks, type);
}

/** How states lead to each other is looked at once each of them is well-formed. */
function findFaults(machine: JsonObject, tasks: TaskKnowledge, type: WorkflowType): DefinitionFault[] {
  const language = languageOf(machine, 'JSONPath');
  const place: Place = { pointer: '', language, machineLanguage: language, type, tasks };
  const faults = [...checkObject(machine, place, machineTable)];
  return faults.length > 0 ? faults : [...checkGraphs(machine)];
}

function parseMachine(text: string): { readonly value: JsonObject } | { readonly fault: DefinitionFault } {
  try {
    const value = text.trim() === '' ? undefined : parseJsonText(text);
    if (isObject(value)) return { value };
    return { fault: { code: 'SCHEMA_VALIDATION_FAILED', message: 'Definition must be a valid JSON object' } };
  } catch (error) {
    if (error instanceof JsonTextError) return { fault: jsonFault(text, error) };
    throw error;
  }
}

function assertLength(text: string): void {
  if (text.length <= MAX_DEFINITION_LENGTH) return;
  throw new ServiceError('ValidationException', `Value at 'definition' must have length less than or equal to ${MAX_DEFINITION_LENGTH}`);
}
