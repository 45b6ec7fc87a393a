/** What the construct writes and what the source functions read are two files: here they meet. */
import { Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { EmptyRun, MongoAlternate, MongoCaseFirst, MongoCollation, MongoMaxVariable, PageSource, RunParameter } from '../../../src';
import { mongoSourceConfig } from '../../../src/paged-batch-etl/contracts/source-function';
import { readCustomConfig, readMongoConfig } from '../../../src/paged-batch-etl/source-functions/reader/source-config';
import { everyEtlOption } from '../../support/every-etl-option';
import { EtlProps, importedFunction, importedSecret, mongoConfig, mongoSource, sourceEnvironment, synthEtl } from '../../support/synth-etl';

const EVERY_COLLATION_OPTION: Required<MongoCollation> = {
  locale: 'en',
  strength: 2,
  caseLevel: true,
  caseFirst: MongoCaseFirst.UPPER,
  numericOrdering: true,
  alternate: MongoAlternate.SHIFTED,
  maxVariable: MongoMaxVariable.SPACE,
  backwards: true,
  normalization: true,
};

/** As Lambda has it at run time, in one Region and account. */
function environmentOf(props: EtlProps): Record<string, string> {
  const variables = Object.entries(sourceEnvironment(synthEtl(props).template)).map(([name, value]) => [
    name, value.replaceAll('<AWS::Partition>', 'aws').replaceAll('<AWS::Region>', 'eu-west-1').replaceAll('<AWS::AccountId>', '111122223333'),
  ]);
  return { ...Object.fromEntries(variables), AWS_LAMBDA_FUNCTION_NAME: 'source' };
}

test.each<[string, EtlProps]>([
  ['no more than must be', () => ({})],
  ['every option', everyEtlOption],
  ['a seed list', (stack) => ({ source: mongoSource(stack, { host: 'cluster0.example.mongodb.net', srv: true, tls: true }) })],
  ['mixed types', (stack) => ({ source: mongoSource(stack, { sort: ['_id'], filter: undefined, mixedIdTypes: true }) })],
  ['a private authority', (stack) => ({ source: mongoSource(stack, { certificateAuthority: importedSecret(stack, 'authority') }) })],
  ['no parameters', (stack) => ({ source: mongoSource(stack, { filter: undefined }), parameters: {} })],
  ['DocumentDB', (stack) => ({
    source: PageSource.documentDb({
      connectionSecret: importedSecret(stack),
      database: 'd',
      collection: 'c',
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a'], privateSubnetIds: ['subnet-a'] }),
    }),
  })],
])('a MongoDB source function understands its environment: %s', (_name, props) => {
  const environment = environmentOf(props);
  const config = readMongoConfig(environment);
  expect(config.source).toEqual(mongoConfig(synthEtl(props).template));
  expect(config).toMatchObject({
    rules: JSON.parse(environment.PARAMETERS),
    pageBytes: 184_320,
    functionName: 'source',
    connectionSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:connection',
    certificateAuthoritySecretArn: environment.CERTIFICATE_AUTHORITY_SECRET_ARN,
  });
});

/** An option that is declared and not mapped would be silent. */
test('every member of the configuration is written by some source, and every option of a collation', () => {
  const written = [everyEtlOption, (stack: Stack) => ({ source: mongoSource(stack, { host: 'one.example.com', srv: true, collation: EVERY_COLLATION_OPTION }) })]
    .map((props) => readMongoConfig(environmentOf(props)).source);
  const members = written.flatMap((source) => Object.entries(source)).filter(([, member]) => member !== undefined).map(([name]) => name);
  expect([...new Set(members)].sort()).toEqual(namesIn(() => mongoSourceConfig({ nothing: 1 }, '')));
  expect(written[1].collation).toEqual(EVERY_COLLATION_OPTION);
  expect(Object.keys(EVERY_COLLATION_OPTION).sort()).toEqual(namesIn(() => mongoSourceConfig({ ...written[0], collation: { nothing: 1 } }, '')));
});

/** The members that a shape knows, as it says when it is given another one. */
function namesIn(refused: () => unknown): string[] {
  try {
    refused();
  } catch (error) {
    return /no members but (.*)$/.exec(String(error))?.[1].split(', ').sort() ?? [];
  }
  return [];
}

test('the function before a custom source understands its environment', () => {
  const environment = environmentOf((stack) => ({
    source: PageSource.custom({ handler: importedFunction(stack, 'invoices') }), emptyRun: EmptyRun.FAIL, parameters: { day: RunParameter.date({ timeZone: 'Europe/Berlin' }) }, batchSize: 7,
  }));
  expect(readCustomConfig(environment)).toEqual({
    rules: { day: { type: 'date', timeZone: 'Europe/Berlin' } },
    pageBytes: 184_320,
    maxBatchSize: 7,
    failEmptyRun: true,
    functionName: 'source',
    sourceFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:invoices',
  });
});
