import { writeJson } from '../../exact-json';
import { JsonObject, JsonValue } from '../../json';
import { EventDetails, HistoryEvent } from '../interpreter/history';

/** Event types that share the member their details are in. */
const sharedDetails: readonly (readonly [RegExp, string])[] = [
  [/StateEntered$/, 'stateEnteredEventDetails'],
  [/StateExited$/, 'stateExitedEventDetails'],
];

/** Event types that carry no details at all. */
const withoutDetails: readonly RegExp[] = [
  /StateAborted$/, /^ParallelState(Started|Succeeded|Failed)$/, /^MapState(Succeeded|Failed)$/, /^LambdaFunctionStarted$/, /^MapRunSucceeded$/,
];

/** An event as GetExecutionHistory answers it. Payloads are JSON texts; without execution data they are left out. */
export function toWireEvent(event: HistoryEvent, includeExecutionData: boolean): JsonObject {
  const { id, previousEventId, type, timestamp, details } = event;
  const base = { timestamp: timestamp / 1000, type, id, previousEventId };
  if (withoutDetails.some((pattern) => pattern.test(type))) return base;
  return { ...base, [detailsMember(type)]: toWireDetails(type, details, includeExecutionData) };
}

function detailsMember(type: string): string {
  const shared = sharedDetails.find(([pattern]) => pattern.test(type));
  return shared?.[1] ?? `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** The details of an event as the API and logs have them. */
export function toWireDetails(type: string, details: EventDetails, includeExecutionData: boolean): JsonObject {
  const { state, input, output, parameters, assignedVariables, ...plain } = details;
  return {
    // In this event alone the name of the state is not called `name`.
    ...(state === undefined ? {} : { [type === 'EvaluationFailed' ? 'state' : 'name']: state }),
    ...payload('input', input, includeExecutionData),
    ...payload('output', output, includeExecutionData),
    // Parameters of a Task are part of its event, whatever is asked for.
    ...(parameters === undefined ? {} : { parameters: writeJson(parameters) }),
    ...(assignedVariables === undefined || !includeExecutionData ? {} : {
      assignedVariables: Object.fromEntries(Object.entries(assignedVariables).map(([name, value]) => [name, writeJson(value)])),
      assignedVariablesDetails: { truncated: false },
    }),
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
  };
}

function payload(name: string, value: JsonValue | undefined, included: boolean): JsonObject {
  return value === undefined || !included ? {} : { [name]: writeJson(value), [`${name}Details`]: { truncated: false } };
}
