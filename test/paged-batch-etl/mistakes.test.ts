/** Mistakes that newcomers make, each with what they are told. */
import { Annotations as CdkAnnotations, Duration, Stack, TimeZone, Token } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { GatewayVpcEndpointAwsService, InterfaceVpcEndpointAwsService, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Alias, Code, Function as LambdaFunction, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { AddScheduleOptions, FailurePolicy, ItemProcessor, MongoFilter, MongoSourceOptions, PagedBatchEtl, PageSource, PageTransport, RunLedger, RunParameter, RunWindow, WhenLocked } from '../../src';
import { refusal } from '../support/refusal';
import { EtlProps, mongoSource, synthEtl } from '../support/synth-etl';

const ENV = { account: '111122223333', region: 'eu-central-1' };

const source = (options: Partial<MongoSourceOptions>): EtlProps => (stack) => ({ source: mongoSource(stack, options) });

/** A filter on a field that pages are walked by. */
const filter = (condition: object, parameters: Record<string, RunParameter> = {}): EtlProps => (stack) => ({
  source: mongoSource(stack, { filter: MongoFilter.ejson(JSON.stringify({ runDate: condition })) }), parameters,
});

const functionOf = (account: string, region: string) => (stack: Stack): IFunction => (
  LambdaFunction.fromFunctionArn(stack, 'Theirs', `arn:aws:lambda:${region}:${account}:function:theirs`));

const defined = (timeout?: Duration) => (stack: Stack): LambdaFunction => (
  new LambdaFunction(stack, 'Mine', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('//'), timeout }));

const perItem = (handler: (stack: Stack) => IFunction): EtlProps => (stack) => ({ processor: ItemProcessor.perItem({ handler: handler(stack) }) });
const perBatch = (handler: (stack: Stack) => IFunction): EtlProps => (stack) => ({ processor: ItemProcessor.perBatch({ handler: handler(stack) }) });

const custom = (handler: (stack: Stack) => IFunction): EtlProps => (stack) => ({ source: PageSource.custom({ handler: handler(stack) }) });

/** Two isolated subnets in a VPC of the same app. */
const isolated = (change: (vpc: Vpc) => void = () => {}, subnetType = SubnetType.PRIVATE_ISOLATED): EtlProps => (stack) => {
  const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Data', subnetType }] });
  change(vpc);
  return { source: mongoSource(stack, { vpc }) };
};
const endpoint = (service: InterfaceVpcEndpointAwsService) => (vpc: Vpc) => void vpc.addInterfaceEndpoint('Endpoint', { service });
/** The same with pages that travel through S3, and a way to Secrets Manager. */
const isolatedFromS3 = (change: (vpc: Vpc) => void = () => {}): EtlProps => {
  const withSecrets = isolated((vpc) => {
    vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER });
    change(vpc);
  });
  return (stack) => ({ ...withSecrets(stack), transport: PageTransport.s3() });
};
/** The same with letters in place of pages. */
const tolerantlyIsolated = (change?: (vpc: Vpc) => void): EtlProps => (stack) => (
  { ...isolatedFromS3(change)(stack), transport: undefined, failurePolicy: FailurePolicy.tolerate() });
const S3_ROUTE = 'vpcSubnets of the source are isolated (DataSubnet1, DataSubnet2), and the VPC has no endpoint of S3, so that PageTransport.s3 cannot write pages and '
  + "every page fails with PageBucketUnavailable; call vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 }), or choose subnets with a NAT gateway";
const SECRETS_MANAGER_ROUTE = 'vpcSubnets of PageSource.mongo are isolated (DataSubnet1, DataSubnet2), and the VPC has no interface endpoint of Secrets Manager, so that '
  + 'the connection secret cannot be read and every page fails with ConnectionSecretInvalid; call '
  + "vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER }), or choose subnets with a NAT gateway";

const WINDOW = { begin: 'date_begin', end: 'date_end' };
const DATES = { date_begin: RunParameter.date(), date_end: RunParameter.date() };
const DAY = RunWindow.previousDay(WINDOW);
const DAILY: AddScheduleOptions = { schedule: ScheduleExpression.cron({ hour: '4', minute: '0' }), window: DAY };
const scheduled = (...all: AddScheduleOptions[]) => (etl: PagedBatchEtl) => all.forEach((options, index) => etl.addSchedule(`No${index}`, options));
const expression = (text: string, window = DAY): AddScheduleOptions => ({ schedule: ScheduleExpression.expression(text), window });
const hours = (count: number) => RunWindow.lastHours({ ...WINDOW, hours: count });

describe('is refused:', () => {
  const refused: [props: EtlProps, message: string][] = [
    [() => ({ parameters: { ...DATES, replay: RunParameter.text() }, failurePolicy: FailurePolicy.tolerate() }),
      'every name in parameters must be another one than replay where failurePolicy is FailurePolicy.tolerate, got "replay"; by that key, a run reads the letters of another run'],
    [source({ projection: ['-big'] }),
      'every field in projection of PageSource.mongo must be the name of a field alone, got "-big"; name the fields that are to be read: none can be left out'],
    ...['cluster0.abcde.mongodb.net', 'Cluster0-pl-0.abcde.MongoDB.net'].map((host): [EtlProps, string] => [
      source({ host }),
      `srv of PageSource.mongo must be true for the host of an Atlas cluster, ${host}, got false; such a name has no address: set srv: true, `
        + 'or list the hosts of its members',
    ]),
    [source({ database: 'shop.orders' }), 'database of PageSource.mongo must be the name of one database, got "shop.orders"; leave out the collection'],
    ...['{{date_begin}}', 'from {{ date_begin }}'].map((text): [EtlProps, string] => [
      (stack) => filter({ $gte: text })(stack),
      `every text in the filter must be a variable as a whole, such as $$date_begin, or a text without one, got "${text}"; write "$$date_begin" and declare `
        + `date_begin in parameters; to look for ${text.replace('from ', '')} itself, make it the defaultValue of a RunParameter.text()`,
    ]),
    [source({ filter: MongoFilter.ejson(JSON.stringify({ tenant: { $in: [...Array(15).keys()] }, kind: { $in: [...Array(20).keys()] } })) }),
      'the combinations of values that the filter compares fields with must be at most 200, got "300 (tenant with 15 values and kind with 20)"; MongoDB reads '
        + 'no more in the order of an index: put tenant first in sort, let several runs share the values, or set indexCheck: false to have every page sort all that is left'],
    ...([['perItem', perItem], ['perBatch', perBatch]] as const).map(([name, props]): [EtlProps, string] => [
      props(functionOf(ENV.account, 'us-east-1')),
      `the place of handler of ItemProcessor.${name} must be eu-central-1 of 111122223333, got "us-east-1 of 111122223333"; `
        + 'Step Functions calls functions in its own Region only',
    ]),
    [custom(functionOf(ENV.account, 'us-east-1')),
      'the place of handler of PageSource.custom must be eu-central-1 of 111122223333, got "us-east-1 of 111122223333"; '
        + 'the source function calls functions in its own Region only'],
  ];

  test.each(refused.map(([props, message]) => ({ props, message })))('$message', ({ props, message }) => {
    expect(() => synthEtl(props, undefined, { env: ENV })).toThrow(refusal(message));
  });

  const tenants = (parameters: Record<string, string>): [EtlProps, AddScheduleOptions] => [
    () => ({ parameters: { ...DATES, tenant: RunParameter.text(), day: RunParameter.date({ defaultValue: '2026-11-24' }), size: RunParameter.integer({ defaultValue: 1 }) } }),
    { ...DAILY, parameters },
  ];
  test.each<[string, Record<string, string>]>([
    ['every name in parameters of schedule No0 must be that of a parameter of the run: day, size, tenant, got "tennant"; declare tennant in parameters of the construct',
      { tennant: 'a' }],
    ...['constructor', '__proto__'].map((name): [string, Record<string, string>] => [
      `every name in parameters of schedule No0 must be that of a parameter of the run: day, size, tenant, got "${name}"; declare ${name} in parameters of the construct`,
      Object.fromEntries([[name, 'a']]),
    ]),
    ['day in parameters of schedule No0 must be a date, or a date and a time, as ISO 8601 writes them, got "today"; such as 2026-11-24 or 2026-11-24T06:30:00', { day: 'today' }],
    ['size in parameters of schedule No0 must be a whole number from -9007199254740991 to 9007199254740991, got "five"; a JSON number cannot carry a larger one exactly', { size: 'five' }],
    ['date_end in parameters of schedule No0 must be left out, got "2026-11-24"; the window of the schedule fills it', { date_end: '2026-11-24' }],
    ['every parameter but those of the window of schedule No0 must be one with a value, got "tenant"; give them a value in parameters of the schedule, or a '
      + 'defaultValue, or start such runs yourself', { size: '5' }],
    ['parameters of schedule No0 must be at most 4096 bytes, got "4168 bytes of environment variables"; pass where long values are instead: Lambda gives a function no more',
      { tenant: 'a'.repeat(3_936) }],
  ])('parameters of a schedule: %s', (message, parameters) => {
    const [props, options] = tenants(parameters);
    expect(() => synthEtl(props, scheduled(options))).toThrow(refusal(message));
  });

  const lookingFor = (times: number, options = DAILY): AddScheduleOptions => ({ ...options, alarmAfterEmptyRuns: times });
  test.each<[string, AddScheduleOptions]>([
    ['a whole number from 1 to 7, got 8; CloudWatch looks back 7 days at most', lookingFor(8)],
    ['a whole number from 1 to 168, got 0; CloudWatch looks back 7 days at most', lookingFor(0, expression('rate(1 hour)', hours(1)))],
    ['left out for windows of more than 7 days, got 1; CloudWatch looks back no further: use emptyRun: EmptyRun.FAIL', lookingFor(1, expression('rate(8 days)', hours(192)))],
    ['1, or left out, for a schedule whose windows leave out some days, for it is not due on every day with cron(0 4 ? * MON *), got 2; the alarm waits for '
      + 'one window right after another: use emptyRun: EmptyRun.FAIL', lookingFor(2, expression('cron(0 4 ? * MON *)'))],
    ['1, or left out, for a schedule whose windows leave out all but one, got 2; the alarm waits for one window right after another: use emptyRun: EmptyRun.FAIL',
      lookingFor(2, expression('at(2026-11-24T04:00:00)'))],
  ])('an alarm on empty runs that could not be: %s', (message, options) => {
    expect(() => synthEtl(undefined, scheduled(options))).toThrow(refusal(`alarmAfterEmptyRuns of schedule No0 must be ${message}`));
  });

  test('a second schedule that is due together with the first one, for the same windows', () => {
    expect(() => synthEtl(undefined, scheduled(DAILY, DAILY))).toThrow(refusal('schedule, window and parameters of schedule No1 must be others than those of No0, got "cron(0 4 * * ? *)"; each of them starts a run for every window, '
        + 'so all would be processed twice: leave one out, or switch it off with enabled: false'));
  });
});

describe('is warned of:', () => {
  const warned: [id: string, message: string, props: EtlProps, then?: (etl: PagedBatchEtl) => void][] = [
    ['databaseInCollection',
      'collection of PageSource.mongo is "Analytics.jobs", which is looked for in the database Analytics; if Analytics stands for the database there, write '
        + "collection: 'jobs'",
      source({ collection: 'Analytics.jobs' })],
    ...([
      ['$gte', '2026-01-31', '2026-01-31T00:00:00Z'], ['$gt', '2026-01-31T06:00:00Z', '2026-01-31T06:00:00Z'],
      ['$lte', '2026-01-31T06:00:00+02:00', '2026-01-31T04:00:00Z'],
    ] as const).map(([operator, text, date]): [string, string, EtlProps] => ['dateTextInFilter',
      `the filter has { "${operator}": "${text}" }, which is a comparison with a text and matches no date; if the field holds dates, write `
        + `{ "${operator}": { "$date": "${date}" } }, or the $$name of a RunParameter.date()`,
      filter({ [operator]: text })]),
    ['dateTextInFilter',
      'the filter has { "$lt": "$$day" }, and day is a RunParameter.text() whose default value is "2026-01-31", which matches no date; if the field holds dates, '
        + 'declare day with RunParameter.date()',
      filter({ $lt: '$$day' }, { day: RunParameter.text({ defaultValue: '2026-01-31' }) })],
    ['secretsManagerRoute', SECRETS_MANAGER_ROUTE, isolated()],
    ['secretsManagerRoute', SECRETS_MANAGER_ROUTE, isolated(endpoint(InterfaceVpcEndpointAwsService.KMS))],
    ['s3Route', S3_ROUTE, isolatedFromS3()],
    ['s3Route', S3_ROUTE.replace('PageTransport.s3 cannot write pages and every page fails with PageBucketUnavailable', 'no run can replay letters and each that is to do so fails with DeadLettersUnavailable'), tolerantlyIsolated()],
    ['s3Route', S3_ROUTE, isolatedFromS3((vpc) => vpc.addGatewayEndpoint('Gateway', { service: GatewayVpcEndpointAwsService.S3_EXPRESS }))],
    ...([
      ['ItemProcessor.perItem', perItem, 'the workflow'], ['ItemProcessor.perBatch', perBatch, 'the workflow'], ['PageSource.custom', custom, 'the source function'],
    ] as const).flatMap(([name, props, caller]): [string, string, EtlProps][] => [
      ['functionOfAnotherAccount',
        `handler of ${name} is a function of account 444455556666: every page fails with AccessDeniedException unless the resource-based policy of `
          + `the function lets the role of ${caller} call it (lambda:InvokeFunction); add that in its account, or take a function of this account`,
        props(functionOf('444455556666', ENV.region))],
      ...[defined(), (stack: Stack) => new Alias(stack, 'Alias', { aliasName: 'live', version: defined()(stack).currentVersion })].map(
        (handler): [string, string, EtlProps] => ['functionTimeout',
          `handler of ${name} has no timeout, so Lambda ends each call after 3 seconds, and the page fails when the attempts are used up; `
            + 'set timeout of the function to what the slowest call needs',
          props(handler)],
      ),
    ]),
    ...([
      [{ $gt: '$$date_begin', $lt: '$$date_end' }, 'date_begin, begin', 'is under $gt', '$gte'],
      [{ $gte: '$$date_begin', $lte: '$$date_end' }, 'date_end, end', 'is under $lte', '$lt'],
      [{ $gte: '$$date_begin' }, 'date_end, end', 'is compared with no field', '$lt'],
    ] as const).map(([condition, name, found, wanted]): [string, string, EtlProps, (etl: PagedBatchEtl) => void] => ['scheduleWindow',
      `$$${name} of the window of schedule No0, ${found} in the filter, so that runs read more or less than their windows; write `
        + `{ "${wanted}": "$$${name.split(',')[0]}" }, or acknowledge this if it is meant`,
      filter(condition, DATES), scheduled(DAILY)]),
    ['scheduleSkipped',
      'a run of schedule No0 that finds its window taken by another run is skipped and counts as succeeded, so nobody processes the window if the other run then fails; '
        + 'choose WhenLocked.FAIL, WhenLocked.WAIT or RunWindow.sinceWatermark, or acknowledge this if nobody else starts runs of its windows',
      () => ({ ledger: RunLedger.table({ whenLocked: WhenLocked.SKIP }) }), scheduled(DAILY)],
    ...['0 4 ? * MON *', '0 4 1 * ? *', '0 4 ? * TUE-SAT *', '0 4 L * ? *', '0 4 ? * 2#1 *', '0 4 */2 * ? *', '0 4 * 1-11 ? *'].map(
      (cron): [string, string, EtlProps, (etl: PagedBatchEtl) => void] => ['scheduleGaps',
        `the windows of schedule No0 leave out some days, for it is not due on every day with cron(${cron}); let it be due once for every window, or acknowledge `
          + 'this if nothing is missed or another schedule has the rest',
        () => ({}), scheduled(expression(`cron(${cron})`))],
    ),
    ...([['rate(7 days)', DAY], ['rate(2 hours)', hours(1)], ['rate(90 minutes)', hours(1)]] as const).map(
      ([rate, window]): [string, string, EtlProps, (etl: PagedBatchEtl) => void] => ['scheduleGaps',
        `the windows of schedule No0 leave out what lies between windows, for it is due with ${rate}; let it be due once for every window, or acknowledge `
          + 'this if nothing is missed or another schedule has the rest',
        () => ({}), scheduled(expression(rate, window))],
    ),
  ];

  test.each(warned.map(([id, message, props, then]) => ({ id, message, props, then })))('$id: $message', ({ id, message, props, then }) => {
    expect(warningsOf(props, then)).toEqual([`${message} [ack: cdk-data-workflows:${id}]`]);
  });
});

test('a schedule of a collection that is read whole is warned of, for either end of its window', () => {
  const props: EtlProps = (stack) => ({ source: mongoSource(stack, { filter: undefined }) });
  expect(warningsOf(props, scheduled(DAILY))).toEqual(['date_begin, begin', 'date_end, end'].map((name) => (
    expect.stringContaining(`$$${name} of the window of schedule No0, is compared with no field in the filter`))));
});

test('a warning can be acknowledged', () => {
  const acknowledged = (etl: PagedBatchEtl) => {
    scheduled(expression('cron(0 4 ? * MON *)'))(etl);
    CdkAnnotations.of(etl).acknowledgeWarning('cdk-data-workflows:scheduleGaps');
  };
  expect(warningsOf(() => ({}), acknowledged)).toEqual([]);
});

describe('is right:', () => {
  const right: [name: string, props: EtlProps, then?: (etl: PagedBatchEtl) => void][] = [
    ['a member of an Atlas cluster', source({ host: 'cluster0-shard-00-01.abcde.mongodb.net' })],
    ['all members of an Atlas cluster', source({ host: 'a-shard-00-00.abcde.mongodb.net:27017,a-shard-00-01.abcde.mongodb.net:27017' })],
    ['an Atlas cluster by its seed list', source({ host: 'cluster0.abcde.mongodb.net', srv: true })],
    ['lists of values that an index can have in order', source({ filter: MongoFilter.ejson(JSON.stringify({ tenant: { $in: [...Array(200).keys()] } })) })],
    ['a longer list of what pages are walked by', source({ sort: ['tenant', '_id'], filter: MongoFilter.ejson(JSON.stringify({ tenant: { $in: [...Array(300).keys()] } })) })],
    ['lists of values where every page may sort', source({ indexCheck: false, filter: MongoFilter.ejson(JSON.stringify({ tenant: { $in: [...Array(300).keys()] } })) })],
    ['a collection with another dot', source({ collection: 'fs.files' })],
    ['a date as EJSON', filter({ $gte: { $date: '2026-01-31T00:00:00Z' } })],
    ['a text that is no date', filter({ $gte: '2026', $lt: '2026-xx' })],
    ['a text that is computed from a date', (stack) => ({
      source: mongoSource(stack, {
        unindexedFilterFields: ['at'],
        filter: MongoFilter.ejson('{ "$expr": { "$gte": [{ "$dateToString": { "date": "$at", "format": "%Y-%m-%d" } }, "2026-01-31"] } }'),
      }),
    })],
    ['a text with a date as its default where nothing is compared', filter({ $eq: '$$day' }, { day: RunParameter.text({ defaultValue: '2026-01-31' }) })],
    ['braces around no name', filter({ $eq: 'a {{ 1 }} {b} {{}}' })],
    ['isolated subnets with an endpoint of Secrets Manager', isolated(endpoint(InterfaceVpcEndpointAwsService.SECRETS_MANAGER))],
    ['isolated subnets with an endpoint that is added later', isolated(), (etl) => {
      for (const vpc of Stack.of(etl).node.children) if (vpc instanceof Vpc) endpoint(InterfaceVpcEndpointAwsService.SECRETS_MANAGER)(vpc);
    }],
    ['isolated subnets with a gateway endpoint of S3', isolatedFromS3((vpc) => vpc.addGatewayEndpoint('Gateway', { service: GatewayVpcEndpointAwsService.S3 }))],
    ['isolated subnets with a gateway endpoint of S3, for letters', tolerantlyIsolated((vpc) => vpc.addGatewayEndpoint('Gateway', { service: GatewayVpcEndpointAwsService.S3 }))],
    ['a parameter called replay, where there are no letters', () => ({ parameters: { ...DATES, replay: RunParameter.text({ defaultValue: '' }) } })],
    ['isolated subnets with an interface endpoint of S3', isolatedFromS3(endpoint(InterfaceVpcEndpointAwsService.S3))],
    ['subnets with a way out that is not of this app', isolated(undefined, SubnetType.PRIVATE_WITH_EGRESS)],
    ['a VPC with NAT gateways', (stack) => ({ source: mongoSource(stack, { vpc: new Vpc(stack, 'Vpc') }) })],
    ['isolated subnets of a VPC that is not of this app', (stack) => {
      const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], isolatedSubnetIds: ['subnet-1'], isolatedSubnetRouteTableIds: ['table-1'] });
      return { source: mongoSource(stack, { vpc, vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } }) };
    }],
    ['a custom source with a timeout', custom(defined(Duration.minutes(1)))],
    ['a function with a timeout', perBatch(defined(Duration.minutes(1)))],
    ['a function of the same place', perItem(functionOf(ENV.account, ENV.region))],
    ['a window from the other side', filter({ $gt: '$$date_begin', $lte: '$$date_end' }, DATES), scheduled(DAILY)],
    ['a window in an expression', (stack) => ({
      source: mongoSource(stack, {
        filter: MongoFilter.ejson('{ "$expr": { "$and": [{ "$lte": ["$$date_begin", "$runDate"] }, { "$lt": ["$runDate", "$$date_end"] }] } }'),
      }),
    }), scheduled(DAILY)],
    ['another schedule at another time, or for another window, or that is off', () => ({}), scheduled(
      DAILY, { ...DAILY, window: hours(24) }, { ...DAILY, enabled: false },
      { ...DAILY, window: RunWindow.previousDay({ ...WINDOW, timeZone: 'Asia/Tokyo' }), schedule: ScheduleExpression.cron({ hour: '4', minute: '0', timeZone: TimeZone.ASIA_TOKYO }) },
    )],
    ...['cron(0 4 ? * SUN-SAT *)', 'cron(0 4 ? * 5-4 *)', 'cron(0 4 1/1 * ? *)', 'cron(0 4 1-31 JAN-DEC ? *)', 'rate(1 day)', 'at(2026-11-24T04:00:00)'].map(
      (text): [string, EtlProps, (etl: PagedBatchEtl) => void] => [text, () => ({}), scheduled(expression(text))]),
    ['a schedule for each tenant', () => ({ parameters: { ...DATES, tenant: RunParameter.text() } }), scheduled(
      { ...DAILY, parameters: { tenant: 'a' } }, { ...DAILY, parameters: { tenant: 'b' } }, { ...DAILY, parameters: { tenant: Token.asString({ Ref: 'Tenant' }) } },
    )],
    ['an alarm on a week of empty runs', () => ({}), scheduled({ ...DAILY, alarmAfterEmptyRuns: 7 })],
    ['a week, every week', () => ({}), scheduled(expression('cron(0 0 ? * MON *)', hours(168)))],
  ];

  test.each(right.map(([name, props, then]) => ({ name, props, then })))('$name', ({ props, then }) => {
    expect(warningsOf(props, then)).toEqual([]);
  });
});

function warningsOf(props: EtlProps, then?: (etl: PagedBatchEtl) => void): unknown[] {
  const { stack } = synthEtl(props, then, { env: ENV });
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
}
