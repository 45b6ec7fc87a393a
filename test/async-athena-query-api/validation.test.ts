import { App, Duration, RemovalPolicy, Size, Stack, Token } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  AsyncAthenaQueryApiProps, CallbackPolicy, NamedQuery, QueryableData, QueryAnnouncement, QueryCompletion, QueryDashboardOptions, ResultFormat,
  SubmittedQueries,
} from '../../src';
import { testAllowed, testReachingTokens, testRefused, testRefusedTokens } from '../support/construct-kit/props-checks';
import { refusal } from '../support/refusal';
import { deliveryEnvironment, QUERIES, synth } from '../support/synth-queries';
import { definitionOf, only, plain, roleStatements } from '../support/template';

const stack = new Stack(new App(), 'Stack');
const bucket = Bucket.fromBucketName(stack, 'Bucket', 'my-results');
const topic = Topic.fromTopicArn(stack, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:topic');
const completion = (queryCompletion: () => QueryCompletion) => (): AsyncAthenaQueryApiProps => ({ queryCompletion: queryCompletion() });
const callback = (hosts: string[]) => (): AsyncAthenaQueryApiProps => ({ callbackPolicy: CallbackPolicy.hosts({ hosts }) });
const tables = (options: { database?: string; tables?: string[]; prefix?: string }) => (): AsyncAthenaQueryApiProps => ({
  queryableData: [QueryableData.glueTables({ database: 'sales', bucket, ...options })],
});

/** A list of 100 hosts that takes 2,500 characters as JSON. */
const manyHosts = Array.from({ length: 100 }, (_, i) => `h${String(i).padStart(2, '0')}.listed.example.com`);
const retention = (props: AsyncAthenaQueryApiProps, shortest: number, got: string): [() => AsyncAthenaQueryApiProps, string] => [
  () => props,
  `resultRetention must be whole days, at least ${shortest}, got "${got}"; `
    + 'a result is needed while the query and its delivery take, and then for the 14 days in which a failed delivery can be redriven',
];
/** The longest query needs the longest looks. */
const longestQuery = { queryTimeout: Duration.hours(24), queryCompletion: QueryCompletion.polling({ interval: Duration.minutes(5) }) };

const SECONDS = 'whole seconds from';
const refused: [props: () => AsyncAthenaQueryApiProps, message: string][] = [
  [() => ({ resultFormats: [] }), 'resultFormats must be at least one format, got []; leave it out for CSV'],
  [
    () => ({ resultFormats: [ResultFormat.json(), ResultFormat.csv(), ResultFormat.json()] }),
    'resultFormats must be each format once, got "JSON more than once"; leave out the others: a request chooses by the name',
  ],
  [
    () => ({
      resultFormats: [ResultFormat.json()],
      submittedQueries: SubmittedQueries.named({
        queries: {
          ...Object.fromEntries(['-- one\nSELECT 1', '(SELECT 1)', 'with t AS (SELECT 1 AS n) SELECT n FROM t'].map((sql, index) => [`a${index}`, NamedQuery.of({ sql })])),
          tables: NamedQuery.of({ sql: 'SHOW TABLES' }),
        },
      }),
    }),
    'resultFormats must be formats with CSV among them, for the named query tables is no SELECT, got ["JSON"]; add ResultFormat.csv(): other statements have no other format',
  ],
  ...[Duration.seconds(0), Duration.seconds(90), Duration.days(8)].map((resultReuse): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ resultReuse }),
    `resultReuse must be whole minutes from 1 minute to 7 days, got "${resultReuse.toHumanString()}"; leave it out where every query has to run`,
  ]),
  [() => ({ queryTimeout: Duration.seconds(0) }), `queryTimeout must be ${SECONDS} 1 second to 1 day, got "0 seconds"; the default is 30 minutes`],
  [() => ({ queryTimeout: Duration.millis(1500) }), `queryTimeout must be ${SECONDS} 1 second to 1 day, got "1 second 500 millis"; the default is 30 minutes`],
  [() => ({ queryTimeout: Duration.seconds(86_401) }), `queryTimeout must be ${SECONDS} 1 second to 1 day, got "1 day 1 second"; the default is 30 minutes`],
  [() => ({ callbackTimeout: Duration.millis(999) }), `callbackTimeout must be ${SECONDS} 1 second to 30 seconds, got "999 millis"; the default is 15 seconds`],
  [() => ({ callbackTimeout: Duration.seconds(31) }), `callbackTimeout must be ${SECONDS} 1 second to 30 seconds, got "31 seconds"; the default is 15 seconds`],
  [() => ({ deliveryWindow: Duration.seconds(59) }), `deliveryWindow must be ${SECONDS} 1 minute to 3 days, got "59 seconds"; the default is 4 hours`],
  [() => ({ deliveryWindow: Duration.days(4) }), `deliveryWindow must be ${SECONDS} 1 minute to 3 days, got "4 days"; the default is 4 hours`],
  [() => ({ linkExpiry: Duration.seconds(59) }),
    `linkExpiry must be ${SECONDS} 1 minute to 1 hour, got "59 seconds"; a role session that another role assumes ends after an hour`],
  [() => ({ linkExpiry: Duration.minutes(61) }),
    `linkExpiry must be ${SECONDS} 1 minute to 1 hour, got "1 hour 1 minute"; a role session that another role assumes ends after an hour`],
  [() => ({ throttlingRateLimit: 0 }), 'throttlingRateLimit must be a whole number from 1 to 10000, got 0; the default is 10'],
  [() => ({ throttlingRateLimit: 0.5 }), 'throttlingRateLimit must be a whole number from 1 to 10000, got 0.5; the default is 10'],
  [() => ({ throttlingBurstLimit: 5001 }), 'throttlingBurstLimit must be a whole number from 1 to 5000, got 5001; the default is 20'],
  [() => ({ throttlingBurstLimit: NaN }), 'throttlingBurstLimit must be a whole number from 1 to 5000, got NaN; the default is 20'],
  ...[0, 0.5, 10_001].map((managementThrottlingRateLimit): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ managementThrottlingRateLimit }), `managementThrottlingRateLimit must be a whole number from 1 to 10000, got ${managementThrottlingRateLimit}; the default is 5`,
  ]),
  ...[0, 5_001].map((managementThrottlingBurstLimit): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ managementThrottlingBurstLimit }), `managementThrottlingBurstLimit must be a whole number from 1 to 5000, got ${managementThrottlingBurstLimit}; the default is 10`,
  ]),
  ...Object.entries({
    queryReaders: [[Role.fromRoleName(stack, 'Reader', 'reader')], '[an instance of ImportedRole]'],
    managementThrottlingRateLimit: [1, '1'],
    managementThrottlingBurstLimit: [1, '1'],
    managementLogGroup: [LogGroup.fromLogGroupName(stack, 'ManagementLogs', 'logs'), 'an instance of Import'],
  } satisfies { readonly [K in keyof AsyncAthenaQueryApiProps]: readonly [NonNullable<AsyncAthenaQueryApiProps[K]>, string] }).map((
    [name, [value, shownAs]],
  ): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ [name]: value, queryManagement: false }),
    `${name} must be left out with queryManagement: false, got ${shownAs}; leave out one of the two`,
  ]),
  ...['', 'a-b', 'a/b', 'prod ', 'x'.repeat(129)].map((stageName): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ stageName }), `stageName must be 1 to 128 letters, digits and underscores, got "${stageName}"; the default is prod`,
  ]),
  ...[127, 10_241, 256.5].map((deliveryMemorySize): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ deliveryMemorySize }), `deliveryMemorySize must be a whole number from 128 to 10240, got ${deliveryMemorySize}; the default is 256 MiB`,
  ]),
  [() => ({ deliveryReservedConcurrency: 0 }),
    'deliveryReservedConcurrency must be a whole number from 1 to 10000, got 0; with 0 no callback would ever be sent: leave it out to reserve none'],
  ...[-1, 1.5, 10_001].map((deliveryReservedConcurrency): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ deliveryReservedConcurrency }),
    `deliveryReservedConcurrency must be a whole number from 1 to 10000, got ${deliveryReservedConcurrency}; leave it out to reserve none`,
  ]),
  [() => ({ bytesScannedCutoffPerQuery: Size.bytes(9_999_999) }),
    'bytesScannedCutoffPerQuery must be from 10 MB to 1 PiB, got "9999999 bytes"; the default is 100 GiB'],
  ...['results', '/results/', 'results//', '', '/', 'a*/', 'a b/'].map((resultPrefix): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ resultPrefix }),
    `resultPrefix must be a key prefix that ends in a slash and does not start with one, got "${resultPrefix}"; such as \`results/\``,
  ]),
  [() => ({ deliveryRuntime: Runtime.NODEJS_20_X }), 'deliveryRuntime must be Node.js 22 or newer, got "nodejs20.x"; the function is built for it'],
  [() => ({ deliveryRuntime: Runtime.PYTHON_3_12 }), 'deliveryRuntime must be Node.js 22 or newer, got "python3.12"; the function is built for it'],
  [() => ({ deadLetterQueue: Queue.fromQueueArn(stack, 'Fifo', 'arn:aws:sqs:eu-west-1:111122223333:letters.fifo') }),
    'deadLetterQueue must be a standard queue, got "a FIFO queue"; dead letters have no order, and a rule would need a message group'],
  [
    () => ({ formerResultPrefixes: ['old/', 'older'] }),
    'every one of formerResultPrefixes must be a key prefix that ends in a slash and does not start with one, got "older"; such as `results/`',
  ],
  [
    () => ({ formerResultPrefixes: Token.asList({ Ref: 'Prefixes' }) }),
    'formerResultPrefixes must be known at synthesis, got "a token"; write the list out; its entries may be tokens',
  ],
  [
    () => ({ formerResultPrefixes: ['results/'] }),
    'every one of formerResultPrefixes must be another one than resultPrefix, got "results/"; leave it out: results lie there now',
  ],
  [
    () => ({ formerResultPrefixes: ['a/', 'b/', 'c/', 'd/', 'e/', 'f/'] }),
    'formerResultPrefixes must be at most 5, got "6 prefixes"; leave out those that nobody waits for any more',
  ],
  ...['../', './', 'a/../b/', 'a/./', `${'a'.repeat(500)}/`].map((resultPrefix): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ resultPrefix }),
    `resultPrefix must be up to 500 characters without the steps . and .., got "${resultPrefix}"; such as \`results/\``,
  ]),
  ...(['database', 'catalog'] as const).map((name): [() => AsyncAthenaQueryApiProps, string] => [
    () => ({ [name]: '' }), `${name} must be a name, got ""; leave it out for the default`,
  ]),
  retention({ resultRetention: Duration.days(14) }, 15, '14 days'),
  retention({ resultRetention: Duration.hours(400) }, 15, '16 days 16 hours'),
  retention({ resultRetention: Duration.days(15), ...longestQuery }, 16, '15 days'),
  retention({ resultRetention: Duration.days(20), deliveryWindow: Duration.days(3) }, 21, '20 days'),
  retention({ resultRetention: Duration.days(21), deliveryWindow: Duration.days(3), ...longestQuery }, 22, '21 days'),
  [() => ({ resultRetention: Duration.days(30), resultBucket: bucket }),
    'resultRetention must be left out for your own bucket, got "both it and resultBucket"; set a lifecycle rule on that bucket instead'],
  [() => ({ workGroupName: 'analysts' }), 'resultBucket must be given together with workGroupName, got "nothing"; name the bucket that the workgroup writes to'],
  [() => ({ workGroupName: 'work group', resultBucket: bucket }),
    'workGroupName must be 1 to 128 letters, digits, dots, underscores and hyphens, got "work group"; give the name, not the ARN'],
  [() => ({ workGroupName: 'analysts', resultBucket: bucket, bytesScannedCutoffPerQuery: Size.gibibytes(1) }),
    'bytesScannedCutoffPerQuery must be left out for your own workgroup, got "both it and workGroupName"; set it on that workgroup instead'],
  [() => ({ removalPolicy: RemovalPolicy.SNAPSHOT }),
    'removalPolicy must be RETAIN, RETAIN_ON_UPDATE_OR_DELETE or DESTROY, got "snapshot"; there are no snapshots of what is stored here'],
  ...[Duration.seconds(0), Duration.seconds(301)].map((interval): [() => AsyncAthenaQueryApiProps, string] => [
    completion(() => QueryCompletion.polling({ interval })),
    `interval of QueryCompletion.polling must be ${SECONDS} 1 second to 5 minutes, got "${interval.toHumanString()}"; the default is 15 seconds`,
  ]),
  [completion(() => QueryCompletion.adaptivePolling({ maxInterval: Duration.minutes(6) })),
    `maxInterval of QueryCompletion.adaptivePolling must be ${SECONDS} 1 second to 5 minutes, got "6 minutes"; the default is 30 seconds`],
  ...[0, 101, 2.5, Infinity].map((percentage): [() => AsyncAthenaQueryApiProps, string] => [
    completion(() => QueryCompletion.adaptivePolling({ percentage })),
    `percentage of QueryCompletion.adaptivePolling must be a whole number from 1 to 100, got ${percentage}; the default is 25`,
  ]),
  [() => ({ announcements: Array.from({ length: 11 }, () => QueryAnnouncement.topic({ topic })) }),
    'announcements must be at most 10, got "11 of them"; announce to one topic or event bus, and let the others subscribe to it'],
  [callback([]), 'hosts of CallbackPolicy.hosts must be a list of at least one host, got []; name a host, or use CallbackPolicy.publicHosts()'],
  [callback([...manyHosts.slice(1), 'h100.listed.example.com']),
    'hosts of CallbackPolicy.hosts must be a list of up to 2500 characters in all, got "100 hosts of 2501 characters"; name subdomains together, such as *.example.com'],
  ...['https://hooks.example.com', 'hooks.example.com/x', 'hooks.example.com:443', 'localhost', '*', '*.com', '127.0.0.1', '[::1]', 'a.*.example.com', '*.*.example.com',
    'hooks.example.com.', 'h\u00f6oks.example.com', ''].map((host): [() => AsyncAthenaQueryApiProps, string] => [
    callback(['ok.example.com', host]),
    `every host of CallbackPolicy.hosts must be a fully qualified name, or one after \`*.\`, got "${host}"; leave out scheme, port and path, such as hooks.example.com`,
  ]),
  ...['', '*', 'sal*', 'a/b'].map((database): [() => AsyncAthenaQueryApiProps, string] => [
    tables({ database }), `database of QueryableData.glueTables must be the name of one database, got "${database}"; add one QueryableData for each database`,
  ]),
  [tables({ tables: [] }), 'tables of QueryableData.glueTables must be a list of at least one table, got []; leave tables out for all tables of the database'],
  [tables({ tables: ['orders', '*'] }), 'every table of QueryableData.glueTables must be the name of one table, got "*"; leave tables out for all tables of the database'],
  ...['/', '/shop/', 'shop*', 'shop*/', 'sh?p/', 'shop', 'shop/2026'].map((prefix): [() => AsyncAthenaQueryApiProps, string] => [
    tables({ prefix }),
    'prefix of QueryableData.glueTables must be a key prefix that ends in a slash, does not start with one and has no wildcard, '
      + `got "${prefix}"; such as \`sales/\`: without the slash it would also be of \`sales-private/\``,
  ]),
];

testRefused(QUERIES, refused);

describe('addDashboard', () => {
  const dashboardOf = (...calls: QueryDashboardOptions[]) => () => synth(undefined, (queries) => {
    for (const options of calls) queries.addDashboard(options);
  });

  test.each([
    [{ dashboardName: 'a b' }, 'dashboardName of addDashboard must be 1 to 255 letters, digits, hyphens and underscores, got "a b"; leave it out for a name that is free'],
    [{ defaultInterval: Duration.minutes(4) }, `defaultInterval of addDashboard must be ${SECONDS} 5 minutes to 455 days, got "4 minutes"; the default is 1 day`],
    [{ defaultInterval: Duration.days(456) }, `defaultInterval of addDashboard must be ${SECONDS} 5 minutes to 455 days, got "456 days"; the default is 1 day`],
    [{ defaultInterval: Duration.seconds(Token.asNumber({ Ref: 'Number' })) },
      'defaultInterval of addDashboard must be known at synthesis, got "a token"; the dashboard is written from it'],
  ])('%j is refused', (options, message) => {
    expect(dashboardOf(options)).toThrow(refusal(message));
  });

  test('a second call says what to do instead', () => {
    expect(dashboardOf({}, {})).toThrow(refusal('addDashboard must be called once, got "another call"; add further widgets to the dashboard that the first call returned'));
  });

  test('there is none without a call, and its name and interval are those that are given', () => {
    synth().template.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
    for (const [options, start] of [[{}, '-P1D'], [{ dashboardName: 'queries', defaultInterval: Duration.hours(6) }, '-PT6H']] as const) {
      const { DashboardName, DashboardBody } = only(dashboardOf(options)().template, 'AWS::CloudWatch::Dashboard').Properties;
      expect(DashboardName).toBe('dashboardName' in options ? options.dashboardName : undefined);
      expect(JSON.parse(String(plain(DashboardBody)))).toMatchObject({ start });
    }
  });
});

describe('boundaries that are allowed', () => {
  testAllowed(QUERIES, [
    ['the least of each', () => ({
      queryTimeout: Duration.seconds(1),
      callbackTimeout: Duration.seconds(1),
      deliveryWindow: Duration.minutes(1),
      linkExpiry: Duration.minutes(1),
      throttlingRateLimit: 1,
      throttlingBurstLimit: 1,
      stageName: '_',
      deliveryMemorySize: 128,
      deliveryReservedConcurrency: 1,
      bytesScannedCutoffPerQuery: Size.bytes(10_000_000),
      resultRetention: Duration.days(15),
      resultPrefix: 'a/',
    })],
    ['the most of each', () => ({
      queryTimeout: Duration.hours(24),
      queryCompletion: QueryCompletion.polling({ interval: Duration.minutes(5) }),
      callbackTimeout: Duration.seconds(30),
      deliveryWindow: Duration.days(3),
      linkExpiry: Duration.hours(1),
      throttlingRateLimit: 10_000,
      throttlingBurstLimit: 5_000,
      stageName: 'x'.repeat(128),
      deliveryMemorySize: 10_240,
      deliveryReservedConcurrency: 10_000,
      bytesScannedCutoffPerQuery: Size.pebibytes(1),
      resultPrefix: "A-Z/0_9!.()'/",
      resultRetention: Duration.days(22),
    })],
    ['the longest window with the shortest retention', () => ({ deliveryWindow: Duration.days(3), resultRetention: Duration.days(21) })],
    ['the longest query with the shortest retention', () => ({ ...longestQuery, resultRetention: Duration.days(16) })],
    ['a prefix of 500 characters', () => ({ resultPrefix: `${'a'.repeat(499)}/` })],
    ['dots within the names of a prefix', () => ({ resultPrefix: '..a/b./.../v1.0/' })],
    ['data under no prefix, one step and several', () => ({
      queryableData: [undefined, '', 's/', 'shop/2026/'].map((prefix) => QueryableData.glueTables({ database: 'sales', bucket, prefix })),
    })],
    ['ten announcements', () => ({ announcements: Array.from({ length: 10 }, () => QueryAnnouncement.topic({ topic })) })],
    ['a list of hosts of 2,500 characters', callback(manyHosts)],
    ['seconds in another unit', () => ({ callbackTimeout: Duration.millis(2000), queryTimeout: Duration.days(1 / 24) })],
    ['fixed polling every second', () => ({ queryTimeout: Duration.minutes(15), queryCompletion: QueryCompletion.polling({ interval: Duration.seconds(1) }) })],
    ['the shortest longest interval', () => ({
      queryTimeout: Duration.minutes(15), queryCompletion: QueryCompletion.adaptivePolling({ percentage: 100, maxInterval: Duration.seconds(1) }),
    })],
    ['the flattest growth', completion(() => QueryCompletion.adaptivePolling({ percentage: 1, maxInterval: Duration.minutes(5) }))],
    ['retained on update or delete', () => ({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE })],
    ['a newer runtime', () => ({ deliveryRuntime: Runtime.NODEJS_22_X })],
    ['a workgroup of 128 characters', () => ({ workGroupName: 'w'.repeat(128), resultBucket: bucket })],
    ['an upper-case host', callback(['HOOKS.EXAMPLE.COM', '*.Example.org'])],
  ]);
});

describe('values known only at deployment', () => {
  const number = () => Token.asNumber({ Ref: 'Number' });

  testRefusedTokens(QUERIES, [
    ['queryTimeout', () => ({ queryTimeout: Duration.seconds(number()) }), 'the workflow is computed from it'],
    ['callbackTimeout', () => ({ callbackTimeout: Duration.seconds(number()) }), 'the workflow is computed from it'],
    ['deliveryWindow', () => ({ deliveryWindow: Duration.seconds(number()) }), 'the workflow is computed from it'],
    ['stageName', () => ({ stageName: Token.asString({ Ref: 'Stage' }) }), 'the id of the stage is made from it'],
    ['interval of QueryCompletion.polling', completion(() => QueryCompletion.polling({ interval: Duration.seconds(number()) })),
      'the number of polls is computed from it'],
    ['maxInterval of QueryCompletion.adaptivePolling', completion(() => QueryCompletion.adaptivePolling({ maxInterval: Duration.seconds(number()) })),
      'the waits are computed from it'],
    ['percentage of QueryCompletion.adaptivePolling', completion(() => QueryCompletion.adaptivePolling({ percentage: number() })),
      'the waits are computed from it'],
    ['hosts of CallbackPolicy.hosts', callback([Token.asString({ Ref: 'Host' })]), 'write the names out: the request model is made from them'],
    ['hosts of CallbackPolicy.hosts', callback(Token.asList({ Ref: 'Hosts' })), 'write the names out: the request model is made from them'],
  ]);

  testReachingTokens(QUERIES, 'every other value reaches the template', ({ text, number: numberOf }, parent) => ({
    linkExpiry: Duration.seconds(numberOf('LinkExpiry')),
    throttlingRateLimit: numberOf('Rate'),
    throttlingBurstLimit: numberOf('Burst'),
    managementThrottlingRateLimit: numberOf('ManagementRate'),
    managementThrottlingBurstLimit: numberOf('ManagementBurst'),
    deliveryMemorySize: numberOf('Memory'),
    deliveryReservedConcurrency: numberOf('Concurrency'),
    bytesScannedCutoffPerQuery: Size.bytes(numberOf('Cutoff')),
    resultRetention: Duration.days(numberOf('Retention')),
    resultPrefix: text('Prefix'),
    database: text('Database'),
    catalog: text('Catalog'),
    queryableData: [QueryableData.glueTables({
      database: text('DataBase'), tables: [text('Table')], prefix: text('Shop'), bucket: Bucket.fromBucketName(parent, 'Data', text('DataBucket')),
    })],
  }), ({ template }) => {
    expect(deliveryEnvironment(template)).toMatchObject({ LINK_EXPIRY_SECONDS: '<LinkExpiry>', RESULT_LOCATION: expect.stringMatching(/\/<Prefix>$/) });
    const managed = { ThrottlingRateLimit: '<ManagementRate>', ThrottlingBurstLimit: '<ManagementBurst>' };
    expect(plain(only(template, 'AWS::ApiGateway::Stage').Properties.MethodSettings))
      .toMatchObject([{ ThrottlingRateLimit: '<Rate>', ThrottlingBurstLimit: '<Burst>' }, managed, managed, managed]);
    expect(plain(only(template, 'AWS::Athena::WorkGroup').Properties)).toMatchObject({ WorkGroupConfiguration: { BytesScannedCutoffPerQuery: '<Cutoff>' } });
    expect(plain(only(template, 'AWS::Lambda::Function', 'Delivery').Properties)).toMatchObject({ MemorySize: '<Memory>', ReservedConcurrentExecutions: '<Concurrency>' });
    expect(plain(only(template, 'AWS::S3::Bucket').Properties)).toMatchObject({ LifecycleConfiguration: { Rules: [{ ExpirationInDays: '<Retention>' }] } });
    expect(definitionOf(template).States['Start Query']).toMatchObject({ Parameters: { QueryExecutionContext: { Catalog: '<Catalog>', Database: '<Database>' } } });
    expect(roleStatements(template, 'QueriesQueryRole').flatMap(({ Resource }) => Resource))
      .toEqual(expect.arrayContaining([expect.stringMatching(/:table\/<DataBase>\/<Table>$/), 'arn:<AWS::Partition>:s3:::<DataBucket>/<Shop>*']));
  });

  testReachingTokens(QUERIES, 'a workgroup and a bucket by parameter', ({ text }, parent) => ({
    workGroupName: text('Group'), resultBucket: Bucket.fromBucketName(parent, 'Mine', text('BucketName')),
  }), ({ template }) => {
    expect(definitionOf(template).States['Start Query']).toMatchObject({ Parameters: { WorkGroup: '<Group>' } });
    expect(deliveryEnvironment(template).RESULT_LOCATION).toBe('s3://<BucketName>/results/');
  });
});
