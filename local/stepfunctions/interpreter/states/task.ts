import { JsonObject, JsonValue } from '../../../json';
import { TaskState } from '../definition';
import { withErrorHandling } from '../error-handling';
import { DATA_LIMIT_EXCEEDED, StateFailure, TimeoutFailure, toStateFailure } from '../failure';
import { parseTaskResource, TaskResource } from '../resource-arn';
import { IssuedToken } from '../task-tokens';
import { tooLarge, Transition, Visit } from '../visit';
import { TaskEvents, taskEvents } from './task-events';

/** Seconds that an attempt may take, whole and between two heartbeats. */
interface TimeLimits {
  readonly timeoutInSeconds?: number;
  readonly heartbeatInSeconds?: number;
}

/** Task: schedules work elsewhere and waits for its result. */
export async function runTask(visit: Visit<TaskState>): Promise<Transition> {
  const resource = parseTaskResource(visit.state.Resource);
  if (resource === undefined) throw new Error(`the local cloud does not implement the Resource ${visit.state.Resource}`);
  return withErrorHandling(visit, visit.state, async () => visit.leaveWith(visit.state, await attempt(visit, resource)));
}

async function attempt(visit: Visit<TaskState>, resource: TaskResource): Promise<JsonValue> {
  const { run } = visit;
  const token = resource.kind === 'service' && resource.pattern !== undefined ? run.tokens.issue(run.identity.stateMachineArn) : undefined;
  const scope = visit.scope.child();
  const limits = timeLimits(visit);
  const parameters = taskParameters(visit, token);
  const events = taskEvents(visit, resource);
  events.scheduled(parameters, limits);
  events.started();
  try {
    const work = perform(visit, resource, parameters, events, scope.signal, token);
    const result = await withinLimits(visit, scope.race(work), limits, token);
    if (!run.meter.fits(result)) throw tooLarge(resource.kind === 'service' ? resource.service : resource.arn, true);
    events.succeeded(result);
    return result;
  } catch (thrown) {
    // The attempt may have been called off from outside; then it leaves no trace.
    visit.scope.throwIfCancelled();
    const failure = toStateFailure(thrown, visit.place);
    // A full history fails the execution, not the task.
    if (!run.history.full) events.failed(failure);
    throw failure;
  } finally {
    token?.revoke();
    scope.cancel();
  }
}

async function perform(
  visit: Visit<TaskState>, resource: TaskResource, input: JsonValue, events: TaskEvents, signal: AbortSignal, token?: IssuedToken,
): Promise<JsonValue> {
  const { run, name: stateName } = visit;
  const answer = await run.task({
    resource, stateName, input, signal, token: token?.token, execution: run.identity, clock: run.clock, submitted: (first) => events.submitted(first),
  });
  if (token === undefined || resource.kind !== 'service' || resource.pattern !== 'waitForTaskToken') return answer;
  signal.throwIfAborted();
  events.submitted(answer);
  return token.result;
}

/** The result of the work, unless a limit strikes first. */
async function withinLimits(visit: Visit<TaskState>, work: Promise<JsonValue>, limits: TimeLimits, token?: IssuedToken): Promise<JsonValue> {
  const { clock } = visit.run;
  return new Promise<JsonValue>((resolve, reject) => {
    const start = (kind: 'timeout' | 'heartbeat', seconds: number | undefined) =>
      seconds === undefined ? undefined : clock.after(seconds * 1000, () => reject(new TimeoutFailure(kind)));
    const timeout = start('timeout', limits.timeoutInSeconds);
    let heartbeat = start('heartbeat', limits.heartbeatInSeconds);
    token?.onHeartbeat(() => {
      heartbeat?.cancel();
      heartbeat = start('heartbeat', limits.heartbeatInSeconds);
    });
    work.then(resolve, reject).finally(() => {
      timeout?.cancel();
      heartbeat?.cancel();
    });
  });
}

function taskParameters(visit: Visit<TaskState>, token?: IssuedToken): JsonValue {
  const extra: JsonObject = token === undefined ? {} : { Task: { Token: token.token } };
  const parameters = visit.fill(visit.state.Parameters, visit.data(visit.selectInput(visit.state), extra));
  if (!visit.run.meter.fits(parameters)) {
    const cause = `The state/task '${visit.name}' scheduled a task with a size exceeding the maximum number of bytes service limit.`;
    throw new StateFailure(DATA_LIMIT_EXCEEDED, cause);
  }
  return parameters;
}

function timeLimits(visit: Visit<TaskState>): TimeLimits {
  const { state } = visit;
  const data = visit.data(visit.selectInput(state));
  return {
    timeoutInSeconds: visit.integer('TimeoutSecondsPath', state.TimeoutSeconds, state.TimeoutSecondsPath, data),
    heartbeatInSeconds: visit.integer('HeartbeatSecondsPath', state.HeartbeatSeconds, state.HeartbeatSecondsPath, data),
  };
}
