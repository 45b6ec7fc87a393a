/** Every option of the public surface, given as no compiler would let it through: what is wrong is said in the same four parts as everything else. */
import { App, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
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
  const within = ['DeadLetterOptions', 'MongoCompatibleSourceOptions', 'MongoCollation'];
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
