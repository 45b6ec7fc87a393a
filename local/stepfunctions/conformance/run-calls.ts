import { VirtualClock } from '../../clock';
import { StatusChangeEvent } from '../api/status-change';
import { StepFunctionsService } from '../service';
import { compareEvents } from './compare-events';
import { RecordedCall, RecordedCalls } from './corpus';
import { toCorpusEvent } from './corpus-event';
import { asAnsweredAt } from './eras';
import { Matcher } from './match';
import { recordedObjects, RecordedTasks } from './recorded-tasks';
import { anybody, environment } from './run-execution';
import { ServiceError } from '../../aws/service';
import { isObject, JsonObject } from '../../json';

/** Makes recorded API calls; answers the first difference, or undefined. */
export async function runCalls(recorded: RecordedCalls): Promise<string | undefined> {
  const statusChanges: StatusChangeEvent[] = [];
  const service = new StepFunctionsService({
    environment,
    clock: new VirtualClock(),
    authorize: async () => undefined,
    integrations: new RecordedTasks({}, async () => undefined),
    items: recordedObjects(recorded.s3 ?? []),
    onEvent: (event) => statusChanges.push(event),
  });
  await prepare(recorded, service);
  const matcher = new Matcher(recorded.placeholders);
  for (const [index, step] of recorded.steps.entries()) {
    const difference = step.call === '(EventBridge)'
      ? matcher.difference([...step.events ?? []], JSON.parse(JSON.stringify(statusChanges)))
      : await makeCall(step, recorded, service, matcher);
    if (difference !== undefined) return `step ${index + 1} ${step.call}: ${difference}`;
  }
  return undefined;
}

/** Where the steps begin with neither, the machine exists and its execution has run. */
async function prepare({ definition, input, steps }: RecordedCalls, service: StepFunctionsService): Promise<void> {
  const [{ call }] = steps;
  if (definition === undefined || call === 'CreateStateMachine') return;
  const settings = { name: 'conformance-machine', roleArn: 'arn:aws:iam::000000000000:role/sfn-role', definition: JSON.stringify(definition) };
  const { arn: stateMachineArn } = await service.createStateMachine(settings);
  if (call === 'StartExecution') return;
  const started = await service.call('StartExecution', { stateMachineArn, name: 'conformance-execution', input: JSON.stringify(input ?? {}) }, anybody);
  await service.ended(String(started.executionArn));
}

async function makeCall(step: RecordedCall, recorded: RecordedCalls, service: StepFunctionsService, matcher: Matcher): Promise<string | undefined> {
  const request = matcher.fill(step.request);
  const filled = isObject(request) ? request : {};
  if (filled.definition === '$definition') filled.definition = JSON.stringify(recorded.definition);
  try {
    return compareAnswer(step, asAnsweredAt(recorded.recorded, await service.call(step.call, filled, anybody)), matcher);
  } catch (error) {
    if (!(error instanceof ServiceError) || step.error === undefined) return String(error);
    const { code, message, httpStatus = error.httpStatus } = step.error;
    return matcher.difference({ code, message, httpStatus }, { code: error.code, message: error.message, httpStatus: error.httpStatus });
  }
}

function compareAnswer(step: RecordedCall, answer: JsonObject, matcher: Matcher): string | undefined {
  if (step.error !== undefined) return `expected ${step.error.code}, got ${JSON.stringify(answer)}`;
  if (step.events === undefined) return matcher.difference(step.response, answer);
  const events = Array.isArray(answer.events) ? answer.events.filter(isObject).map(toCorpusEvent) : [];
  return compareEvents({ status: '', events: step.events }, events, matcher);
}
