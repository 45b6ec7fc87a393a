/** Every permission of the function that collects failures is needed: without any one of them, letters are no longer written, removed or logged. */
import { Key } from 'aws-cdk-lib/aws-kms';
import { DeployedEtl, Filled, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { JsonValue, memberOf } from '../../../local/json';
import { FailurePolicy, PageTransport } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';
import { needlessPermissions } from '../permission-removal';

const ITEMS = 6;
const HOUR = 3_600_000;

describeWhereMongo('the rights of the function that collects failures', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        stack.etl('Tolerant', {
          transport: PageTransport.s3(), failurePolicy: FailurePolicy.tolerate({ maxItems: 1_000 }), encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
        });
      },
    });
    filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number })));
  });
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** Whether a run with that many failures has counted them. */
  async function counts(failures: number): Promise<boolean> {
    etl.functions.behave(PROCESS, ({ items }): JsonValue => ({
      batchItemFailures: (Array.isArray(items) ? items : []).slice(0, failures).map((item) => ({ itemIdentifier: memberOf(item, 'itemIdentifier') ?? '' })),
    }));
    const { status, output } = await etl.run('Tolerant', filled.input);
    return status === 'SUCCEEDED' && memberOf(output, 'failed') === failures;
  }

  async function logs(): Promise<boolean> {
    const lines = () => etl.cloud.logs.lines(etl.physicalId('AWS::Logs::LogGroup', 'CollectorLogs')).length;
    const before = lines();
    await counts(1);
    return lines() > before;
  }

  test('are all needed', async () => {
    const needless = await needlessPermissions({
      cloud: etl.cloud,
      roles: etl.cloud.roles.list().filter(({ name }) => name.includes('CollectorRole')),
      // Letters of one page are not so large here that they are written in parts. The same key encrypts both buckets, so that each right to decrypt stands for the other.
      observable: (action) => !['s3:AbortMultipartUpload', 'kms:Decrypt'].includes(action),
      works: async (action) => {
        // A new process has a new session, and no connection.
        await etl.cloud.clock.sleep(2 * HOUR);
        if (action.startsWith('logs:')) return logs().catch(() => false);
        return (counts(action === 's3:DeleteObject' ? 0 : 2).catch(() => false));
      },
    });
    expect(needless).toEqual([]);
    expect([await counts(0), await counts(2), await logs()]).toEqual([true, true, true]);
  });
}, OWN_SERVER);
