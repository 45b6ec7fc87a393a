import { capitalizeMembers, lowerMembers, mapMembers, sdkMetadata, toMilliseconds } from './answers';
import { ErrorNaming, optimizedFailure } from './error-names';
import { Integration } from './integration';
import { AwsService, CallContext, ServiceError } from '../../aws/service';
import { readJson, writeJson } from '../../exact-json';
import { isObject, JsonObject, JsonValue } from '../../json';
import { TaskFailure } from '../interpreter/failure';
import { TaskResource } from '../interpreter/resource-arn';
import { TaskCall } from '../interpreter/task';

/** The Step Functions service, as its own integration needs it. */
export interface StateMachines extends AwsService {
  /** Resolves when an execution has ended. */
  ended(executionArn: string): Promise<void>;
}

/** Errors of StartExecution, DescribeExecution and StopExecution, from their API references. */
const naming: ErrorNaming = {
  prefix: 'StepFunctions',
  label: 'AWSStepFunctions',
  listed: [
    'ExecutionAlreadyExists', 'ExecutionDoesNotExist', 'ExecutionLimitExceeded', 'InvalidArn', 'InvalidExecutionInput', 'InvalidName', 'KmsAccessDenied',
    'KmsInvalidState', 'KmsThrottling',
    'StateMachineDeleting', 'StateMachineDoesNotExist', 'Validation',
  ],
};

/** `states:startExecution`, `.sync` (Input and Output as text), `.sync:2` (as JSON) and `.waitForTaskToken`. */
export class StartExecutionIntegration implements Integration {
  constructor(private readonly states: StateMachines) {}

  supports(resource: TaskResource): boolean {
    return resource.kind === 'service' && resource.service === 'states' && resource.action === 'startExecution';
  }

  async call(call: TaskCall, context: CallContext): Promise<JsonValue> {
    const answer = await this.perform('StartExecution', startInput(call.input), context);
    const started = { ...answer, ...sdkMetadata() };
    const pattern = call.resource.kind === 'service' ? call.resource.pattern : undefined;
    if (pattern === undefined || pattern === 'waitForTaskToken') return started;
    call.submitted(started);
    return this.waitForEnd(String(answer.ExecutionArn), pattern === 'sync:2', call, context);
  }

  private async waitForEnd(executionArn: string, parsed: boolean, { signal }: TaskCall, context: CallContext): Promise<JsonValue> {
    // Stopping the parent stops the child, if the role may do that.
    const stop = () => void this.perform('StopExecution', { executionArn }, context).catch(() => undefined);
    signal.addEventListener('abort', stop, { once: true });
    // It may have been called off while the child was being started.
    if (signal.aborted) stop();
    await this.states.ended(executionArn);
    signal.removeEventListener('abort', stop);
    const description = await this.perform('DescribeExecution', { executionArn }, context);
    const result = parsed ? mapMembers(description, ['Input', 'Output'], (text) => (typeof text === 'string' ? readJson(text) : text)) : description;
    if (description.Status !== 'SUCCEEDED') throw new TaskFailure('States.TaskFailed', writeJson(result));
    return result;
  }

  /** Calls an operation and answers in the style of Tasks: capitals, dates in milliseconds. */
  private async perform(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    try {
      const answer = mapMembers(capitalizeMembers(await this.states.call(operation, input, context)), ['StartDate', 'StopDate', 'RedriveDate'], toMilliseconds);
      return isObject(answer) ? answer : {};
    } catch (error) {
      if (error instanceof ServiceError) throw optimizedFailure(error, naming);
      throw error;
    }
  }
}

/** The input of the new execution is JSON here and text on the wire; null is as good as none. */
function startInput(input: JsonValue): JsonObject {
  const { Input: given, ...request }: JsonObject = isObject(input) ? input : {};
  return { ...lowerMembers(request), input: writeJson(given ?? {}) };
}
