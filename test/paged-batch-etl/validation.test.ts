import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { MongoSourceOptions, PageSource, RunParameter } from '../../src';
import { testAllowed, testReachingTokens, testRefused, testRefusedTokens } from '../support/construct-kit/props-checks';
import { ETL, EtlProps, importedFunction, importedSecret, mongoConfig, mongoSource, sourceOf } from '../support/synth-etl';
import { resourcesOfType } from '../support/template';

const source = (options: Partial<MongoSourceOptions>): EtlProps => (stack) => ({ source: mongoSource(stack, options) });
const parameter = (name: string): EtlProps => (stack) => ({
  source: mongoSource(stack, { filter: undefined }), parameters: { [name]: RunParameter.text() },
});
const custom = (timeout: Duration): EtlProps => (stack) => ({ source: PageSource.custom({ handler: importedFunction(stack, 'source'), timeout }) });

const refused: [props: EtlProps, message: string][] = [
  ...['', '1st', 'date-begin', 'date begin', 'dat\u00e9', '$x', 'a.b', 'x'.repeat(65)].map((name): [EtlProps, string] => [
    parameter(name), `every name in parameters must be 1 to 64 letters, digits and underscores, and not start with a digit, got "${name}"; such as date_begin`,
  ]),
  [parameter('__proto__'), 'every name in parameters must be another one than __proto__, got "__proto__"; JavaScript loses a member of that name'],
  ...['batch_size', 'progress', 'AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID'].map((name): [EtlProps, string] => [
    parameter(name),
    `every name in parameters must be another one than batch_size, progress, AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID, got "${name}"; `
      + 'these mean something else in the input of a run',
  ]),
  ...[0, -1, 1.5, NaN, 10_001].map((batchSize): [EtlProps, string] => [
    () => ({ batchSize }), `batchSize must be a whole number from 1 to 10000, got ${batchSize}; more items fit neither into a page nor, with PageTransport.s3, into a call; leave it out for the default`,
  ]),
  [() => ({ sourceRuntime: Runtime.NODEJS_20_X }), 'sourceRuntime must be Node.js 22 or newer, got "nodejs20.x"; the function is built for it'],
  [() => ({ removalPolicy: RemovalPolicy.SNAPSHOT }),
    'removalPolicy must be RETAIN, RETAIN_ON_UPDATE_OR_DELETE or DESTROY, got "snapshot"; there are no snapshots of what is stored here'],
  ...['', 'my.db', 'a/b', 'x'.repeat(64)].map((database): [EtlProps, string] => [
    source({ database }), `database of PageSource.mongo must be the name of one database, got "${database}"; leave out the collection`,
  ]),
  ...['', 'system.views', 'a$b'].map((collection): [EtlProps, string] => [
    source({ collection }), `collection of PageSource.mongo must be the name of one collection, got "${collection}"; leave out the database`,
  ]),
  [source({ hint: '' }), 'hint of PageSource.mongo must be the name of an index, got ""; leave it out to let the server choose'],
  ...['', 'mongodb://host', 'user@host', 'host:port', 'a,,b', 'host/db'].map((host): [EtlProps, string] => [
    source({ host }),
    `host of PageSource.mongo must be a host, or several with commas between them, each with or without a port, got "${host}"; `
      + 'a connection string belongs into the secret',
  ]),
  ...['host:27017', 'a,b'].map((host): [EtlProps, string] => [
    source({ host, srv: true }),
    `host of PageSource.mongo must be one name without a port where srv is true, got "${host}"; the name is looked up for hosts and ports`,
  ]),
  [source({ srv: true }),
    'host of PageSource.mongo must be one name without a port where srv is true, got "nothing"; the name is looked up for hosts and ports'],
  ...[[], ['runDate'], ['_id', 'runDate']].map((sort): [EtlProps, string] => [
    source({ sort, filter: undefined }),
    `sort of PageSource.mongo must be a list of fields that ends in _id, got ${JSON.stringify(sort)}; without it, two documents could be at the same place`,
  ]),
  ...['', '$a', 'a.', '.a', 'a.$b'].map((field): [EtlProps, string] => [
    source({ sort: [field, '_id'], filter: undefined }),
    `every field in sort of PageSource.mongo must be the name of a field, or a path with dots, got "${field}"; such as address.city`,
  ]),
  [source({ sort: ['a', 'a', '_id'], filter: undefined }),
    'every field in sort of PageSource.mongo must be no part of a, got "a"; name one of them only'],
  [source({ sort: ['-runDate', '_id'], filter: undefined }),
    'every field in sort of PageSource.mongo must be the name of a field alone, got "-runDate"; pages are walked in ascending order only'],
  [source({ sort: ['_id.a', '_id'], filter: undefined }),
    'every field in sort of PageSource.mongo must be no part of _id, got "_id.a"; name one of them only'],
  [source({ projection: [] }), 'projection of PageSource.mongo must be a list of at least one field, got []; leave it out for the default'],
  [source({ projection: ['a.b', 'a'] }), 'every field in projection of PageSource.mongo must be no part of a, got "a.b"; name one of them only'],
  [source({ projection: ['a', '$b'] }),
    'every field in projection of PageSource.mongo must be the name of a field, or a path with dots, got "$b"; such as address.city'],
  ...[Duration.seconds(9), Duration.seconds(1_801), Duration.millis(10_500)].map((timeout): [EtlProps, string] => [
    source({ timeout }),
    `timeout of PageSource.mongo must be whole seconds from 10 seconds to 30 minutes, got "${timeout.toHumanString()}"; the default is 1 minute`,
  ]),
  ...[255, 10_241, 512.5].map((memorySize): [EtlProps, string] => [
    source({ memorySize }), `memorySize of PageSource.mongo must be a whole number from 256 to 10240, got ${memorySize}; the default is 1769`,
  ]),
  [source({ vpcSubnets: {} }),
    'vpc of PageSource.mongo must be given together with vpcSubnets and securityGroups, got "nothing"; name the VPC that these are of'],
  [(stack) => ({ source: mongoSource(stack, { securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] }) }),
    'vpc of PageSource.mongo must be given together with vpcSubnets and securityGroups, got "nothing"; name the VPC that these are of'],
  [(stack) => ({
    source: mongoSource(stack, {
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], publicSubnetIds: ['subnet-1'] }), vpcSubnets: { subnetType: SubnetType.PUBLIC },
    }),
  }), 'vpcSubnets of PageSource.mongo must be private or isolated subnets, got "the public subnets PublicSubnet1"; '
    + 'a function has no public address, so choose subnets with a route to a NAT gateway, as with { subnetType: SubnetType.PRIVATE_WITH_EGRESS }'],
  [(stack) => ({ source: mongoSource(stack, { tls: false, certificateAuthority: importedSecret(stack, 'authority') }) }),
    'certificateAuthority of PageSource.mongo must be left out where tls is false, got "a secret"; nobody shows a certificate there'],
  [source({ mixedIdTypes: true }),
    'mixedIdTypes of PageSource.mongo must be false where sort has other fields than _id, got true; walk by _id alone, or let the filter leave one type ($type)'],
  [source({ collation: { locale: '' } }), 'locale of the collation of PageSource.mongo must be the name of a locale, got ""; such as en'],
  ...[0, 6, 1.5].map((strength): [EtlProps, string] => [
    source({ collation: { locale: 'en', strength } }),
    `strength of the collation of PageSource.mongo must be a whole number from 1 to 5, got ${strength}; the default of the server is 3`,
  ]),
  [(stack) => ({
    source: PageSource.documentDb({
      connectionSecret: importedSecret(stack), vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'] }), database: 'd', collection: '',
    }),
  }), 'collection of PageSource.documentDb must be the name of one collection, got ""; leave out the database'],
  ...[Duration.millis(500), Duration.minutes(30)].map((timeout): [EtlProps, string] => [
    custom(timeout),
    `timeout of PageSource.custom must be whole seconds from 1 second to 29 minutes, got "${timeout.toHumanString()}"; let the function answer smaller pages`,
  ]),
];

testRefused(ETL, refused);

describe('boundaries that are allowed', () => {
  testAllowed(ETL, [
    ['the least of each', (stack) => ({
      batchSize: 1,
      parameters: { a: RunParameter.text() },
      source: mongoSource(stack, { filter: undefined, sort: ['_id'], database: 'd', collection: 'c', timeout: Duration.seconds(10), memorySize: 256, host: 'h' }),
    })],
    ['the most of each', (stack) => ({
      batchSize: 10_000,
      parameters: { ['_'.repeat(64)]: RunParameter.text() },
      source: mongoSource(stack, {
        filter: undefined,
        sort: ['a.b.c', 'a.b.d', 'e', '_id'],
        database: 'd'.repeat(63),
        collection: 'a.b c',
        timeout: Duration.minutes(30),
        memorySize: 10_240,
        host: 'a.example.com:27017,[2001:db8::1]:27017,192.0.2.1',
        projection: ['a.b', 'a.c', 'ab'],
      }),
    })],
    ['a seed list', source({ host: 'cluster0.example.mongodb.net', srv: true })],
    ['the shortest custom time-out', custom(Duration.seconds(1))],
    ['the longest custom time-out', custom(Duration.minutes(14))],
    ['a newer runtime', () => ({ sourceRuntime: Runtime.NODEJS_22_X })],
    ['retained on update or delete', () => ({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE })],
  ]);
});

describe('values known only at deployment', () => {
  const number = () => Token.asNumber({ Ref: 'Number' });

  testRefusedTokens(ETL, [
    ['batchSize', () => ({ batchSize: number() }), 'the pages of an execution are computed from it'],
    ['every name in parameters', parameter(Token.asString({ Ref: 'Name' })), 'write the names out: the workflow is made from them'],
    ['sort of PageSource.mongo', source({ sort: [Token.asString({ Ref: 'Field' }), '_id'], filter: undefined }),
      'write the fields out: the filter is checked against them'],
    ['sort of PageSource.mongo', source({ sort: Token.asList({ Ref: 'Fields' }), filter: undefined }), 'write the fields out: the filter is checked against them'],
    ['projection of PageSource.mongo', source({ projection: Token.asList({ Ref: 'Fields' }) }), 'write the list out; its fields may be tokens'],
    ['timeout of PageSource.mongo', source({ timeout: Duration.seconds(number()) }), 'the workflow is computed from it'],
    ['timeout of PageSource.custom', custom(Duration.seconds(number())), 'the workflow is computed from it'],
  ]);

  testReachingTokens(ETL, 'every other value reaches the template', ({ text, number: numberOf }, parent) => ({
    source: mongoSource(parent, {
      database: text('Database'),
      collection: text('Collection'),
      host: text('Host'),
      srv: true,
      hint: text('Hint'),
      projection: [text('Field')],
      memorySize: numberOf('Memory'),
      collation: { locale: text('Locale') },
    }),
    parameters: {
      date_begin: RunParameter.date({ defaultValue: text('Begin') }),
      date_end: RunParameter.date({ defaultValue: text('End') }),
      least: RunParameter.integer({ defaultValue: numberOf('Least') }),
    },
  }), ({ template }) => {
    expect(mongoConfig(template)).toMatchObject({
      database: '<Database>', collection: '<Collection>', host: '<Host>', hint: '<Hint>', projection: ['<Field>'], collation: { locale: '<Locale>' },
    });
    expect(sourceOf(template).Properties.MemorySize).toEqual({ Ref: 'Memory' });
    const machines = JSON.stringify(resourcesOfType(template, 'AWS::StepFunctions::StateMachine').map((machine) => machine.Properties));
    expect(['Begin', 'End', 'Least'].filter((name) => !machines.includes(`{"Ref":"${name}"}`))).toEqual([]);
  });
});
