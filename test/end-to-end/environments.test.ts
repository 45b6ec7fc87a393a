import { CfnOutput, Duration, SecretValue, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CALLBACK_URL, DeployedApi, DeployedApiOptions, Run } from './deployed-api';
import { TRIPS } from './queries-stack';
import { RECEIVER_ADDRESS } from '../../local/client/callback-receiver';
import { AsyncAthenaQueryApi, CallbackPolicy, QueryCompletion } from '../../src';

const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const SELECT = 'SELECT * FROM trips';
const CSV = `"origin","destination","delay"\n${TRIPS.replace(/[^,\n]+/g, '"$&"')}`;

/** Runs a test on a local cloud of its own, which must have no fault in the end. */
async function on(options: DeployedApiOptions, use: (api: DeployedApi) => Promise<void>): Promise<void> {
  const api = await DeployedApi.start(options);
  try {
    await use(api);
    api.assertNoFaults();
  } finally {
    await api.close();
  }
}

async function expectDelivered(api: DeployedApi, { end, callbacks }: Run, csv = CSV): Promise<void> {
  expect(end.type).toBe('ExecutionSucceeded');
  expect(callbacks).toHaveLength(1);
  expect(callbacks[0].body.State.State).toBe('SUCCEEDED');
  expect(await api.download(api.linkOf(callbacks[0]))).toEqual({ status: 200, body: csv });
}

describe('the construct works', () => {
  test.each([
    ['aws', 'eu-central-1', 'amazonaws.com'],
    ['aws-cn', 'cn-north-1', 'amazonaws.com.cn'],
    ['aws-us-gov', 'us-gov-west-1', 'amazonaws.com'],
  ])('in the partition %s, in %s, whether or not the stack knows where it is', async (partition, region, urlSuffix) => {
    const accountId = '444455556666';
    for (const env of [undefined, { account: accountId, region }]) {
      await on({ env, cloud: { environment: { accountId, region, partition, urlSuffix } } }, async (api) => {
        expect(api.workflow).toContain(`arn:${partition}:states:${region}:${accountId}:`);
        const run = await api.run(SELECT);
        await expectDelivered(api, run);
        expect(await api.verifies(run.callbacks[0])).toBe(true);

        api.receiver.answer([{ status: 410 }]);
        const { queryId } = await api.run(SELECT);
        expect(api.deadLetters(queryId)).toMatchObject([{ ExecutionArn: api.executionArn(queryId), Error: 'CallbackRefused' }]);
      });
    }
  });

  test.each([
    ['the fixed interval', QueryCompletion.polling({ interval: Duration.seconds(20) }), 20],
    ['the default fixed interval', QueryCompletion.polling(), 15],
    ['growing intervals', QueryCompletion.adaptivePolling(), 1],
  ])('with %s', async (_, queryCompletion, firstWait) => {
    await on({ queries: () => ({ queryCompletion }) }, async (api) => {
      const run = await api.run(SELECT);
      await expectDelivered(api, run);
      const at = (name: string) => run.events.find(({ type, details }) => type.endsWith('StateEntered') && details.state === name)?.timestamp ?? NaN;
      expect(at('Get Query') - at('Wait')).toBe(firstWait * 1000);
    });
  });

  test('with a bucket, a prefix, a key, a secret and a queue that are brought along', async () => {
    const secret = Buffer.alloc(32, 7).toString('base64');
    await on({
      queries: (stack) => ({
        resultBucket: new Bucket(stack, 'OwnBucket', { enforceSSL: true, blockPublicAccess: BlockPublicAccess.BLOCK_ALL }),
        resultPrefix: "team-a/(it's)!/",
        resultEncryptionKey: Key.fromKeyArn(stack, 'Key', stack.formatArn({ service: 'kms', resource: 'key', resourceName: KEY_ID })),
        signingSecret: new Secret(stack, 'QueriesSigningSecret', { secretStringValue: SecretValue.unsafePlainText(`whsec_${secret}`) }),
        deadLetterQueue: new Queue(stack, 'QueriesDeadLetters'),
      }),
    }, async (api) => {
      const run = await api.run(SELECT);
      await expectDelivered(api, run);
      const { pathname } = new URL(api.linkOf(run.callbacks[0]));
      expect(pathname).toContain(`${api.deployment.physicalId('AWS::S3::Bucket', 'OwnBucket')}/team-a/%28it%27s%29%21/`);
      expect(await api.verifies(run.callbacks[0])).toBe(true);

      api.receiver.answer([{ status: 400 }]);
      const { queryId } = await api.run(SELECT);
      expect(api.deadLetters(queryId)).toHaveLength(1);
    });
  });

  test('twice in one stack, and neither disturbs the other', async () => {
    await on({
      customise: (stack) => {
        const others = new AsyncAthenaQueryApi(stack, 'Others');
        others.grantInvoke(stack.analysts);
        new CfnOutput(stack, 'OthersUrl', { value: others.queriesUrl });
      },
    }, async (api) => {
      const others = api.sibling('Others', 'OthersUrl');
      const [own, other] = [await api.run(SELECT), await others.run("SELECT 'other' AS x")];
      await expectDelivered(api, own);
      await expectDelivered(others, other, '"x"\n"other"\n');
      expect([await api.verifies(own.callbacks[0]), await others.verifies(own.callbacks[0])]).toEqual([true, false]);
      expect([await api.verifies(other.callbacks[0]), await others.verifies(other.callbacks[0])]).toEqual([false, true]);
      expect([await api.executions(), await others.executions()]).toEqual([1, 1]);

      // Only the first was given data.
      const { callbacks: [denied] } = await others.run('SELECT * FROM travel.trips');
      expect(denied.body).toMatchObject({ State: { State: 'FAILED' }, Reason: expect.stringContaining('not authorized to perform: glue:') });

      api.receiver.answer([{ status: 400 }]);
      const { queryId } = await others.run('SELECT 1');
      expect(others.deadLetters(queryId)).toHaveLength(1);
      expect(api.deadLetters(queryId)).toHaveLength(0);
      expect([api.alarmState(), others.alarmState()]).toEqual(['OK', 'ALARM']);
    });
  });

  test('with readers of another stack, which is deployed before', async () => {
    const made: { readers?: Role } = {};
    await on({
      before: (app) => {
        const people = new Stack(app, 'People');
        made.readers = new Role(people, 'Operators', { assumedBy: new AccountPrincipal(people.account) });
        new CfnOutput(people, 'OperatorsArn', { value: made.readers.roleArn });
        return people;
      },
      queries: () => ({ queryReaders: made.readers && [made.readers] }),
    }, async (api) => {
      const { queryId } = await api.run(SELECT);
      const reader = api.client.as(await api.deployment.assumeRoleOf(api.outputsBefore.OperatorsArn, 'on-call'));
      expect((await reader.get(`/${queryId}`)).body).toMatchObject({ QueryId: queryId, State: 'SUCCEEDED', Delivery: 'DELIVERED' });
      expect((await reader.get(`/${queryId}/result`)).status).toBe(200);
      for (const refused of [await reader.delete(`/${queryId}`), await reader.postJson({ Query: SELECT, CallbackUrl: CALLBACK_URL })]) {
        expect([refused.status, refused.body.Code]).toEqual([403, 'AccessDenied']);
      }
    });
  });

  test('for the listed hosts only, when they are listed', async () => {
    const hosts = ['api.partner.example', 'deep.api.partner.example'];
    await on({
      cloud: { hosts },
      queries: () => ({ callbackPolicy: CallbackPolicy.hosts({ hosts: ['Hooks.example.com', '*.partner.example'] }) }),
    }, async (api) => {
      for (const host of hosts) api.connect(host, { addresses: [RECEIVER_ADDRESS], connectTo: api.receiver.connectTo });
      for (const host of ['HOOKS.example.com', ...hosts]) await expectDelivered(api, await api.run(SELECT, `https://${host}/x?y=z`));
      for (const host of ['partner.example', 'evil.example.com', 'hooks.example.com.evil.example', 'xpartner.example']) {
        expect((await api.client.postJson({ Query: SELECT, CallbackUrl: `https://${host}/` })).status).toBe(400);
      }
    });
  });
});
