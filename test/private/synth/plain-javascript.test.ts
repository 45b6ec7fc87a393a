/** Every option of the public surface, given as no compiler would let it through: what is wrong is said in the same four parts as everything else. */
import { App, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ObjectId } from 'mongodb';
import * as library from '../../../src';
import { Option, publicSurface } from '../../support/public-options';
import { etlProps } from '../../support/synth-etl';

const { interfaces, factories } = publicSurface();

const stack = () => new Stack(new App(), 'Stack');

/** Good enough to get past the check of its kind: what it means is checked later. */
function goodValue({ type }: Option): unknown {
  const plain: Readonly<Record<string, unknown>> = {
    'string': 'x',
    'number': 1,
    'boolean': true,
    'string[]': ['x'],
    'IFunction': { functionArn: 'x' },
    'ISecret': { secretArn: 'x' },
    'IVpc': { vpcId: 'x' },
    'IBucket': { bucketArn: 'x' },
    'IStateMachine': { stateMachineArn: 'x' },
    'IEventBus': { eventBusArn: 'x' },
    'IQueue': { queueArn: 'x' },
    'ITopic': { topicArn: 'x' },
    'IAuthorizer': { authorizerId: 'x', authorizationType: 'CUSTOM' },
    'IInterfaceVpcEndpoint[]': [{ vpcEndpointId: 'vpce-0' }],
    'UsagePlan[]': [{ usagePlanId: 'x' }],
    'IUserPool[]': [{ userPoolId: 'x' }],
    '{ [name: string]: NamedQuery }': { x: library.NamedQuery.of({ sql: 'SELECT 1' }) },
    'Duration': Duration.days(1),
    'ScheduleExpression': ScheduleExpression.rate(Duration.days(1)),
    'RunWindow': library.RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
    'PageSource': etlProps(stack()).source,
    'ItemProcessor': etlProps(stack()).processor,
  };
  if (!(type in plain)) throw new Error(`there is no good value for ${type}: add one`);
  return plain[type];
}

/** What somebody could give instead of something else. */
const VALUES: readonly unknown[] = [
  null, 'a text', 4.5, true, [], ['a text'], [null], {}, { name: 4.5 }, function given() {}, Duration.minutes(1), Size.bytes(1), Runtime.NODEJS_22_X, 10n,
  library.PageSource.mongo, new Map(), Symbol('any'),
];

function accepts(type: string, value: unknown): boolean {
  if (type.endsWith('[]')) return Array.isArray(value) && value.every((entry) => accepts(type.slice(0, -2), entry));
  const inMap = /^\{ \[name: string\]: (.+) \}$/.exec(type)?.[1];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (inMap !== undefined) return isObject && Object.values(value).every((entry) => accepts(inMap, entry));
  // jsii has no unions that its examples may use: what is a text or a number is declared so.
  if (type === 'unknown') return ['string', 'number'].includes(typeof value);
  // All members of these may be left out.
  if (['SubnetSelection', 'DeadLetterOptions'].includes(type)) return isObject;
  if (['string', 'number', 'boolean'].includes(type)) return typeof value === type;
  const classes: Readonly<Record<string, unknown>> = { Duration, Size, Runtime };
  return typeof value === 'object' && value !== null && value.constructor === classes[type];
}

function refusalOf(work: () => unknown): string {
  try {
    work();
    return 'nothing was refused';
  } catch (error) {
    return String(error);
  }
}

/** Four parts: what, allowed, got, fix. */
const FOUR_PARTS = /^InvalidPropError: (?:Stack\/\w+: )?(.+) must be (.+), got (.+); (.{5,})$/s;

interface Taker {
  readonly name: string;
  readonly options: string;
  readonly optional: boolean;
  readonly take: (options: unknown) => unknown;
}

const TAKERS: readonly Taker[] = [
  ...factories.map(({ className, method, ...of }): Taker => {
    const Choice: unknown = Reflect.get(library, className);
    if (typeof Choice !== 'function') throw new Error(`${className} is no class`);
    return { name: `${className}.${method}`, ...of, take: (options) => Reflect.apply(Reflect.get(Choice, method), Choice, [options]) };
  }),
  { name: 'PagedBatchEtl', options: 'PagedBatchEtlProps', optional: false, take: (props) => Reflect.construct(library.PagedBatchEtl, [stack(), 'Any', props]) },
  { name: 'AsyncAthenaQueryApi', options: 'AsyncAthenaQueryApiProps', optional: true, take: (props) => Reflect.construct(library.AsyncAthenaQueryApi, [stack(), 'Any', props]) },
  {
    name: 'addDashboard',
    options: 'QueryDashboardOptions',
    optional: true,
    take: (options) => {
      const queries = new library.AsyncAthenaQueryApi(stack(), 'Any');
      return Reflect.apply(queries.addDashboard, queries, [options]);
    },
  },
  {
    name: 'addDashboard of PagedBatchEtl',
    options: 'RunDashboardOptions',
    optional: true,
    take: (options) => {
      const parent = stack();
      const etl = new library.PagedBatchEtl(parent, 'Any', etlProps(parent));
      return Reflect.apply(etl.addDashboard, etl, [options]);
    },
  },
  {
    name: 'addSchedule',
    options: 'AddScheduleOptions',
    optional: false,
    take: (options) => {
      const parent = stack();
      const etl = new library.PagedBatchEtl(parent, 'Any', etlProps(parent));
      return Reflect.apply(etl.addSchedule, etl, ['Any', options]);
    },
  },
  {
    name: 'addBackfill',
    options: 'AddBackfillOptions',
    optional: false,
    take: (options) => {
      const parent = stack();
      const etl = new library.PagedBatchEtl(parent, 'Any', etlProps(parent));
      return Reflect.apply(etl.addBackfill, etl, ['Any', options]);
    },
  },
  {
    name: 'addStalenessAlarm',
    options: 'StalenessAlarmOptions',
    optional: false,
    take: (options) => {
      const parent = stack();
      const etl = new library.PagedBatchEtl(parent, 'Any', { ...etlProps(parent), ledger: library.RunLedger.table() });
      return Reflect.apply(etl.addStalenessAlarm, etl, ['Any', options]);
    },
  },
];

test('all interfaces of options are taken by something here', () => {
  const within = ['DeadLetterOptions', 'DeliveryNetwork', 'MongoCompatibleSourceOptions', 'MongoCollation'];
  expect([...interfaces.keys()].sort()).toEqual([...new Set([...TAKERS.map(({ options }) => options), ...within])].sort());
  expect([...interfaces.values()].flat().length).toBeGreaterThan(90);
});

describe.each(TAKERS.map((taker) => ({ ...taker, taker })))('$name', ({ taker: { options: name, optional, take } }) => {
  const options = interfaces.get(name) ?? [];
  const required = () => Object.fromEntries(options.filter((option) => !option.optional).map((option) => [option.name, goodValue(option)]));

  test('without an object of options', () => {
    for (const value of [...(optional ? [] : [undefined]), null, 'a text', 4.5, ['a text'], () => undefined]) {
      expect([value, refusalOf(() => take(value))]).toEqual([value, expect.stringMatching(FOUR_PARTS)]);
    }
  });

  test.each(options.map((option) => ({ ...option, option })))('$name: $type', ({ option }) => {
    const wrong = [...(option.optional ? [] : [undefined]), ...VALUES].filter((value) => !accepts(option.type, value));
    expect(wrong.length).toBeGreaterThan(5);
    for (const value of wrong) {
      const message = refusalOf(() => take({ ...required(), [option.name]: value }));
      expect([value, message]).toEqual([value, expect.stringMatching(FOUR_PARTS)]);
      expect(FOUR_PARTS.exec(message)?.[1]).toContain(option.name);
    }
  });
});

describe('options within options', () => {
  test.each((interfaces.get('MongoCollation') ?? []).map((option) => ({ ...option, option })))('$name of a collation', ({ option }) => {
    for (const value of VALUES.filter((candidate) => !accepts(option.type, candidate))) {
      const options = { connectionSecret: { secretArn: 'x' }, database: 'd', collection: 'c', collation: { locale: 'en', [option.name]: value } };
      const message = refusalOf(() => Reflect.apply(library.PageSource.mongo, library.PageSource, [options]));
      expect([value, message]).toEqual([value, expect.stringMatching(FOUR_PARTS)]);
      expect(FOUR_PARTS.exec(message)?.[1]).toBe(`${option.name} of the collation of PageSource.mongo`);
    }
  });

  test.each((interfaces.get('DeliveryNetwork') ?? []).map((option) => ({ ...option, option })))('$name of a delivery network', ({ option }) => {
    for (const value of VALUES.filter((candidate) => !accepts(option.type, candidate))) {
      const props = { deliveryNetwork: { vpc: { vpcId: 'x' }, [option.name]: value } };
      const message = refusalOf(() => Reflect.construct(library.AsyncAthenaQueryApi, [stack(), 'Any', props]));
      expect([value, message]).toEqual([value, expect.stringMatching(FOUR_PARTS)]);
      expect(FOUR_PARTS.exec(message)?.[1]).toContain(`${option.name} of the deliveryNetwork`);
    }
  });
});

test('a filter that is no text', () => {
  for (const value of [undefined, ...VALUES].filter((candidate) => !accepts('string', candidate))) {
    const message = refusalOf(() => Reflect.apply(library.MongoFilter.ejson, library.MongoFilter, [value]));
    expect([value, message]).toEqual([value, expect.stringMatching(FOUR_PARTS)]);
  }
});

test('what a message says, by examples', () => {
  const etl = (props: object) => () => {
    const parent = stack();
    return Reflect.construct(library.PagedBatchEtl, [parent, 'Metrics', { ...etlProps(parent), ...props }]);
  };
  expect([
    refusalOf(() => Reflect.apply(library.QueryCompletion.polling, library.QueryCompletion, [{ interval: 5 }])),
    refusalOf(() => Reflect.apply(library.CallbackPolicy.hosts, library.CallbackPolicy, [{ hosts: 'hooks.example.com' }])),
    refusalOf(() => Reflect.apply(library.MongoFilter.ejson, library.MongoFilter, [{ size: { $gt: 5 } }])),
    refusalOf(etl({ source: library.PageSource.mongo })),
    refusalOf(etl({ processor: undefined })),
    refusalOf(etl({ parameters: { day: '2026-11-24' } })),
    refusalOf(etl({ removalPolicy: 'DESTROY', logRetention: RetentionDays.ONE_DAY })),
    refusalOf(etl({ removalPolicy: RemovalPolicy.DESTROY, batchSize: null })),
  ]).toEqual([
    'InvalidPropError: interval of QueryCompletion.polling must be a Duration, got 5; say the unit, as in Duration.minutes(5)',
    'InvalidPropError: hosts of CallbackPolicy.hosts must be a list, got "hooks.example.com"; write [ and ] around it',
    'InvalidPropError: the filter of MongoFilter.ejson must be a text, got {"size":{"$gt":5}}; write it as JSON in quotes, or give JSON.stringify(filter)',
    'InvalidPropError: Stack/Metrics: source must be made by a factory of PageSource, got the function mongo; call PageSource.mongo(…) or '
      + 'PageSource.documentDb(…) or PageSource.custom(…)',
    'InvalidPropError: Stack/Metrics: processor must be made by a factory of ItemProcessor, got undefined; call ItemProcessor.perItem(…) or '
      + 'ItemProcessor.perBatch(…) or ItemProcessor.stateMachine(…)',
    'InvalidPropError: Stack/Metrics: day in parameters must be made by a factory of RunParameter, got "2026-11-24"; call RunParameter.date(…) or '
      + 'RunParameter.text(…) or RunParameter.integer(…) or RunParameter.objectId(…)',
    'InvalidPropError: Stack/Metrics: removalPolicy must be a RemovalPolicy, got "DESTROY"; such as RemovalPolicy.DESTROY',
    'InvalidPropError: Stack/Metrics: batchSize must be left out, or a value, got null; leave it out for the default',
  ]);
});

describe('what was meant is shown', () => {
  const parent = stack();
  const table = new Table(parent, 'Table', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
  const bucket = new Bucket(parent, 'Bucket');
  const handler = LambdaFunction.fromFunctionName(parent, 'Function', 'mine');
  const machine = StateMachine.fromStateMachineName(parent, 'Machine', 'mine');
  const etl = (props: object) => Reflect.construct(library.PagedBatchEtl, [new Stack(new App(), 'Stack'), 'Metrics', { ...etlProps(stack()), ...props }]);
  const queries = (props: object) => Reflect.construct(library.AsyncAthenaQueryApi, [new Stack(new App(), 'Stack'), 'Queries', props]);
  const { Partitions, RunLedger, FailurePolicy, ItemProcessor, PageTransport, RunParameter, AccessLogs, RunWindow, MongoFilter } = library;
  const made = (Choice: object, factory: string, ...options: unknown[]) => Reflect.apply(Reflect.get(Choice, factory), Choice, options);
  const noon = new Date(Date.UTC(2026, 10, 24, 12));

  test.each<[what: string, make: () => unknown, message: string]>([
    ['a number in place of options', () => made(Partitions, 'ofTime', 16),
      'the options of Partitions.ofTime must be an object that names them, got 16; write them as { workers: 16 }'],
    ['nothing in place of options', () => made(Partitions, 'ofTime'),
      'the options of Partitions.ofTime must be an object that names them, got undefined; write them as { workers: … }'],
    ['one of several options', () => made(RunWindow, 'lastHours', 6),
      'the options of RunWindow.lastHours must be an object that names them, got 6; write them as { hours: 6, begin: …, end: … }'],
    ['a table in place of options', () => made(RunLedger, 'table', table),
      'the options of RunLedger.table must be an object that names them, got an instance of Table; write them as { table: … }'],
    ['a bucket in place of options', () => made(PageTransport, 's3', bucket),
      'the options of PageTransport.s3 must be an object that names them, got an instance of Bucket; write them as { bucket: … }'],
    ['a bucket in place of options within options', () => made(FailurePolicy, 'tolerate', { deadLetters: bucket }),
      'the options of the deadLetters of FailurePolicy.tolerate must be an object that names them, got an instance of Bucket; write them as { bucket: … }'],
    ['a log group in place of options', () => made(AccessLogs, 'logGroup', new LogGroup(parent, 'Logs')),
      'the options of AccessLogs.logGroup must be an object that names them, got an instance of LogGroup; write them as { logGroup: … }'],
    ['a duration in place of options', () => made(RunLedger, 'table', Duration.days(90)),
      'the options of RunLedger.table must be an object that names them, got an instance of Duration; write them as { waitAtMost: … }'],
    ['a construct that is none of the options', () => made(RunLedger, 'table', bucket),
      'the options of RunLedger.table must be an object that names them, got an instance of Bucket; write them as { name: value }'],
    ['a table in place of a ledger', () => etl({ ledger: table }),
      'Stack/Metrics: ledger must be made by a factory of RunLedger, got an instance of Table; call RunLedger.table({ table: … })'],
    ['a bucket in place of a transport', () => etl({ transport: bucket }),
      'Stack/Metrics: transport must be made by a factory of PageTransport, got an instance of Bucket; call PageTransport.s3({ bucket: … })'],
    ['a number in place of partitions', () => etl({ partitions: 16 }),
      'Stack/Metrics: partitions must be made by a factory of Partitions, got 16; '
        + 'call Partitions.ofTime({ workers: 16 }) or Partitions.ofObjectIds({ workers: 16 }) or Partitions.at({ workers: 16, boundaries: … })'],
    ['a state machine in place of a processor', () => etl({ processor: machine }),
      'Stack/Metrics: processor must be made by a factory of ItemProcessor, got an instance of Import; call ItemProcessor.stateMachine({ stateMachine: … })'],
    ['hosts in place of a policy', () => queries({ callbackPolicy: ['hooks.example.com'] }),
      'Stack/Queries: callbackPolicy must be made by a factory of CallbackPolicy, got ["hooks.example.com"]; call CallbackPolicy.hosts({ hosts: … })'],
    ['a construct in place of props', () => Reflect.construct(library.PagedBatchEtl, [parent, 'Metrics', handler]),
      'Stack/Metrics: props must be an object that names them, got an instance of Import; write them as { source: …, processor: … }'],
    ['a number that is missing', () => made(Partitions, 'ofTime', {}), 'workers of Partitions.ofTime must be a number, got undefined; it has no default, so it must be given'],
    ['a list that is missing', () => made(Partitions, 'at', {}), 'boundaries of Partitions.at must be a list, got undefined; it has no default, so it must be given'],
    ['a text that is missing', () => made(RunWindow, 'previousDay', { begin: 'a' }),
      'end of RunWindow.previousDay must be a text, got undefined; it has no default, so it must be given'],
    ['a function that is missing', () => made(ItemProcessor, 'perItem', {}),
      'handler of ItemProcessor.perItem must be a Lambda function, got undefined; look it up with Function.fromFunctionArn(…)'],
    ['a date in place of its text', () => made(RunParameter, 'date', { defaultValue: noon }),
      "defaultValue of RunParameter.date must be a text, got an instance of Date; write it as the text '2026-11-24T12:00:00Z'"],
    ['an impossible date', () => made(RunParameter, 'date', { defaultValue: new Date(NaN) }),
      'defaultValue of RunParameter.date must be a text, got an instance of Date; put it in quotes'],
    ...([
      [noon, 'an instance of Date', '{"$date":"2026-11-24T12:00:00Z"}'], [5, '5', '5'], [10n, '10', '{"$numberLong":"10"}'], [{ $oid: 'a' }, '{"$oid":"a"}', '{"$oid":"a"}'],
      [new ObjectId('655f5f5f0000000000000000'), 'an instance of ObjectId', '{"$oid":"655f5f5f0000000000000000"}'],
    ] as const).map(([value, got, text]): [string, () => unknown, string] => [`${got} in place of its EJSON`, () => made(Partitions, 'at', { boundaries: [value] }),
      `every entry in boundaries of Partitions.at must be a text of EJSON, got ${got}; write it as the text '${text}'`]),
    ['a filter with a date', () => made(MongoFilter, 'ejson', { at: { $gte: noon } }),
      'the filter of MongoFilter.ejson must be a text, got {"at":{"$gte":an instance of Date}}; write it as the text \'{"at":{"$gte":{"$date":"2026-11-24T12:00:00Z"}}}\''],
    ['an enum whose name begins with a vowel', () => etl({ emptyRun: 'FAILED' }), 'Stack/Metrics: emptyRun must be an EmptyRun, got "FAILED"; such as EmptyRun.SUCCEED'],
  ])('%s', (_what, make, message) => {
    expect(refusalOf(make)).toBe(`InvalidPropError: ${message}`);
  });

  test('an object that leads back to itself is no endless message', () => {
    const circle: Record<string, unknown> = {};
    circle.itself = circle;
    expect(refusalOf(() => made(Partitions, 'at', { boundaries: [circle] }))).toMatch(FOUR_PARTS);
    expect(refusalOf(() => made(MongoFilter, 'ejson', circle))).toMatch(FOUR_PARTS);
  });

  test('options may be of a class of the user\'s own', () => {
    class Workers {
      public readonly workers = 4;
    }
    expect(made(Partitions, 'ofTime', new Workers())).toBeInstanceOf(Partitions);
  });
});
