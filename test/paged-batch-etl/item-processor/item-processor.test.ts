import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import * as fc from 'fast-check';
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { EtlRig, EtlRigOptions } from '../../support/etl-rig';
import { childOf, EtlStackOptions, handlerOf, knownHandler, processors, synthEtl } from '../../support/etl-stack';
import { fcRuns, fcTimeout } from '../../support/fc-runs';

const selfRestart = RunContinuation.selfRestart();

const NEAR_MISSES = ['BatchItemFailures', 'batchItemFailure', 'batchitemfailures', 'batch_item_failures', 'itemFailures', 'failures'];

/** The rule of answers as users are told it: the error of the run, or undefined where nothing failed. */
function expectedError(answer: JsonValue): string | undefined {
  if (answer === null || answer === '') return undefined;
  if (!isObject(answer)) return 'InvalidBatchAnswer';
  const { batchItemFailures: failures = null, ...others } = answer;
  if (Array.isArray(failures) && failures.length > 0 && isObject(failures[0]) && typeof failures[0].itemIdentifier === 'string') return 'BatchItemsFailed';
  if (NEAR_MISSES.some((name) => name in others)) return 'InvalidBatchAnswer';
  if (failures === null) return undefined;
  return Array.isArray(failures) && failures.length === 0 && !Object.values(others).some(hasObjectOfThatName) ? undefined : 'InvalidBatchAnswer';
}

function hasObjectOfThatName(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(hasObjectOfThatName);
  return isObject(value) && (('batchItemFailures' in value && isObject(value.batchItemFailures)) || Object.values(value).some(hasObjectOfThatName));
}

/** Random JSON in which the names and texts that matter are frequent. */
const answers = fc.letrec<{ value: JsonValue; object: JsonObject; list: JsonValue[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'answer' },
    fc.constantFrom<JsonValue>(null, '', [], {}, '"batchItemFailures":{', '"batchItemFailures":[]', [{ itemIdentifier: 'a' }]),
    fc.string(), fc.integer(), fc.boolean(), tie('list'), tie('object'), tie('object'),
  ),
  object: fc.dictionary(fc.oneof(
    fc.constantFrom('batchItemFailures', 'batchItemFailures', 'batchItemFailures', 'itemIdentifier', 'note', ...NEAR_MISSES),
    fc.string({ maxLength: 5 }).filter((name) => name !== '__proto__'),
  ), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  list: fc.array(tie('value'), { maxLength: 3 }),
})).value;

async function deploy(stack: EtlStackOptions, options: Partial<EtlRigOptions> = {}): Promise<EtlRig> {
  return EtlRig.deploy({ items: 3, ...stack, ...options }, stack);
}

test.each([['perItem', 100, 180], ['expressItems', 100, 110], ['perBatch', 1_000, 180], ['stateMachine', 1_000, 110]] as const)(
  '%s has pages of %i items and %i KiB unless told otherwise', (name, items, kibibytes) => {
    const stack = new Stack(new App(), 'Stack');
    const machines = { logRetention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY };
    const { batchSize, maxPageBytes } = processors[name](stack)._binding.inline({ scope: stack, redrivenInside: false, machines });
    expect({ batchSize, maxPageBytes }).toEqual({ batchSize: items, maxPageBytes: kibibytes * 1024 });
  },
);

describe.each(['perItem', 'expressItems'] as const)('a function for each item: %s', (name) => {
  test('gets the item, what it is called, and where it stands in the run', async () => {
    const rig = await deploy({ processor: processors[name], batchSize: 2, parameters: { mode: { rule: { type: 'text' }, defaultValue: 'x' } } });
    const run = await rig.start();
    await rig.ended(run);
    const [item] = rig.handled.filter(({ itemIdentifier }) => itemIdentifier === '2');
    expect(item).toEqual({
      item: { number: 2 }, itemIdentifier: '2', idempotencyKey: `${run}/2`, parameters: { mode: 'x' }, run: { id: run, page: 1, index: 0 },
    });
    expect(rig.handled.map((event) => event.run)).toContainEqual({ id: run, page: 0, index: 1 });
  });

  test('may answer what it likes, however large all answers are together', async () => {
    const rig = await deploy({ processor: processors[name] }, { items: 20, answer: () => 'x'.repeat(100_000) });
    expect((await rig.run()).output).toEqual({ items: 20, pages: 1, segments: 1 });
  });

  test.each([[undefined, 40], [5, 5]])('runs at most this many times at once: %p', async (maxConcurrency, most) => {
    const handler = name === 'perItem' ? handlerOf : knownHandler;
    const { machines } = synthEtl({ batchSize: 1, processor: (stack) => ItemProcessor.perItem({ handler: handler(stack), maxConcurrency }) });
    const map = name === 'perItem' ? machines.Segment.States['Process Page'] : machines.Items.States['Process Items'];
    expect(map).toMatchObject({ Type: 'Map', MaxConcurrency: most });
  });
});

describe('a page as a whole', () => {
  const input = (run: string, page: number, numbers: number[]) => ({
    items: numbers.map((number) => ({ itemIdentifier: `${number}`, idempotencyKey: `${run}/${number}`, item: { number } })),
    parameters: {},
    run: { id: run, page },
  });

  test.each(['perBatch', 'stateMachine'] as const)('goes to the processor with all its items: %s', async (name) => {
    const rig = await deploy({ processor: processors[name], batchSize: 2 });
    const run = await rig.start();
    await rig.ended(run);
    const parent = name === 'stateMachine' ? { AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: (await rig.executions('Segment'))[0] } : {};
    expect(rig.handled).toEqual([{ ...parent, ...input(run, 0, [0, 1]) }, { ...parent, ...input(run, 1, [2]) }]);
  });

  const stacks: [string, EtlStackOptions][] = [
    ['perBatch', { processor: processors.perBatch }],
    ['stateMachine', { processor: processors.stateMachine }],
    ['perBatch, restarting itself', { processor: processors.perBatch, continuation: selfRestart }],
    ['stateMachine, restarting itself', { processor: processors.stateMachine, continuation: selfRestart }],
  ];

  describe.each(stacks)('%s', (_name, stack) => {
    let answer: JsonValue;
    let rig: EtlRig;
    beforeAll(async () => {
      rig = await deploy(stack, { answer: () => answer });
    });

    /** Error and cause of the page, whichever machine reports it. */
    const failureFor = async (given: JsonValue): Promise<{ Error: string; Cause: string } | undefined> => {
      answer = given;
      rig.again({});
      const { error, cause = '' } = await rig.run();
      if (error === undefined) return undefined;
      return error === 'States.TaskFailed' ? JSON.parse(cause) : { Error: error, Cause: cause };
    };

    test.each<[JsonValue]>([
      [null], [''], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }],
      [{ statusCode: 500 }], [{ batchItemFailures: [], note: 'x' }], [{ note: { batchItemFailures: [{ itemIdentifier: '0' }] }, batchItemFailures: null }],
      [{ failed: ['0'], BATCHITEMFAILURES: 1 }], [{ note: '"batchItemFailures":{', batchItemFailures: [] }],
      [{ note: [{ batchItemFailures: [] }], batchItemFailures: [] }], [{ note: { failures: 1 } }],
    ])('%j means that all is well', async (given) => {
      expect(await failureFor(given)).toBeUndefined();
    });

    test('failed items fail the run, without a retry, and the first of them is named', async () => {
      const failure = await failureFor({ batchItemFailures: [{ itemIdentifier: '{"$oid":"5f"}' }, { itemIdentifier: 'b' }] });
      expect(failure?.Error).toBe('BatchItemsFailed');
      expect(failure?.Cause).toContain('Failed items that the processor named: 2; the first one is {"itemIdentifier":"{\\"$oid\\":\\"5f\\"}"}');
      expect(rig.handled).toHaveLength(1);
    });

    test.each<[JsonValue]>([
      [{ batchItemFailures: [{ itemIdentifier: '0', why: 'x' }], note: 'x' }], [{ batchItemFailures: [{ itemIdentifier: '' }] }],
      [{ batchItemFailures: [{ itemIdentifier: '0' }, 'what follows is not looked at'] }], [{ batchItemFailures: [{ itemIdentifier: '0' }], failures: 1 }],
    ])('%j names items that failed', async (given) => {
      expect((await failureFor(given))?.Error).toBe('BatchItemsFailed');
    });

    test.each<[JsonValue]>([
      // No object.
      ['ok'], [' '], ['{}'], ['null'], [0], [false], [true], [[]], [[{ itemIdentifier: '0' }]], [[{ batchItemFailures: [] }]],
      // No list.
      [{ batchItemFailures: 'x' }], [{ batchItemFailures: '' }], [{ batchItemFailures: '[]' }], [{ batchItemFailures: 1 }], [{ batchItemFailures: 0 }], [{ batchItemFailures: false }],
      [{ batchItemFailures: {} }], [{ batchItemFailures: { itemIdentifier: '0' } }], [{ batchItemFailures: { 0: 'a' } }],
      ...['x', 1, false].map((failures): [JsonValue] => [{ batchItemFailures: failures, note: { batchItemFailures: [] } }]),
      [{ batchItemFailures: { batchItemFailures: [] } }],
      // It cannot be told from the one before.
      [{ batchItemFailures: [], note: { batchItemFailures: {} } }],
      // A list that names nothing.
      [{ batchItemFailures: [null] }], [{ batchItemFailures: ['0'] }], [{ batchItemFailures: [[]] }], [{ batchItemFailures: [{}] }], [{ batchItemFailures: [{}, { itemIdentifier: '0' }] }],
      [{ batchItemFailures: [{ ItemIdentifier: '0' }] }], [{ batchItemFailures: [{ itemIdentifier: null }] }], [{ batchItemFailures: [{ itemIdentifier: 0 }] }],
      [{ batchItemFailures: [null], note: { batchItemFailures: [] } }],
      // Misspelt.
      ...NEAR_MISSES.map((name): [JsonValue] => [{ [name]: [{ itemIdentifier: '0' }] }]), [{ batchItemFailures: [], failures: null }],
    ])('%j is no answer, and is shown', async (given) => {
      const failure = await failureFor(given);
      expect(failure?.Error).toBe('InvalidBatchAnswer');
      expect(failure?.Cause).toContain('The processor must answer nothing, or an object whose batchItemFailures, if it has any, is a list of objects with an itemIdentifier');
      expect(failure?.Cause).toContain(`It answered: ${JSON.stringify(given)}`);
      expect(rig.handled).toHaveLength(1);
    });

    test('any answer is read by the rule', async () => {
      const judged = async (given: JsonValue) => (await failureFor(given))?.Error;
      await fc.assert(fc.asyncProperty(answers, async (given) => {
        expect(await judged(given)).toBe(expectedError(given));
      }), { numRuns: fcRuns(1_000) });
    }, fcTimeout(1_000));
  });

  test('an answer of no bytes at all means that all is well', async () => {
    const rig = await deploy({ processor: processors.perBatch }, { payload: '' });
    expect(await rig.run()).toMatchObject({ status: 'SUCCEEDED', output: { items: 3 } });
  });

  test.each(stacks)('an answer may be large, and still be refused by name: %s', async (_name, stack) => {
    const rig = await deploy(stack, { answer: () => 'x'.repeat(100_000) });
    const { error, cause = '' } = await rig.run();
    expect(`${error} ${cause}`).toContain('InvalidBatchAnswer');
  });

  test('a page whose state machine fails is reported even where the page is as large as it may be', async () => {
    const rig = await deploy({ processor: processors.stateMachine }, { items: 1, itemSize: 109 * 1024, fail: (name) => (name === 'handler' ? { errorType: 'Odd' } : undefined) });
    const { error, cause = '' } = await rig.run();
    expect(error).toBe('States.TaskFailed');
    // A cause of more than 32 KiB is cut off, and what the state machine said comes first.
    expect(cause.slice(0, 300)).toContain('Odd');
  });

  test('a workflow that restarts itself says how to go on at the page whose items failed', async () => {
    let failing = true;
    const stack: EtlStackOptions = { batchSize: 2, continuation: selfRestart };
    const rig = await deploy(stack, { answer: ({ run }) => (failing && JSON.stringify(run).includes('"page":1') ? { batchItemFailures: [{ itemIdentifier: '"2"' }] } : null) });
    const run = await rig.start();
    const { cause = '' } = await rig.ended(run);
    const progress = progressIn(cause);
    expect(progress).toEqual({ root: run, cursor: '2', pages: 0, items: 0, segments: 0 });
    failing = false;
    expect(await rig.run({ progress })).toEqual({ status: 'SUCCEEDED', output: { items: 1, pages: 1, segments: 1 } });
    expect(rig.keys).toEqual([0, 1, 2].map((number) => `${run}/${number}`));
  });

  test('and says so however much the processor says of the items', async () => {
    const rig = await deploy({ continuation: selfRestart }, { answer: () => ({ batchItemFailures: [{ itemIdentifier: '0', why: 'x'.repeat(100_000) }] }) });
    const run = await rig.start();
    expect(progressIn((await rig.ended(run)).cause?.slice(0, 32_768))).toEqual({ root: run, cursor: null, pages: 0, items: 0, segments: 0 });
  });
});

/** The progress that a cause tells to go on with. */
function progressIn(cause: string = ''): JsonValue {
  const [, progress = ''] = /"progress": (\{.*?\})\. /.exec(cause) ?? [];
  return JSON.parse(progress);
}

describe('retries of a function', () => {
  const attempts = async (processor: (stack: Stack) => ItemProcessor, errorType: string): Promise<number> => {
    let calls = 0;
    const rig = await deploy({ processor, batchSize: 1, continuation: RunContinuation.supervised({ outageTolerance: Duration.seconds(0) }) }, {
      items: 1,
      fail: (name) => {
        if (name === 'handler') calls++;
        return name === 'handler' ? { errorType } : undefined;
      },
    });
    await rig.run();
    return calls;
  };

  test.each([[undefined, 3], [0, 1], [5, 6]])('retryAttempts %p: called %i times when it throws', async (retryAttempts, calls) => {
    expect(await attempts((stack) => ItemProcessor.perBatch({ handler: handlerOf(stack), retryAttempts }), 'Mine')).toBe(calls);
    expect(await attempts((stack) => ItemProcessor.perItem({ handler: handlerOf(stack), retryAttempts }), 'Mine')).toBe(calls);
  });

  test.each(['Lambda.TooManyRequestsException', 'Lambda.ServiceException'])('what Lambda does is retried in any case: %s', async (errorType) => {
    expect(await attempts((stack) => ItemProcessor.perBatch({ handler: handlerOf(stack), retryAttempts: 0 }), errorType)).toBe(4);
  });

  test.each(['perItem', 'expressItems', 'perBatch', 'stateMachine'] as const)('every retry waits a bounded time with jitter, and every Task has a time-out: %s', (name) => {
    for (const continuation of [RunContinuation.supervised(), selfRestart]) {
      const { Child, ...machines } = synthEtl({ processor: processors[name], continuation }).machines;
      const states = Object.values(machines).flatMap(({ States }) => Object.values(States));
      const inner = states.flatMap((state) => (state.Type === 'Map' ? Object.values(state.ItemProcessor.States) : []));
      const tasks = [...states, ...inner].flatMap((state) => (state.Type === 'Task' ? [state] : []));
      expect(tasks.length).toBeGreaterThan(1);
      for (const { TimeoutSeconds, Retry = [] } of tasks) {
        expect(TimeoutSeconds).toBeGreaterThan(0);
        const used = Retry.filter(({ MaxAttempts }) => MaxAttempts > 0);
        expect(used.length).toBeGreaterThan(0);
        expect(used.filter(({ JitterStrategy, MaxDelaySeconds = Infinity }) => JitterStrategy !== 'FULL' || MaxDelaySeconds > 120)).toEqual([]);
      }
    }
  });
});

test.each(['perItem', 'perBatch'] as const)('no second call is made while the first one runs: %s', (name) => {
  const slow = (stack: Stack) => new LambdaFunction(stack, 'Slow', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => 1'), timeout: Duration.seconds(1_800),
  });
  const own = synthEtl({ processor: (stack) => ItemProcessor[name]({ handler: slow(stack) }) }).machines.Segment;
  const theirs = synthEtl({ processor: processors[name] }).machines.Segment;
  for (const machine of [own, theirs]) expect(JSON.stringify(machine.States['Process Page'])).toContain('"TimeoutSeconds":1810');
});

test('a page of a state machine that takes too long is a page that failed', async () => {
  const processor = (stack: Stack) => ItemProcessor.stateMachine({ stateMachine: childOf(stack), timeout: Duration.seconds(30) });
  const rig = await deploy({ processor }, { seconds: 31 });
  expect(JSON.parse((await rig.run()).cause ?? '')).toMatchObject({ Error: 'States.Timeout' });
  expect(synthEtl({ processor: processors.stateMachine }).machines.Segment.States['Process Page']).toMatchObject({ TimeoutSeconds: 86_400 });
});

describe('what cannot work is refused', () => {
  test.each<[string, (stack: Stack) => ItemProcessor]>([
    ['maxConcurrency of ItemProcessor.perItem must be a whole number from 1 to 1000, got 0', (stack) => ItemProcessor.perItem({ handler: handlerOf(stack), maxConcurrency: 0 })],
    ['maxConcurrency of ItemProcessor.perItem must be a whole number from 1 to 1000, got 1001', (stack) => ItemProcessor.perItem({ handler: handlerOf(stack), maxConcurrency: 1_001 })],
    ['retryAttempts of ItemProcessor.perItem must be a whole number from 0 to 20, got 21', (stack) => ItemProcessor.perItem({ handler: handlerOf(stack), retryAttempts: 21 })],
    ['retryAttempts of ItemProcessor.perBatch must be a whole number from 0 to 20, got 0.5', (stack) => ItemProcessor.perBatch({ handler: handlerOf(stack), retryAttempts: 0.5 })],
    ['timeout of ItemProcessor.stateMachine must be whole seconds from 1 second to 365 days, got "0 millis"', (stack) => ItemProcessor.stateMachine({ stateMachine: childOf(stack), timeout: Duration.millis(0) })],
    ['stateMachine of ItemProcessor.stateMachine must be a Standard state machine, got "an Express state machine"', (stack) => ItemProcessor.stateMachine({
      stateMachine: new StateMachine(stack, 'Express', {
        stateMachineType: StateMachineType.EXPRESS, definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')),
      }),
    })],
    ['maxConcurrency of ItemProcessor.perBatch must be a whole number from 1 to 1000, got 1001', (stack) => ItemProcessor.perBatch({ handler: handlerOf(stack), maxConcurrency: 1_001 })],
    ['maxConcurrency of ItemProcessor.stateMachine must be a whole number from 1 to 1000, got 0', (stack) => ItemProcessor.stateMachine({ stateMachine: childOf(stack), maxConcurrency: 0 })],
  ])('%s', (message, processor) => {
    expect(() => processor(new Stack())).toThrow(message);
  });

  test.each<[string, (stack: Stack) => ItemProcessor]>([
    ['maxConcurrency of ItemProcessor.perItem must be a whole number from 1 to 40, got 41; with transport set to PageTransport.s3(), it may be 1000', (stack) => (
      ItemProcessor.perItem({ handler: handlerOf(stack), maxConcurrency: 41 }))],
    ['maxConcurrency of ItemProcessor.perBatch must be left out where pages travel inline, got 10; set transport to PageTransport.s3()', (stack) => (
      ItemProcessor.perBatch({ handler: handlerOf(stack), maxConcurrency: 10 }))],
    ['maxConcurrency of ItemProcessor.stateMachine must be left out where pages travel inline, got 10; set transport to PageTransport.s3()', (stack) => (
      ItemProcessor.stateMachine({ stateMachine: childOf(stack), maxConcurrency: 10 }))],
  ])('inline: %s', (message, processor) => {
    expect(() => synthEtl({ processor })).toThrow(message);
    expect(() => synthEtl({ processor, transport: () => PageTransport.s3() })).not.toThrow();
  });
});
