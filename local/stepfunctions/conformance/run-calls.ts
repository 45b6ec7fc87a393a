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
import { isObject, JsonObject, parseJson } from '../../json';

/** Makes recorded API calls; answers the first difference, or undefined. `happened` is called for every event. */
export async function runCalls(recorded: RecordedCalls, happened: () => void): Promise<string | undefined> {
  // Steps of several tests do not depend on each other, and each test had its own state machines.
  const sources = [...new Set(recorded.steps.map(({ source }) => source))];
  for (const source of sources) {
    const difference = await new CallsOfOneTest({ ...recorded, steps: recorded.steps.filter((step) => step.source === source) }, happened).run();
    if (difference !== undefined) return source === undefined ? difference : `${source}: ${difference}`;
  }
  return undefined;
}

class CallsOfOneTest {
  private readonly statusChanges: StatusChangeEvent[] = [];
  private readonly logRecords: JsonObject[] = [];
  private readonly matcher: Matcher;
  private readonly service: StepFunctionsService;

  constructor(private readonly recorded: RecordedCalls, happened: () => void) {
    this.matcher = new Matcher(recorded.placeholders);
    // Nothing but the answer says that a log group had been deleted before.
    const groupsExist = !recorded.steps.some(({ error }) => error?.message.includes('Log Destination not found'));
    this.service = new StepFunctionsService({
      environment,
      clock: new VirtualClock(),
      authorize: async () => undefined,
      integrations: new RecordedTasks({}, async () => undefined),
      storage: recordedObjects(recorded.s3 ?? []),
      onEvent: (event) => this.statusChanges.push(event),
      observe: happened,
      logGroupExists: () => groupsExist,
      writeLog: (_, { message }) => this.logRecords.push(toObject(message)),
    });
  }

  async run(): Promise<string | undefined> {
    await this.prepare();
    for (const [index, step] of this.recorded.steps.entries()) {
      if (step.awaitEnd !== undefined) await this.service.ended(this.filled(step.awaitEnd));
      const difference = await this.perform(step);
      if (difference !== undefined) return `step ${index + 1} ${step.call}: ${difference}`;
    }
    return undefined;
  }

  /** Where the steps begin with neither, the machine exists and its execution has run. */
  private async prepare(): Promise<void> {
    const { definition, input, steps: [{ call }] } = this.recorded;
    if (definition === undefined || call === 'CreateStateMachine') return;
    const settings = { name: 'conformance-machine', roleArn: 'arn:aws:iam::000000000000:role/sfn-role', definition: JSON.stringify(definition) };
    const { arn: stateMachineArn } = await this.service.createStateMachine(settings);
    if (call === 'StartExecution') return;
    const started = await this.service.call('StartExecution', { stateMachineArn, name: 'conformance-execution', input: JSON.stringify(input ?? {}) }, anybody);
    await this.service.ended(String(started.executionArn));
  }

  private async perform(step: RecordedCall): Promise<string | undefined> {
    if (step.call === '(EventBridge)') return this.matcher.difference([...step.events ?? []], JSON.parse(JSON.stringify(this.statusChanges)));
    if (step.call === '(Logs)') return this.matcher.difference([...step.events ?? []], this.logRecords);
    return this.makeCall(step);
  }

  private async makeCall(step: RecordedCall): Promise<string | undefined> {
    const filled = this.matcher.fill(step.request);
    const request = isObject(filled) ? filled : {};
    if (request.definition === '$definition') request.definition = JSON.stringify(this.recorded.definition);
    try {
      return this.compareAnswer(step, await this.service.call(step.call, request, anybody));
    } catch (error) {
      if (!(error instanceof ServiceError) || step.error === undefined) return String(error);
      const { code, message, httpStatus = error.httpStatus } = step.error;
      return this.matcher.difference({ code, message, httpStatus }, { code: error.code, message: error.message, httpStatus: error.httpStatus });
    }
  }

  private compareAnswer({ error, events, response }: RecordedCall, answer: JsonObject): string | undefined {
    if (error !== undefined) return `expected ${error.code}, got ${JSON.stringify(answer)}`;
    if (events === undefined) return this.matcher.difference(response, asAnsweredAt(this.recorded.recorded, answer));
    const actual = Array.isArray(answer.events) ? answer.events.filter(isObject).map(toCorpusEvent) : [];
    return compareEvents({ status: '', events }, actual, this.matcher);
  }

  private filled(text: string): string {
    return String(this.matcher.fill(text));
  }
}

function toObject(text: string): JsonObject {
  const value = parseJson(text);
  return isObject(value) ? value : {};
}
