/** A customer key for executions, logs and results, known by an alias, and traces: everything works, and nothing does that lacks a right to the key. */
import { Duration } from 'aws-cdk-lib';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { DeployedApi } from './deployed-api';
import { needlessPermissions } from './permission-removal';

const SELECT = "SELECT 'Yq7Lw2' AS mark";

describe('with a customer key', () => {
  let api: DeployedApi;
  beforeAll(async () => {
    api = await DeployedApi.start({
      queries: (stack) => {
        const key = new Alias(stack, 'Alias', { aliasName: 'queries', targetKey: new Key(stack, 'Key') });
        return { deliveryWindow: Duration.minutes(1), encryptionKey: key, resultEncryptionKey: key, tracing: true };
      },
    });
  });
  beforeEach(() => api.receiver.answer([{ status: 204 }]));
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api.close());

  const roles = () => api.cloud.roles.list().filter(({ name }) => name.includes('Queries'));

  /** Whether a query is answered with a link to its rows, and can be looked at and fetched again; what is refused at the door is not. */
  const answers = async () => {
    const run = await api.run(SELECT).catch(() => undefined);
    if (run?.end.type !== 'ExecutionSucceeded' || run.callbacks[0]?.body.QueryResult === undefined) return false;
    if ((await api.download(api.linkOf(run.callbacks[0]))).status !== 200) return false;
    const [{ status }, { body }] = [await api.client.get(`/${run.queryId}`), await api.client.get(`/${run.queryId}/result`)];
    return status === 200 && (await api.download(String(Object(body.QueryResult).PresignedUrl))).status === 200;
  };

  test('a query is answered, and its caller needs no right to the key', async () => {
    expect(await answers()).toBe(true);
  });

  test('a dead letter names the execution and no error: its event tells none', async () => {
    api.receiver.answer([{ status: 400 }]);
    const { queryId } = await api.run(SELECT);
    expect(api.deadLetters(queryId)).toEqual([{
      ExecutionArn: api.executionArn(queryId),
      QueryId: queryId,
      Status: 'FAILED',
      RedriveCount: 0,
      Time: expect.any(String),
      Note: 'No callback was delivered. The execution says why; most can be redriven within 14 days.',
    }]);
    api.receiver.answer([{ status: 204 }]);
    expect((await api.redrive(queryId)).end.type).toBe('ExecutionSucceeded');
  });

  test('whoever reads an execution needs the key', async () => {
    const { queryId } = await api.run(SELECT);
    const reader = api.cloud.roles.create({
      name: 'Reader',
      trustPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }] },
    });
    const may = (Action: string[]) => api.cloud.roles.putInlinePolicy('Reader', {
      name: 'Rights', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] },
    });
    const operations = ['DescribeExecution', 'GetExecutionHistory'];
    const read = async (operation: string) => api.cloud.stepFunctions.call(
      operation, { executionArn: api.executionArn(queryId) }, { caller: { arn: `${reader.arn}/x`, roleArn: reader.arn, accountId: '111122223333' } },
    );
    for (const operation of operations) {
      may([`states:${operation}`]);
      await expect(read(operation)).rejects.toMatchObject({ code: 'KmsAccessDeniedException' });
      may([`states:${operation}`, 'kms:Decrypt']);
      await expect(read(operation)).resolves.toBeDefined();
    }
  });

  test('each role needs each of its rights to it', async () => {
    const kms: string[] = [];
    const needless = await needlessPermissions({
      cloud: api.cloud,
      roles: roles(),
      observable: (action) => action.startsWith('kms:'),
      works: async (action, { name }) => {
        kms.push(`${/Stack-Queries(\w+?)Role/.exec(name)?.[1] ?? name} ${action}`);
        return answers();
      },
    });
    expect(kms.sort()).toEqual([
      'Link kms:Decrypt',
      // For executions.
      'Management kms:Decrypt',
      // For results and for executions.
      'Query kms:Decrypt', 'Query kms:Decrypt',
      // And for logs.
      'Query kms:GenerateDataKey', 'Query kms:GenerateDataKey', 'Query kms:GenerateDataKey',
    ]);
    // Athena decrypts large results, which it uploads in parts; the right for logs is asked for when the machine is made.
    expect(needless).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
    expect(await answers()).toBe(true);
  });
});
