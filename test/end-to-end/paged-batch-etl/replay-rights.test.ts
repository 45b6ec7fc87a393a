/** Every permission by which the source function reads letters is needed: without any one of them, a replay fails, or another one processes the same once more. */
import { Key } from 'aws-cdk-lib/aws-kms';
import { DeployedEtl, Filled, OWN_SERVER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { JsonValue, memberOf } from '../../../local/json';
import { FailurePolicy } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';
import { needlessPermissions } from '../permission-removal';

const ITEMS = 4;
const HOUR = 3_600_000;

describeWhereMongo('the rights of a replay', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        stack.etl('Tolerant', { failurePolicy: FailurePolicy.tolerate({ maxItems: 10 }), encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
      },
    });
    filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number })));
  });
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** A run in which all items fail. */
  async function failed(): Promise<string> {
    etl.functions.behave(PROCESS, ({ items }): JsonValue => ({
      batchItemFailures: (Array.isArray(items) ? items : []).map((item) => ({ itemIdentifier: memberOf(item, 'itemIdentifier') ?? '' })),
    }));
    const { arn, output } = await etl.run('Tolerant', filled.input);
    expect(memberOf(output, 'failed')).toBe(ITEMS);
    etl.functions.behave(PROCESS, () => null);
    return arn;
  }

  const replayed = async (run: string) => memberOf((await etl.run('Tolerant', { ...filled.input, replay: run })).output, 'items');
  const works = async (run: string) => await replayed(run) === ITEMS && await replayed(run) === 0;

  test('are all needed', async () => {
    const needless = await needlessPermissions({
      cloud: etl.cloud,
      roles: etl.cloud.roles.list().filter(({ name }) => name.includes('SourceRole')),
      // What the function does beside is looked at elsewhere.
      observable: (action) => /^(?:s3|kms):/.test(action),
      works: async () => {
        // A new process has a new session, and no connection.
        await etl.cloud.clock.sleep(2 * HOUR);
        return works(await failed()).catch(() => false);
      },
    });
    expect(needless).toEqual([]);
    await expect(works(await failed())).resolves.toBe(true);
  });
}, OWN_SERVER);
