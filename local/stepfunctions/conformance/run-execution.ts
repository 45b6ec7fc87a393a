import { setImmediate } from 'node:timers/promises';
import { AwsEnvironment, CallContext } from '../../aws/service';
import { VirtualClock } from '../../clock';
import { StepFunctionsService } from '../service';
import { compareEvents } from './compare-events';
import { Action, RecordedExecution } from './corpus';
import { toCorpusEvent } from './corpus-event';
import { asRecordedAt } from './eras';
import { Matcher } from './match';
import { answerBehind, recordedObjects, RecordedTasks } from './recorded-tasks';
import { isObject, JsonObject } from '../../json';
import { LogLine } from '../../logs/log-store';
import { LoggingSettings } from '../logging/settings';

export const environment: AwsEnvironment = { accountId: '000000000000', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
export const anybody: CallContext = { caller: {} };

/** Runs a recorded execution through the service; answers the first difference, or undefined. `happened` is called for every event. */
export async function runExecution(recorded: RecordedExecution, happened: () => void): Promise<string | undefined> {
  const { stateMachineName: name, executionName, roleArn, definition } = recorded;
  const actions: Promise<string | undefined>[] = [];
  const logRecords: JsonObject[] = [];
  const service = serviceFor(recorded, actions, logRecords, happened);
  const settings = { name, roleArn, definition: JSON.stringify(definition), type: recorded.type, logging: LOG_ALL };
  const { arn: stateMachineArn } = await service.createStateMachine(settings);
  const start = { stateMachineArn, name: executionName, input: JSON.stringify(recorded.input) };
  if (recorded.type === 'EXPRESS') return compare(recorded, await runExpress(recorded, service, start, logRecords), []);
  const started = await service.call('StartExecution', start, anybody);
  const executionArn = String(started.executionArn);
  await service.ended(executionArn);
  const description = await service.call('DescribeExecution', { executionArn }, anybody);
  const events = asRecordedAt(recorded.recorded, (await allEvents(service, executionArn)).map(toCorpusEvent));
  const [refusedAction] = (await Promise.all(actions)).filter((problem) => problem !== undefined);
  return refusedAction ?? compare(recorded, description, events);
}

const LOG_ALL: LoggingSettings = {
  level: 'ALL', includeExecutionData: true, destinations: ['arn:aws:logs:us-east-1:000000000000:log-group:/aws/vendedlogs/states/conformance:*'],
};

const STATUSES: Readonly<Record<string, string>> = {
  ExecutionSucceeded: 'SUCCEEDED', ExecutionFailed: 'FAILED', ExecutionTimedOut: 'TIMED_OUT', ExecutionAborted: 'ABORTED',
};

/** The answer of StartSyncExecution; of an execution that nobody waited for, what the last record of its log says. */
async function runExpress(
  { notes }: RecordedExecution, service: StepFunctionsService, start: JsonObject, logRecords: readonly JsonObject[],
): Promise<JsonObject> {
  if (notes.some((note) => note.startsWith('StartSyncExecution'))) return service.call('StartSyncExecution', start, anybody);
  const { executionArn } = await service.call('StartExecution', start, anybody);
  await service.ended(String(executionArn));
  const { type, details } = logRecords.at(-1) ?? {};
  return { ...isObject(details) && details, status: STATUSES[String(type)] ?? 'RUNNING' };
}

/** Calls that say which execution they mean; the corpus leaves that out. */
const aboutExecution: readonly string[] = ['StopExecution', 'RedriveExecution', 'DescribeExecution', 'GetExecutionHistory'];

/** A service for one recording; how the actions made on it end is added to `made`. */
function serviceFor(
  recorded: RecordedExecution, made: Promise<string | undefined>[], logRecords: JsonObject[], happened: () => void,
): StepFunctionsService {
  const { tasks, s3, actions, type, expected } = recorded;
  const act = async (action: Action, executionArn: string) => {
    // Made once the event is in the history, not while it is being written.
    await setImmediate();
    const { call } = action;
    const request = filledRequest(recorded, action, await allEvents(service, executionArn));
    try {
      await service.call(call, aboutExecution.includes(call) ? { executionArn, ...request } : request, anybody);
    } catch (error) {
      return `action ${call}: ${String(error)}`;
    }
    return undefined;
  };
  const unrecorded = type === 'EXPRESS' ? answerBehind(expected) : undefined;
  const service: StepFunctionsService = new StepFunctionsService({
    environment,
    clock: new VirtualClock(),
    authorize: async () => undefined,
    integrations: new RecordedTasks(tasks, async (operation, request) => void await service.call(operation, request, anybody), unrecorded),
    ...type === 'EXPRESS' && { writeLog: (_: string, { message }: LogLine) => logRecords.push(JSON.parse(message)) },
    storage: recordedObjects(s3),
    observe: ({ executionArn, event }) => {
      happened();
      for (const action of actions.filter(({ afterEvent }) => afterEvent === event.id)) {
        made.push(act(action, executionArn));
      }
    },
  });
  return service;
}

/** The request of an action; its placeholders have the values that they had in the events before it. */
function filledRequest({ expected, placeholders }: RecordedExecution, { afterEvent, request }: Action, events: readonly JsonObject[]): JsonObject {
  const matcher = new Matcher(placeholders);
  for (const [index, event] of (expected.events ?? []).slice(0, afterEvent).entries()) {
    if (events[index] !== undefined) matcher.difference(event, toCorpusEvent(events[index]));
  }
  const filled = matcher.fill(request);
  return isObject(filled) ? filled : request;
}

function compare(recorded: RecordedExecution, description: JsonObject, events: readonly JsonObject[]): string | undefined {
  const { expected, placeholders, eventsRecorded } = recorded;
  const matcher = new Matcher(placeholders);
  const output = description.output === undefined ? null : JSON.parse(String(description.output));
  const [told] = asRecordedAt(recorded.recorded, [{ output }]);
  const difference = eventsRecorded ? compareEvents(expected, events, matcher) : undefined;
  return difference
    ?? matcher.difference(expected.status, description.status, 'status')
    ?? matcher.difference(expected.output ?? null, told.output, 'output')
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
