import { SourceEnvironment } from '../../../../src/paged-batch-etl/contracts/source-function';
import { readCustomConfig, readMongoConfig } from '../../../../src/paged-batch-etl/source-functions/reader/source-config';
import { Environment } from '../../../../src/private/runtime/environment';
import { outcomeOf, RULES, SECRET_ARN, SOURCE } from '../harness';

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:source';

const ENVIRONMENT = {
  PARAMETERS: JSON.stringify(RULES),
  PAGE_BYTES: '184320',
  MAX_BATCH_SIZE: '100',
  MONGO_SOURCE: JSON.stringify(SOURCE),
  CONNECTION_SECRET_ARN: SECRET_ARN,
  SOURCE_FUNCTION_ARN: FUNCTION_ARN,
  AWS_LAMBDA_FUNCTION_NAME: 'reader',
};

const COMMON = { rules: RULES, pageBytes: 184_320, maxBatchSize: 100, failEmptyRun: false, functionName: 'reader' };

const outcome = (environment: Environment) => outcomeOf(() => [readMongoConfig(environment), readCustomConfig(environment)]);

test('the environment becomes the configuration', () => {
  expect(readMongoConfig(ENVIRONMENT)).toEqual({ ...COMMON, source: SOURCE, connectionSecretArn: SECRET_ARN });
  expect(readCustomConfig(ENVIRONMENT)).toEqual({ ...COMMON, sourceFunctionArn: FUNCTION_ARN });
});

test('all that may be set is read', () => {
  const source = {
    ...SOURCE,
    engine: 'documentDb',
    host: 'a.example.com:27017',
    srv: false,
    filter: '{}',
    projection: ['a'],
    hint: 'a_1',
    readConcern: 'majority',
    collation: { locale: 'de', strength: 2, numericOrdering: true, caseFirst: 'upper' },
  };
  expect(readMongoConfig({ ...ENVIRONMENT, MONGO_SOURCE: JSON.stringify(source) }).source).toEqual(source);
});

const {
  CERTIFICATE_AUTHORITY_SECRET_ARN, EMPTY_RUN, IDEMPOTENCY,
  PAGE_BUCKET, PAGE_PREFIX, PAGE_OBJECT_BYTES, PAGE_BATCH_BYTES, PAGE_BATCH_TEXT_BYTES, PAGE_BATCH_ITEMS,
  LETTERS_BUCKET, LETTERS_PREFIX,
  ...NEEDED
} = SourceEnvironment;

describe('a bucket of pages', () => {
  const bucket = { [PAGE_BUCKET]: 'pages', [PAGE_PREFIX]: 'etl/', [PAGE_OBJECT_BYTES]: '16777216', [PAGE_BATCH_BYTES]: '204800', [PAGE_BATCH_TEXT_BYTES]: '245760' };

  test('may be there, with how large pages get', () => {
    const pageBucket = { name: 'pages', prefix: 'etl/', pageBytes: 16_777_216, batch: { bytes: 204_800, textBytes: 245_760 } };
    expect(readCustomConfig({ ...ENVIRONMENT, ...bucket }).pageBucket).toEqual(pageBucket);
    expect(readMongoConfig({ ...ENVIRONMENT, ...bucket, [PAGE_PREFIX]: undefined }).pageBucket).toEqual({ ...pageBucket, prefix: '' });
    expect(readCustomConfig({ ...ENVIRONMENT, ...bucket, [PAGE_BATCH_ITEMS]: '120' }).pageBucket?.batch.items).toBe(120);
  });

  test.each([[PAGE_PREFIX, 'etl'], [PAGE_OBJECT_BYTES, undefined], [PAGE_OBJECT_BYTES, '0'], [PAGE_BATCH_BYTES, undefined], [PAGE_BATCH_TEXT_BYTES, undefined], [PAGE_BATCH_ITEMS, '0']])('cannot have %s be %s', async (name, value) => {
    const { message } = await outcome({ ...ENVIRONMENT, ...bucket, [name]: value });
    expect(message).toMatch(new RegExp(`^The function is not configured: ${name} must be `));
  });
});

test('a bucket of letters may be there, with what their keys begin with', async () => {
  const letters = { [LETTERS_BUCKET]: 'letters', [LETTERS_PREFIX]: 'dead-letters/' };
  expect(readCustomConfig({ ...ENVIRONMENT, ...letters }).letters).toEqual({ name: 'letters', prefix: 'dead-letters/' });
  for (const wrong of [undefined, '', 'dead-letters']) {
    expect((await outcome({ ...ENVIRONMENT, ...letters, [LETTERS_PREFIX]: wrong })).message).toContain(LETTERS_PREFIX);
  }
});

test('that an empty run fails may be there', () => {
  expect(readCustomConfig({ ...ENVIRONMENT, [EMPTY_RUN]: 'fail' }).failEmptyRun).toBe(true);
});

test('what idempotency keys depend on may be there', async () => {
  const idempotency = { scope: 'window', construct: 'eu-west-1/111122223333/Stack/c8' };
  expect(readMongoConfig({ ...ENVIRONMENT, [IDEMPOTENCY]: JSON.stringify(idempotency) }).idempotency).toEqual(idempotency);
  expect(await outcome({ ...ENVIRONMENT, [IDEMPOTENCY]: JSON.stringify({ ...idempotency, scope: 'run' }) })).toMatchObject({
    name: 'SourceRefused', message: expect.stringContaining(IDEMPOTENCY),
  });
});

test('an authority may be there', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:authority-AbCdEf';
  expect(readMongoConfig({ ...ENVIRONMENT, [CERTIFICATE_AUTHORITY_SECRET_ARN]: arn }).certificateAuthoritySecretArn).toBe(arn);
});

test.each([...Object.values(NEEDED), 'AWS_LAMBDA_FUNCTION_NAME'])('%s must be there', async (name) => {
  const { name: error, message } = await outcome({ ...ENVIRONMENT, [name]: undefined });
  expect(error).toBe('SourceRefused');
  expect(message).toMatch(new RegExp(`^The function is not configured: ${name} must be `));
});

const changedSource = (changes: Record<string, unknown>) => JSON.stringify({ ...SOURCE, ...changes });

test.each([
  ['PARAMETERS', '[]'], ['PARAMETERS', '{"a":{"type":"number"}}'], ['PARAMETERS', '{"a":{}}'], ['PARAMETERS', '{"a":{"type":"date","zone":"UTC"}}'],
  ['EMPTY_RUN', 'succeed'], ['PAGE_BYTES', '0'], ['PAGE_BYTES', '1e5'], ['MAX_BATCH_SIZE', '-1'], ['CONNECTION_SECRET_ARN', 'mongo'], ['CERTIFICATE_AUTHORITY_SECRET_ARN', ''], ['SOURCE_FUNCTION_ARN', 'source'],
  ['MONGO_SOURCE', 'null'], ['MONGO_SOURCE', changedSource({ engine: 'sql' })], ['MONGO_SOURCE', changedSource({ tls: 'true' })],
  ['MONGO_SOURCE', changedSource({ tls: undefined })], ['MONGO_SOURCE', changedSource({ database: '' })], ['MONGO_SOURCE', changedSource({ sort: '_id' })],
  ['MONGO_SOURCE', changedSource({ readPreference: 'fastest' })], ['MONGO_SOURCE', changedSource({ readConcern: 'some' })],
  ['MONGO_SOURCE', changedSource({ collation: { strength: 2 } })], ['MONGO_SOURCE', changedSource({ collation: { locale: 'de', strength: {} } })],
  ['MONGO_SOURCE', changedSource({ timeoutMS: 5 })],
])('%s=%s is refused by name', async (name, value) => {
  const { name: error, message } = await outcome({ ...ENVIRONMENT, [name]: value });
  expect(error).toBe('SourceRefused');
  expect(message).toContain(name);
});
