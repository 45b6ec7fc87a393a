import { JsonValue } from '../../../json';
import { TaskState } from '../definition';
import { StateFailure, TimeoutFailure } from '../failure';
import { EventDetails } from '../history';
import { TaskResource } from '../resource-arn';
import { Visit } from '../visit';

/** The events of one attempt of a Task. They have two families: one for Lambda function ARNs, one for all services. */
export interface TaskEvents {
  scheduled(input: JsonValue, limits: EventDetails): void;
  started(): void;
  submitted(output: JsonValue): void;
  succeeded(output: JsonValue): void;
  failed(failure: StateFailure): void;
}

export function taskEvents(visit: Visit<TaskState>, resource: TaskResource): TaskEvents {
  const family = resource.kind === 'lambda' ? 'LambdaFunction' : 'Task';
  const place: EventDetails = resource.kind === 'lambda' ? {} : {
    resourceType: resource.service,
    resource: resource.pattern === undefined ? resource.action : `${resource.action}.${resource.pattern}`,
  };
  return {
    scheduled: (input, limits) => visit.record(`${family}Scheduled`, resource.kind === 'lambda'
      ? { resource: resource.arn, input, timeoutInSeconds: limits.timeoutInSeconds, taskCredentials: limits.taskCredentials }
      : { ...place, region: visit.run.identity.region, parameters: input, ...limits }),
    started: () => visit.record(`${family}Started`, place),
    submitted: (output) => visit.record(`${family}Submitted`, { ...place, output }),
    succeeded: (output) => visit.record(`${family}Succeeded`, { ...place, output }),
    failed: (failure) => visit.record(
      `${family}${failure instanceof TimeoutFailure ? 'TimedOut' : 'Failed'}`,
      { ...place, error: failure.error, cause: failure.failureCause },
    ),
  };
}
