import { JsonObject } from '../../../json';
import { parseTaskResource, TaskResource } from '../../interpreter/resource-arn';
import { DefinitionFault, fault } from '../fault';
import { payload } from '../jsonata/expression';
import { both, Field, inJsonata, inJsonPath, inside, object, Place, Rule, Table, typeFault } from '../table';
import { MAX_COUNT, orExpression, text, whole } from '../values';
import { numberPath } from './map';

const activityArn = /^arn:[^:]+:states:[^:]*:[^:]*:activity:/;

/** A role, as a value or read from the data; its expression is not parsed when the machine is created. */
const credentials: Rule = function* checkCredentials(value, place) {
  const names = ['RoleArn', ...(place.language === 'JSONPath' ? ['RoleArn.$'] : [])];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return yield typeFault('[OBJECT]', place);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (!names.some((name) => Object.hasOwn(value, name))) yield fault('The field \'RoleArn\' is required but was missing', place.pointer);
  else if (unknown !== undefined) yield fault(`The field '${unknown}' is not supported by Step Functions`, place.pointer);
  else yield* object({ fields: { 'RoleArn': both(text), 'RoleArn.$': both(text) } })(value, place);
};

export function taskTable(working: Readonly<Record<string, Field>>): Table {
  return {
    required: ['Resource'],
    fields: {
      ...working,
      Arguments: inJsonata(payload()),
      Resource: both(resource),
      TimeoutSeconds: both(orExpression(whole(1, MAX_COUNT))),
      TimeoutSecondsPath: inJsonPath(numberPath),
      HeartbeatSeconds: both(orExpression(whole(1, MAX_COUNT))),
      HeartbeatSecondsPath: inJsonPath(numberPath),
      Credentials: both(credentials),
    },
    exactlyOne: [['Next', 'End']],
    atMostOne: [['TimeoutSeconds', 'TimeoutSecondsPath'], ['HeartbeatSeconds', 'HeartbeatSecondsPath']],
    also: checkTask,
  };
}

function resource(...[value, place]: Parameters<Rule>): ReturnType<Rule> {
  return typeof value === 'string' ? resourceFaults(value, place) : [typeFault('[STRING]', place)];
}

function* resourceFaults(arn: string, { pointer, type, tasks }: Place): Generator<DefinitionFault> {
  if (!arn.startsWith('arn:')) return yield fault('Value is not a valid resource ARN', pointer);
  if (type === 'EXPRESS' && activityArn.test(arn)) return yield fault('Express state machine does not support Activity ARN', pointer);
  const parsed = parseTaskResource(arn);
  if ((parsed === undefined && !activityArn.test(arn)) || (parsed !== undefined && tasks.unknownToAws?.(parsed) === true)) {
    const reason = 'The value is not a valid resource ARN, or the resource is not available in this region.';
    return yield fault(`The resource provided ${arn} is not recognized. ${reason}`, pointer);
  }
  if (type === 'EXPRESS' && parsed?.kind === 'service' && parsed.pattern !== undefined) yield expressPatternFault(parsed.pattern, pointer);
}

/** The recorded words; one has a space too many. */
function expressPatternFault(pattern: string, pointer: string): DefinitionFault {
  const message = pattern === 'waitForTaskToken' ? '\'.waitForTaskToken\' service integration ' : '\'.sync\' service integration';
  return fault(`Express state machine does not support ${message}`, pointer);
}

function* checkTask(state: JsonObject, place: Place): Generator<DefinitionFault> {
  const { Resource: arn, TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    yield fault('HeartbeatSeconds must be smaller than TimeoutSeconds', inside(place, 'HeartbeatSeconds').pointer);
  }
  if (typeof arn !== 'string') return;
  if (state.Credentials !== undefined && activityArn.test(arn)) yield fault('The field \'Credentials\' is not supported for activities', inside(place, 'Credentials').pointer);
  const parsed = parseTaskResource(arn);
  if (parsed !== undefined && [...resourceFaults(arn, place)].length === 0) yield* parameterFaults(parsed, state, place);
}

function* parameterFaults(parsed: TaskResource, state: JsonObject, place: Place): Generator<DefinitionFault> {
  const { parameterFaults: check } = place.tasks;
  if (check === undefined || parsed.kind !== 'service') return;
  const field = place.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const parameters = state[field];
  if (parameters === undefined) yield fault(`${field} field is required for resource ARN: ${parsed.arn}`, inside(place, 'Resource').pointer);
  else yield* check(parsed, parameters, inside(place, field));
}

