/**
 * A run of any length on the local Step Functions, in virtual time: the machines that synthesis writes, a source that counts and a handler that
 * only looks. Nothing is kept of a segment that has ended, so that memory does not grow with the run.
 */
import { EtlStackOptions, HANDLER_ARN, SOURCE_ARN, synthEtl } from './etl-stack';
import { resourcesOfType } from './template';
import { CallContext } from '../../local/aws/service';
import { Clock, VirtualClock } from '../../local/clock';
import { JsonObject, JsonValue } from '../../local/json';
import { billedDuration } from '../../local/stepfunctions/api/billing';
import { LambdaInvocation } from '../../local/stepfunctions/integrations/lambda';
import { ObservedEvent, StepFunctionsService } from '../../local/stepfunctions/service';

export interface SimulationOptions extends EtlStackOptions {
  readonly items: number;
  /** How long the functions take for a page, in virtual milliseconds. Default: nothing. */
  readonly readMilliseconds?: number;
  readonly processMilliseconds?: number;
  /** Sees the numbers of what is processed with one call: from the first up to the one before the end. */
  readonly onPage?: (first: number, end: number) => void;
}

export interface Simulated {
  readonly status: string;
  readonly output: JsonValue;
  /** Executions of both machines. */
  readonly executions: number;
  /** Events of the fullest execution of each machine. */
  readonly fullestSegment: number;
  readonly run: number;
  readonly events: number;
  /** State transitions of Standard workflows, as Step Functions bills them: every state that is entered, and every retry. */
  readonly transitions: number;
  /** Express executions, which are in none of the other numbers, and how long they took together, as it is billed. */
  readonly expressExecutions: number;
  readonly expressMilliseconds: number;
  readonly virtualMilliseconds: number;
}

const environment = { accountId: '111122223333', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const tester: CallContext = { caller: { service: 'tests.example.com' } };

export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const clock = new VirtualClock(0);
  const counts = new EventCounts();
  const service = new StepFunctionsService({
    environment,
    clock,
    authorize: async () => {},
    targets: { services: [], lambda: { invokeFunction: async (arn, payload) => invoke(arn, JSON.parse(payload), options, clock) } },
    onExpress: ({ startDate, stopDate }) => {
      if (stopDate === undefined) return;
      express.executions += 1;
      express.milliseconds += billedDuration(stopDate - startDate);
    },
    observe: (observed) => {
      if (observed.executionArn.includes(':express:')) return;
      counts.add(observed);
      if (observed.event.type === 'ExecutionSucceeded' && observed.executionArn !== runArn) queueMicrotask(() => ended.push(observed.executionArn));
      // The one before the newest has surely told its parent.
      if (ended.length > 1) service.forget(String(ended.shift()));
    },
    random: () => 0.5,
  });
  const ended: string[] = [];
  const express = { executions: 0, milliseconds: 0 };
  const { template, machines } = synthEtl(options);
  for (const { id, Properties } of resourcesOfType(template, 'AWS::StepFunctions::StateMachine')) {
    const type = Properties.StateMachineType === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
    await service.createStateMachine({ name: id, roleArn: 'arn:aws:iam::111122223333:role/any', definition: JSON.stringify(machines[id.slice(0, -8)]), type });
  }
  const workflow = resourcesOfType(template, 'AWS::StepFunctions::StateMachine').find(({ id }) => id.startsWith('Workflow'));
  const stateMachineArn = `arn:aws:states:us-east-1:111122223333:stateMachine:${workflow?.id}`;
  const runArn = String((await service.call('StartExecution', { stateMachineArn, input: '{}' }, tester)).executionArn);
  await service.ended(runArn);
  const { status, output } = await service.call('DescribeExecution', { executionArn: runArn }, tester);
  return {
    status: String(status),
    output: typeof output === 'string' ? JSON.parse(output) : null,
    run: counts.of(runArn),
    ...counts.summary(runArn),
    expressExecutions: express.executions,
    expressMilliseconds: express.milliseconds,
    virtualMilliseconds: clock.now(),
  };
}

/** Counts, and keeps nothing else. */
class EventCounts {
  private readonly byExecution = new Map<string, number>();
  private transitions = 0;

  add({ executionArn, event }: ObservedEvent): void {
    this.byExecution.set(executionArn, event.id);
    if (event.type.endsWith('StateEntered')) this.transitions++;
  }

  of(executionArn: string): number {
    return this.byExecution.get(executionArn) ?? 0;
  }

  summary(runArn: string): Pick<Simulated, 'executions' | 'fullestSegment' | 'events' | 'transitions'> {
    const segments = [...this.byExecution].filter(([arn]) => arn !== runArn).map(([, events]) => events);
    return {
      executions: this.byExecution.size,
      fullestSegment: Math.max(0, ...segments),
      events: segments.reduce((sum, events) => sum + events, this.of(runArn)),
      transitions: this.transitions,
    };
  }
}

async function invoke(arn: string, event: JsonObject, options: SimulationOptions, clock: Clock): Promise<LambdaInvocation> {
  const answer = arn === SOURCE_ARN ? page(event, options.items) : null;
  if (arn === HANDLER_ARN) options.onPage?.(...boundsOf(event.items ?? [event]));
  await clock.sleep((arn === SOURCE_ARN ? options.readMilliseconds : options.processMilliseconds) ?? 0);
  return { statusCode: 200, executedVersion: '$LATEST', payload: JSON.stringify(answer) };
}

/** Items are numbers, and so are cursors: of the item after the last one. */
function page(event: JsonObject, items: number): JsonObject {
  const first = Number(event.cursor ?? 0);
  const end = Math.min(items, first + Number(event.batchSize));
  return {
    items: Array.from({ length: end - first }, (_, index) => ({ itemIdentifier: `${first + index}`, idempotencyKey: `${first + index}`, item: first + index })),
    cursor: `${end}`,
    done: end === items,
  };
}

function boundsOf(items: JsonValue): [number, number] {
  const numbers = Array.isArray(items) ? items.map((entry) => (typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? Number(entry.item) : NaN)) : [];
  if (numbers.some((number, index) => number !== numbers[0] + index)) throw new Error(`The items of a page have no order: ${numbers.slice(0, 10).join(', ')}`);
  return [numbers[0], numbers[0] + numbers.length];
}
