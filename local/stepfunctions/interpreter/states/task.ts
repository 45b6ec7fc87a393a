import { JsonObject, JsonValue, memberOf } from '../../../json';
import { CancellationScope } from '../cancellation';
import { TaskState } from '../definition';
import { withErrorHandling } from '../error-handling';
import { DATA_LIMIT_EXCEEDED, StateFailure, TimeoutFailure, toStateFailure } from '../failure';
import { parseTaskResource, TaskResource } from '../resource-arn';
import { TaskCall } from '../task';
import { IssuedToken } from '../task-tokens';
import { Transition } from '../transition';
import { tooLarge, Visit } from '../visit';
import { TaskEvents, taskEvents } from './task-events';

/** Seconds that an attempt may take, whole and between two heartbeats. */
interface TimeLimits {
  readonly timeoutInSeconds?: number;
  readonly heartbeatInSeconds?: number;
}

/** Task: schedules work elsewhere and waits for its result. */
export async function runTask(visit: Visit<TaskState>): Promise<Transition> {
  const resource = parseTaskResource(visit.state.Resource);
  if (resource === undefined) throw new Error(`an accepted Task has the Resource ${visit.state.Resource}`);
  return withErrorHandling(visit, visit.state, async () => visit.language.leaveWith(visit.state, await attempt(visit, resource)));
}

async function attempt(visit: Visit<TaskState>, resource: TaskResource): Promise<JsonValue> {
  const { run } = visit;
  const token = resource.kind === 'service' && resource.pattern !== undefined ? run.tokens.issue() : undefined;
  const scope = visit.scope.child();
  try {
    const limits = await timeLimits(visit);
    const credentials = await roleOf(visit);
    const input = await taskParameters(visit, token);
    const events = taskEvents(visit, resource);
    events.scheduled(input, { ...limits, ...credentials !== undefined && { taskCredentials: { roleArn: credentials } } });
    events.started();
    const { clock, identity: execution } = run;
    const call = { resource, stateName: visit.name, input, credentials, signal: scope.signal, token: token?.token, execution, clock };
    const work = perform(visit, call, events, scope, token);
    return await toEnd(visit, resource, events, withinLimits(visit, scope.race(work), limits, token));
  } finally {
    token?.revoke();
    scope.cancel();
  }
}

/** Records how the work ends. */
async function toEnd(visit: Visit<TaskState>, resource: TaskResource, events: TaskEvents, work: Promise<JsonValue>): Promise<JsonValue> {
  try {
    const result = await work;
    if (!visit.run.meter.fits(result)) throw tooLarge(resource.kind === 'service' ? resource.service : resource.arn, true);
    events.succeeded(result);
    return result;
  } catch (thrown) {
    // The attempt may have been called off from outside; then it leaves no trace.
    visit.scope.throwIfCancelled();
    const failure = toStateFailure(thrown, visit.place);
    // A full history fails the execution, not the task.
    if (!visit.run.history.full) events.failed(failure);
    // Whatever runs out of time at the same moment has done so before anything is called off.
    if (failure instanceof TimeoutFailure) await visit.run.clock.sleep(0, visit.scope.signal);
    throw failure;
  }
}

async function perform(
  { run }: Visit<TaskState>, call: Omit<TaskCall, 'submitted'>, events: TaskEvents, scope: CancellationScope, token?: IssuedToken,
): Promise<JsonValue> {
  const { resource, signal } = call;
  const waitsForToken = resource.kind === 'service' && resource.pattern === 'waitForTaskToken';
  const answered = async (submitted: TaskCall['submitted']) => run.task({ ...call, submitted });
  if (token === undefined) return answered((first) => events.submitted(first));
  if (!waitsForToken) return firstResult(answered, events, scope, token);
  const answer = await answered(() => undefined);
  signal.throwIfAborted();
  events.submitted(answer);
  return token.result;
}

/** A `.sync` ends with its job, or before that with its token; the job then goes on by itself. */
async function firstResult(
  answered: (submitted: TaskCall['submitted']) => Promise<JsonValue>, events: TaskEvents, scope: CancellationScope, token: IssuedToken,
): Promise<JsonValue> {
  return new Promise<JsonValue>((resolve, reject) => {
    answered((first) => {
      events.submitted(first);
      token.result.finally(() => scope.close()).then(resolve, reject);
    }).then(resolve, reject);
  });
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

async function taskParameters(visit: Visit<TaskState>, token?: IssuedToken): Promise<JsonValue> {
  const extra: JsonObject = token === undefined ? {} : { Task: { Token: token.token } };
  const parameters = await visit.language.arguments(visit.state, extra);
  if (!visit.run.meter.fits(parameters)) {
    const cause = `The state/task '${visit.name}' scheduled a task with a size exceeding the maximum number of bytes service limit.`;
    throw new StateFailure(DATA_LIMIT_EXCEEDED, cause);
  }
  return parameters;
}

async function timeLimits({ language, state }: Visit<TaskState>): Promise<TimeLimits> {
  return {
    timeoutInSeconds: await language.number(state, 'TimeoutSeconds'),
    heartbeatInSeconds: await language.number(state, 'HeartbeatSeconds'),
  };
}

/** The ARN of the role in its Credentials. */
async function roleOf({ language, state: { Credentials } }: Visit<TaskState>): Promise<string | undefined> {
  if (Credentials === undefined) return undefined;
  const roleArn = memberOf(await language.fill(Credentials, 'Credentials'), 'RoleArn') ?? null;
  if (typeof roleArn === 'string') return roleArn;
  throw language.unexpected(memberOf(Credentials, 'RoleArn') ?? Credentials, 'Credentials/RoleArn', 'string', roleArn);
}
