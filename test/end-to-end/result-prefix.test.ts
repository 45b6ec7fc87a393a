/**
 * Another `resultPrefix`, while executions that were started with the old one run or wait for a redrive. The local cloud changes no stacks: the changed one
 * is deployed, and its workgroup writes to the old prefix as long as nothing has changed.
 */
import { Duration } from 'aws-cdk-lib';
import { DeployedApi } from './deployed-api';
import { AsyncAthenaQueryApiErrors as Errors } from '../../src';

const SELECT = "SELECT 'Yq7Lw2' AS mark";
const OLD = 'before/';
const NEW = 'after/';

async function deploy(formerResultPrefixes: string[]) {
  const api = await DeployedApi.start({
    queries: () => ({ deliveryWindow: Duration.minutes(20), resultPrefix: NEW, formerResultPrefixes }),
  });
  const location = (prefix: string) => `s3://${api.physicalId('AWS::S3::Bucket', 'Results')}/${prefix}`;
  const writeTo = (prefix: string) => api.cloud.athena.workGroups.moveResults(api.physicalId('AWS::Athena::WorkGroup', 'WorkGroup'), location(prefix));
  return { api, writeTo };
}

type Deployed = Awaited<ReturnType<typeof deploy>>;

describe('a changed resultPrefix', () => {
  let withOld: Deployed;
  let withoutOld: Deployed;
  beforeAll(async () => {
    [withOld, withoutOld] = [await deploy([OLD]), await deploy([])];
  });
  afterEach(() => {
    for (const { api } of [withOld, withoutOld]) api.assertNoFaults();
  });
  // Each by itself, so that both are closed even if one finds a fault.
  afterAll(async () => withOld.api.close());
  afterAll(async () => withoutOld.api.close());

  /** A query whose result lies under the old prefix and whose callback is delivered only after the change. */
  async function deliveredAfterwards({ api, writeTo }: Deployed) {
    writeTo(OLD);
    api.receiver.answer([{ status: 500 }]);
    const failed = api.next(({ type }) => type === 'TaskFailed');
    const queryId = await api.submit(SELECT);
    await failed;
    writeTo(NEW);
    api.receiver.answer([{ status: 204 }]);
    return api.ended(queryId);
  }

  test('leaves links to results that were written before', async () => {
    const { api } = withOld;
    const { end, callbacks } = await deliveredAfterwards(withOld);
    expect(end.type).toBe('ExecutionSucceeded');
    const link = api.linkOf(callbacks[callbacks.length - 1]);
    expect(new URL(link).pathname).toContain(`/${OLD}`);
    expect(await api.download(link)).toMatchObject({ status: 200, body: '"mark"\n"Yq7Lw2"\n' });
  });

  test('leaves executions that failed before to be redriven', async () => {
    const { api, writeTo } = withOld;
    writeTo(OLD);
    api.receiver.answer([{ status: 400 }]);
    const { queryId, end } = await api.run(SELECT);
    expect(end.details.error).toBe(Errors.CALLBACK_REFUSED);
    writeTo(NEW);
    api.receiver.answer([{ status: 204 }]);
    const redriven = await api.redrive(queryId);
    expect(redriven.end.type).toBe('ExecutionSucceeded');
    expect(await api.download(api.linkOf(redriven.callbacks[redriven.callbacks.length - 1]))).toMatchObject({ status: 200 });
  });

  test('is where new results lie', async () => {
    const { callbacks } = await withOld.api.run(SELECT);
    expect(new URL(withOld.api.linkOf(callbacks[0])).pathname).toContain(`/${NEW}`);
  });

  test('strands both where the old one is not named', async () => {
    const { api, writeTo } = withoutOld;
    writeTo(OLD);
    const { callbacks: [{ body }] } = await api.run(SELECT);
    expect(body).toMatchObject({ State: { State: 'FAILED' }, Reason: expect.stringContaining('Access denied when writing output') });
    // A result that was written, by whoever was allowed to, gets no link either.
    const role = api.cloud.roles.list().find(({ name }) => name.includes('QueryRole'))?.name ?? '';
    api.cloud.roles.putInlinePolicy(role, { name: 'Before', document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: '*' }] } });
    const { end } = await deliveredAfterwards(withoutOld);
    expect(end).toMatchObject({ type: 'ExecutionFailed', details: { error: Errors.RESULT_NOT_DELIVERABLE } });
  });
});
