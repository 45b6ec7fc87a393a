import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';
import { Execution, ExecutionOptions } from '../../../local/stepfunctions/interpreter/execution';

/** An execution of a definition that has gone through the same validation as in the service; time begins at 0. */
export function newExecution(definition: JsonObject, options: Partial<Omit<ExecutionOptions, 'definition'>> = {}): Execution {
  return new Execution({ clock: new VirtualClock(0), ...options, definition: parseDefinition(JSON.stringify(definition), () => true) });
}

/** A state machine of one state. */
export function single(state: JsonObject, name: string = 'Only'): JsonObject {
  return { StartAt: name, States: { [name]: { ...state, ...(state.Type === 'Choice' || state.Type === 'Fail' || state.Type === 'Succeed' ? {} : { End: true }) } } };
}

/** States one after another. */
export function sequence(states: Readonly<Record<string, JsonObject>>): JsonObject {
  const names = Object.keys(states);
  const linked = names.map((name, index) => {
    const exit: JsonObject = index + 1 < names.length ? { Next: names[index + 1] } : { End: true };
    return [name, { ...states[name], ...exit }] as const;
  });
  return { StartAt: names[0], States: Object.fromEntries(linked) };
}

export function types(execution: Execution): string[] {
  return execution.history.events.map(({ type }) => type);
}

/** `id<-previousEventId type`, for whole histories. */
export function trace(execution: Execution): string[] {
  return execution.history.events.map(({ id, previousEventId, type }) => `${id}<-${previousEventId} ${type}`);
}

export const lambdaInvoke = 'arn:aws:states:::lambda:invoke';

/** What such a Task needs where its Parameters are checked. */
export const calling: JsonObject = { Parameters: { FunctionName: 'work' } };

/** A Task that calls a function. */
export function task(fields: JsonObject = {}): JsonObject {
  return { Type: 'Task', Resource: lambdaInvoke, ...fields };
}

export async function never(): Promise<JsonValue> {
  return new Promise(() => undefined);
}
