import { benchDefinitions } from './definitions';
import { measure, Measurement, Scenario } from './measure';
import { VirtualClock } from '../local/clock';
import { StateMachineDefinition } from '../local/stepfunctions/interpreter/definition';
import { Execution, ExecutionOptions } from '../local/stepfunctions/interpreter/execution';
import { StepFunctionsService } from '../local/stepfunctions/service';

/** All that an execution needs but its clock. */
type Machine = Omit<ExecutionOptions, 'clock'>;

/** Counts from `$.n` down to zero: four events a round, and six around them. */
const choiceLoop: StateMachineDefinition = {
  StartAt: 'Enough',
  States: {
    Enough: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericLessThanEquals: 0, Next: 'Done' }], Default: 'Count' },
    Count: { Type: 'Pass', Parameters: { 'n.$': 'States.MathAdd($.n, -1)', 'payload.$': '$.payload' }, Next: 'Enough' },
    Done: { Type: 'Succeed' },
  },
};

/** The same in JSONata. */
const jsonataLoop: StateMachineDefinition = {
  QueryLanguage: 'JSONata',
  StartAt: 'Enough',
  States: {
    Enough: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n <= 0 %}', Next: 'Done' }], Default: 'Count' },
    Count: { Type: 'Pass', Output: { n: '{% $states.input.n - 1 %}', payload: '{% $states.input.payload %}' }, Next: 'Enough' },
    Done: { Type: 'Succeed' },
  },
};

/** A page loop: seven events a round. */
const taskLoop: StateMachineDefinition = {
  StartAt: 'Work',
  States: {
    Work: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Next: 'More' },
    More: { Type: 'Choice', Choices: [{ Variable: '$', NumericGreaterThan: 0, Next: 'Work' }], Default: 'Done' },
    Done: { Type: 'Succeed' },
  },
};

const map: StateMachineDefinition = {
  StartAt: 'Each',
  States: { Each: { Type: 'Map', ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } }, End: true } },
};

const polling: StateMachineDefinition = {
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: 15, Next: 'Poll' },
    Poll: { Type: 'Task', Resource: 'arn:aws:states:::athena:getQueryExecution', Next: 'Done' },
    Done: { Type: 'Choice', Choices: [{ Variable: '$', NumericGreaterThanEquals: 2, Next: 'End' }], Default: 'Wait' },
    End: { Type: 'Succeed' },
  },
};

const environment = { accountId: '000000000000', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const roleArn = 'arn:aws:iam::000000000000:role/bench';

/** Real time and memory of the interpreter; virtual time is exact and needs no benchmark. */
export async function benchInterpreter(): Promise<void> {
  console.log(row('', 'events', 'ms', 'events/s', 'bare loop events/s', 'bare : interpreter', 'bytes/event'));
  for (const scenario of scenarios()) console.log(describe(await measure(scenario)));
  await benchDefinitions();
}

function scenarios(): readonly Scenario[] {
  return [
    { name: 'Choice loop', prepare: single(() => countdown(3_000)) },
    { name: 'Choice loop in JSONata', prepare: single(() => ({ ...countdown(3_000), definition: jsonataLoop })) },
    { name: 'Task loop', prepare: single(() => pages(2_000)) },
    { name: 'Map of 1,000', prepare: single(() => ({ definition: map, input: Array.from({ length: 1_000 }, (_, index) => ({ index })) })) },
    { name: '500 nested executions (startExecution.sync:2)', prepare: async () => nested(500) },
    ...[1_000, 5_000, 10_000, 25_000].map((events) => ({
      name: `growth: Choice loop to ${events.toLocaleString('en')} events`, prepare: single(() => countdown(Math.floor((events - 6) / 4))),
    })),
    { name: 'the last, with a payload of 200,000 bytes', prepare: single(() => countdown(6_248, 200_000)) },
    ...[1_000, 3_000].map((count) => ({ name: `${count.toLocaleString('en')} executions that wait and poll at once`, prepare: together(count) })),
  ];
}

function countdown(n: number, payloadBytes: number = 10): Machine {
  return { definition: choiceLoop, input: { n, payload: 'a'.repeat(payloadBytes) } };
}

function pages(count: number): Machine {
  let left = count;
  return { definition: taskLoop, task: async () => --left };
}

function single(options: () => Machine): Scenario['prepare'] {
  return async () => {
    const execution = new Execution({ clock: new VirtualClock(0), ...options() });
    return async () => {
      await execution.run();
      return { events: execution.history.length, kept: execution };
    };
  };
}

/** Executions on one clock. */
function together(count: number): Scenario['prepare'] {
  return async () => {
    const clock = new VirtualClock(0);
    const executions = Array.from({ length: count }, () => {
      let polls = 0;
      return new Execution({ definition: polling, clock, task: async () => ++polls });
    });
    return async () => {
      await Promise.all(executions.map(async (execution) => execution.run()));
      return { events: executions.reduce((sum, { history }) => sum + history.length, 0), kept: executions };
    };
  };
}

/** A parent that starts children one after another through the service and waits for each. */
async function nested(count: number): ReturnType<Scenario['prepare']> {
  let events = 0;
  const service = new StepFunctionsService({
    environment, clock: new VirtualClock(0), authorize: async () => undefined, observe: () => void events++,
  });
  const child = await service.createStateMachine({
    name: 'child', roleArn, definition: JSON.stringify({ StartAt: 'Only', States: { Only: { Type: 'Pass', End: true } } }),
  });
  const start = {
    Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: { 'StateMachineArn': child.arn, 'Input.$': '$' }, End: true,
  };
  const each = { Type: 'Map', MaxConcurrency: 1, ItemProcessor: { StartAt: 'Start', States: { Start: start } }, ResultPath: null, End: true };
  const parent = await service.createStateMachine({
    name: 'parent', roleArn, definition: JSON.stringify({ StartAt: 'Each', States: { Each: each } }),
  });
  return async () => {
    const input = JSON.stringify(Array.from({ length: count }, (_, index) => index));
    const { executionArn } = await service.call('StartExecution', { stateMachineArn: parent.arn, input }, { caller: {} });
    await service.ended(String(executionArn));
    return { events, kept: service };
  };
}

function describe({ name, events, milliseconds, rate, bareRate, bytesPerEvent }: Measurement): string {
  return row(name, whole(events), milliseconds.toFixed(1), whole(rate), whole(bareRate), `${(bareRate / rate).toFixed(1)} : 1`, whole(bytesPerEvent));
}

function row(name: string, ...columns: readonly string[]): string {
  return name.padEnd(50) + columns.map((column) => column.padStart(20)).join('');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
