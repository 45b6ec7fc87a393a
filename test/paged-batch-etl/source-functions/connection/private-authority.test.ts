import { MongoClient } from 'mongodb';
import { createCertificates } from '../../../../local/http/certificates';
import { MongoServer } from '../../../../local/mongodb/mongo-server';
import { startMongo } from '../../../../local/mongodb/start-mongo';
import { handler } from '../../../../src/paged-batch-etl/source-functions/read-mongo-page.lambda';
import { useAwsStub } from '../../../support/aws-stub';
import { describeWhereMongo } from '../../../support/mongo';
import { outcomeOf, readEvent, SECRET_ARN, SOURCE, withTimeLeft } from '../harness';

const AUTHORITY_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:authority-AbCdEf';

const secrets = new Map<string, string>();
const stub = useAwsStub(({ body }, response) => void response.end(JSON.stringify({ SecretString: secrets.get(JSON.parse(body).SecretId) })));

describeWhereMongo('the function before a MongoDB server with a certificate of a private authority', () => {
  let server: MongoServer;
  let authority: string;
  beforeAll(async () => {
    const tls = await createCertificates({ hosts: ['127.0.0.1'] });
    authority = tls.caPem;
    server = await startMongo({ tls, own: true });
  });
  afterAll(async () => server.close());

  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('reads as soon as the secret with the authority is good', async () => {
    const database = server.newDatabase('reader');
    await database.collection<{ _id: string }>('jobs').insertOne({ _id: 'only' });
    Object.assign(process.env, {
      AWS_LAMBDA_FUNCTION_NAME: 'reader',
      PARAMETERS: '{}',
      PAGE_BYTES: '10000',
      MAX_BATCH_SIZE: '10',
      CONNECTION_SECRET_ARN: SECRET_ARN,
      CERTIFICATE_AUTHORITY_SECRET_ARN: AUTHORITY_ARN,
      MONGO_SOURCE: JSON.stringify({ ...SOURCE, database: database.databaseName }),
      NODE_EXTRA_CA_CERTS: '',
    });
    secrets.set(SECRET_ARN, `mongodb://127.0.0.1:${server.port}/`).set(AUTHORITY_ARN, JSON.stringify({ confidential: authority }));
    const lines: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    const connect = jest.spyOn(MongoClient.prototype, 'connect');
    const read = () => handler(readEvent({ parameters: {} }), withTimeLeft());

    expect(await outcomeOf(read)).toEqual({
      name: 'ConnectionSecretInvalid', message: 'The secret of the certificate authority is not PEM text of certificates and nothing else',
    });
    expect(connect).not.toHaveBeenCalled();

    secrets.set(AUTHORITY_ARN, authority);
    try {
      await expect(read()).resolves.toMatchObject({ items: [{ item: { _id: 'only' } }], done: true });
      await expect(read()).resolves.toMatchObject({ done: true });
    } finally {
      // The function keeps its client for ever, as its sandbox would be thrown away; a test process has to come to an end.
      await Promise.all(connect.mock.contexts.map((client) => (client instanceof MongoClient ? client.close() : undefined)));
    }
    expect(stub().calls.map(({ body }) => JSON.parse(body).SecretId).sort()).toEqual([AUTHORITY_ARN, AUTHORITY_ARN, SECRET_ARN, SECRET_ARN]);
    expect(lines.map((line) => JSON.parse(line).Outcome)).toEqual(['ConnectionSecretInvalid', 'Read', 'Read']);
    expect(lines.join()).not.toContain('confidential');
  });
}, { own: true });
