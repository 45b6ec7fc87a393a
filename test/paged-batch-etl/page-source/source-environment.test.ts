/** What the construct writes and what the source functions read are two files: here they meet. */
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { PageSource, RunParameter } from '../../../src';
import { readCustomConfig, readMongoConfig } from '../../../src/paged-batch-etl/source-functions/reader/source-config';
import { everyEtlOption } from '../../support/every-etl-option';
import { EtlProps, importedFunction, importedSecret, mongoConfig, mongoSource, sourceEnvironment, synthEtl } from '../../support/synth-etl';

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

test('the function before a custom source understands its environment', () => {
  const environment = environmentOf((stack) => ({
    source: PageSource.custom({ handler: importedFunction(stack, 'invoices') }), parameters: { day: RunParameter.date({ timeZone: 'Europe/Berlin' }) }, batchSize: 7,
  }));
  expect(readCustomConfig(environment)).toEqual({
    rules: { day: { type: 'date', timeZone: 'Europe/Berlin' } },
    pageBytes: 184_320,
    maxBatchSize: 7,
    functionName: 'source',
    sourceFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:invoices',
  });
});
