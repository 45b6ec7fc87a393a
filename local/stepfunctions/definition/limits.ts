import { DefinitionFault, fault } from './fault';
import { isObject, JsonObject, JsonValue } from '../../json';

/** Intrinsic functions that one field may hold. Source: Step Functions developer guide, "Intrinsic functions". */
export const MAX_INTRINSIC_CALLS = 10;

/** Largest number of seconds, and of retries. Sources: developer guide, "Task workflow state" and "Handling errors". */
const MAX_COUNT = 99_999_999;

/** `MaxDelaySeconds` must be less. Source: developer guide, "Handling errors". */
const MAX_DELAY_SECONDS = 31_622_400;

/** Names that begin with `States.` are all taken. Source: developer guide, "Error names". */
const ERROR_NAMES = [
  'ALL', 'BranchFailed', 'DataLimitExceeded', 'ExceedToleratedFailureThreshold', 'HeartbeatTimeout', 'Http.Socket', 'IntrinsicFailure', 'ItemReaderFailed',
  'NoChoiceMatched', 'ParameterPathFailure', 'Permissions', 'QueryEvaluationError', 'ResultPathMatchFailure', 'ResultWriterFailed', 'Runtime', 'TaskFailed',
  'Timeout',
].map((name) => `States.${name}`);

type Faults = Generator<DefinitionFault>;

export function* checkMachineLimits(machine: JsonObject): Faults {
  if (machine.Version !== undefined && machine.Version !== '1.0') yield fault('The version must be 1.0', '/Version');
  yield* checkWhole(machine, 'TimeoutSeconds', 1, '');
}

export function* checkStateLimits(state: JsonObject, pointer: string): Faults {
  yield* checkWhole(state, 'TimeoutSeconds', 1, pointer);
  yield* checkWhole(state, 'HeartbeatSeconds', 1, pointer);
  yield* checkWhole(state, 'Seconds', 0, pointer);
}

/** A list of retriers or catchers. */
export function* checkHandlers(handlers: JsonValue | undefined, pointer: string): Faults {
  if (!Array.isArray(handlers)) return;
  for (const [index, handler] of handlers.entries()) {
    if (!isObject(handler)) continue;
    const place = `${pointer}[${index}]`;
    yield* checkErrors(handler.ErrorEquals, index === handlers.length - 1, `${place}/ErrorEquals`);
    yield* checkWhole(handler, 'IntervalSeconds', 1, place);
    yield* checkWhole(handler, 'MaxAttempts', 0, place);
    yield* checkWhole(handler, 'MaxDelaySeconds', 1, place, MAX_DELAY_SECONDS - 1);
    const { BackoffRate: rate, JitterStrategy: jitter } = handler;
    if (rate !== undefined && !(typeof rate === 'number' && rate >= 1)) yield fault('BackoffRate must be at least 1.0', `${place}/BackoffRate`);
    if (jitter !== undefined && jitter !== 'FULL' && jitter !== 'NONE') yield fault('JitterStrategy must be FULL or NONE', `${place}/JitterStrategy`);
  }
}

/** A variable is called like an identifier, has at most 80 characters, and is not `states`. Source: developer guide, "Passing data with variables". */
export function* checkVariableNames(assign: JsonValue | undefined, pointer: string): Faults {
  for (const field of isObject(assign) ? Object.keys(assign) : []) {
    const name = field.replace(/\.\$$/, '');
    const valid = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(name) && name.length <= 80 && name !== 'states';
    if (!valid) yield fault(`'${name}' is no name of a variable`, `${pointer}/${field}`);
  }
}

/** `States.ALL` stands alone, in the last entry. */
function* checkErrors(names: JsonValue | undefined, last: boolean, pointer: string): Faults {
  if (!Array.isArray(names)) return;
  if (names.length === 0) yield fault('The list must name at least one error', pointer);
  const unknown = names.find((name) => typeof name === 'string' && name.startsWith('States.') && !ERROR_NAMES.includes(name));
  if (unknown !== undefined) yield fault(`There is no error '${String(unknown)}'`, pointer);
  if (!names.includes('States.ALL')) return;
  if (names.length > 1) yield fault('States.ALL can only appear by itself', pointer);
  if (!last) yield fault('States.ALL must be in the last entry', pointer);
}

function* checkWhole(holder: JsonObject, name: string, least: number, pointer: string, most: number = MAX_COUNT): Faults {
  const value = holder[name];
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most)) return;
  yield fault(`The value must be a whole number from ${least} to ${most}`, `${pointer}/${name}`);
}
