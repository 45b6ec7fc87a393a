import { setImmediate } from 'node:timers/promises';
import { AwsEnvironment, CallContext } from '../../aws/service';
import { VirtualClock } from '../../clock';
import { StepFunctionsService } from '../service';
import { compareEvents } from './compare-events';
import { Action, RecordedExecution } from './corpus';
import { toCorpusEvent } from './corpus-event';
import { asRecordedAt } from './eras';
import { Matcher } from './match';
import { recordedObjects, RecordedTasks } from './recorded-tasks';
import { isObject, JsonObject } from '../../json';

export const environment: AwsEnvironment = { accountId: '000000000000', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
export const anybody: CallContext = { caller: {} };

/** Runs a recorded execution through the service; answers the first difference, or undefined. */
export async function runExecution(recorded: RecordedExecution): Promise<string | undefined> {
  const actions: Promise<string | undefined>[] = [];
  const service = serviceFor(recorded, actions);
  const { arn: stateMachineArn } = await service.createStateMachine({
    name: recorded.stateMachineName, roleArn: recorded.roleArn, definition: JSON.stringify(recorded.definition),
  });
  const started = await service.call('StartExecution', { stateMachineArn, name: recorded.executionName, input: JSON.stringify(recorded.input) }, anybody);
  const executionArn = String(started.executionArn);
  await service.ended(executionArn);
  const description = await service.call('DescribeExecution', { executionArn }, anybody);
  const events = asRecordedAt(recorded.recorded, (await allEvents(service, executionArn)).map(toCorpusEvent));
  const [refusedAction] = (await Promise.all(actions)).filter((problem) => problem !== undefined);
  return refusedAction ?? compare(recorded, description, events);
}

/** Calls that say which execution they mean; the corpus leaves that out. */
const aboutExecution: readonly string[] = ['StopExecution', 'RedriveExecution', 'DescribeExecution', 'GetExecutionHistory'];

/** A service for one recording; how the actions made on it end is added to `made`. */
function serviceFor({ tasks, s3, actions }: RecordedExecution, made: Promise<string | undefined>[]): StepFunctionsService {
  const act = async ({ call, request }: Action, executionArn: string) => {
    // Made once the event is in the history, not while it is being written.
    await setImmediate();
    try {
      await service.call(call, aboutExecution.includes(call) ? { executionArn, ...request } : request, anybody);
    } catch (error) {
      return `action ${call}: ${String(error)}`;
    }
    return undefined;
  };
  const service: StepFunctionsService = new StepFunctionsService({
    environment,
    clock: new VirtualClock(),
    authorize: async () => undefined,
    integrations: new RecordedTasks(tasks, async (operation, request) => void await service.call(operation, request, anybody)),
    items: recordedObjects(s3),
    observe: ({ executionArn, event }) => {
      for (const action of actions.filter(({ afterEvent }) => afterEvent === event.id)) {
        made.push(act(action, executionArn));
      }
    },
  });
  return service;
}

function compare(recorded: RecordedExecution, description: JsonObject, events: readonly JsonObject[]): string | undefined {
  const { expected, placeholders, eventsRecorded } = recorded;
  const matcher = new Matcher(placeholders);
  const difference = eventsRecorded ? compareEvents(expected, events, matcher) : undefined;
  return difference
    ?? matcher.difference(expected.status, description.status, 'status')
    ?? matcher.difference(expected.output ?? null, description.output === undefined ? null : JSON.parse(String(description.output)), 'output')
    ?? matcher.difference(expected.error, description.error, 'error')
    ?? matcher.difference(expected.causeJson ?? expected.cause, description.cause, 'cause')
    ?? (expected.choice === undefined ? undefined : matcher.difference(expected.choice, chosenState(events), 'choice'));
}

/** The state after the Choice. */
function chosenState(events: readonly JsonObject[]): string {
  const choice = events.findIndex((event) => event.type === 'ChoiceStateExited');
  return String(events[choice + 1]?.state);
}

export async function allEvents(service: StepFunctionsService, executionArn: string): Promise<JsonObject[]> {
  const events: JsonObject[] = [];
  for (let nextToken: JsonObject = {}; ;) {
    const page = await service.call('GetExecutionHistory', { executionArn, maxResults: 1000, ...nextToken }, anybody);
    if (Array.isArray(page.events)) events.push(...page.events.filter(isObject));
    if (page.nextToken === undefined) return events;
    nextToken = { nextToken: page.nextToken };
  }
}
