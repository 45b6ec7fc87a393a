/** Callbacks from a VPC, to receivers with private addresses. */
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Callback, DeployedApi, errorsOf, Run } from './deployed-api';
import { LocalHost } from '../../local/network/local-network';
import { AsyncAthenaQueryApiErrors as Errors, CallbackPolicy } from '../../src';

const SELECT = 'SELECT origin FROM trips';
/** In the certificate of the receiver. */
const HOST = 'hooks.inside.example.com';
const OTHER_HOST = 'other.inside.example.com';

/** What becomes of a callback to a listed host with these addresses. */
const DELIVERED = 'delivered';
const REFUSED = 'refused';
const TABLE: readonly (readonly [addresses: string[], end: typeof DELIVERED | typeof REFUSED])[] = [
  [['10.20.1.1'], DELIVERED],
  [['10.20.255.255', '10.20.0.0'], DELIVERED],
  [['fd12::1'], DELIVERED],
  [['::ffff:10.20.1.1'], DELIVERED],
  [['10.20.1.1', '93.184.216.34'], DELIVERED],
  [['93.184.216.34'], DELIVERED],
  [['10.21.0.1'], REFUSED],
  [['10.20.1.1', '10.21.0.1'], REFUSED],
  [['192.168.1.1'], REFUSED],
  [['172.16.0.1'], REFUSED],
  [['fd13::1'], REFUSED],
  [['fd00:ec2::254'], REFUSED],
  [['169.254.169.254'], REFUSED],
  [['10.20.1.1', '169.254.169.254'], REFUSED],
  [['::ffff:169.254.169.254'], REFUSED],
  [['169.254.100.1'], REFUSED],
  [['127.0.0.1'], REFUSED],
  [['::1'], REFUSED],
  [['fe80::1'], REFUSED],
  [['0.0.0.0'], REFUSED],
  [['224.0.0.1'], REFUSED],
];

describe('a delivery function in a VPC', () => {
  let api: DeployedApi;

  beforeAll(async () => {
    api = await DeployedApi.start({
      cloud: { hosts: [HOST, OTHER_HOST] },
      queries: (stack) => ({
        callbackPolicy: CallbackPolicy.hosts({ hosts: [HOST], privateAddresses: ['10.20.0.0/16', 'fd12::/16'] }),
        deliveryNetwork: {
          vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false }),
          vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
          ipv6AllowedForDualStack: true,
        },
      }),
    });
  });
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api.close());

  const callbackTo = async (host: Partial<LocalHost> & Pick<LocalHost, 'addresses'>): Promise<Run> => (
    api.run(SELECT, api.connect(HOST, { connectTo: api.receiver.connectTo, ...host }))
  );

  test.each(TABLE)('to a listed host with the addresses %j: %s', async (addresses, end) => {
    const run = await callbackTo({ addresses });
    expect(run.callbacks).toHaveLength(end === DELIVERED ? 1 : 0);
    expect(run.end.type).toBe(end === DELIVERED ? 'ExecutionSucceeded' : 'ExecutionFailed');
    expect(errorsOf(run)).toEqual(end === DELIVERED ? [] : [Errors.CALLBACK_URL_NOT_ALLOWED]);
    expect(api.deadLetters(run.queryId)).toMatchObject(end === DELIVERED ? [] : [{ Error: 'CallbackUrlNotAllowed' }]);
  });

  test('a callback from there has a link that works, and a signature', async () => {
    const { callbacks: [callback] }: { callbacks: readonly Callback[] } = await callbackTo({ addresses: ['10.20.1.1'] });
    expect(await api.verifies(callback)).toBe(true);
    expect((await api.download(api.linkOf(callback))).status).toBe(200);
  });

  test('goes to the address that was checked, whatever the name resolves to a moment later', async () => {
    const run = await callbackTo({ addresses: ['10.20.1.1'], laterAddresses: ['169.254.169.254'] });
    expect([run.end.type, run.callbacks.length]).toEqual(['ExecutionSucceeded', 1]);
  });

  test.each([`http://${HOST}/x`, `https://${HOST}:8443/x`, `https://${OTHER_HOST}/x`, 'https://10.20.1.1/x'])('%s is refused to whoever submits', async (url) => {
    for (const host of [HOST, OTHER_HOST]) api.connect(host, { addresses: ['10.20.1.1'], connectTo: api.receiver.connectTo });
    expect((await api.client.postJson({ Query: SELECT, CallbackUrl: url })).status).toBe(400);
  });
});
