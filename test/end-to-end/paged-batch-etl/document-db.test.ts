/**
 * A source on Amazon DocumentDB, as far as it can be tried without a cluster: everything around the server is what would be deployed. In place of
 * the cluster there is a mongod, which takes more than DocumentDB does, so what it is asked is looked at, too.
 */
import { Port, Vpc } from 'aws-cdk-lib/aws-ec2';
import { DeployedEtl, OWN_SERVER, PUBLIC_ADDRESS, READER } from './deployed-etl';
import { MongoFilter, PagedBatchEtlErrors as Errors, PageSource } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const ITEMS = 30;

/** What a page needs, and DocumentDB has in all its versions. Source: Amazon DocumentDB developer guide, supported MongoDB APIs. */
const KNOWN_COMMANDS = ['find', 'getMore', 'killCursors', 'listCollections', 'listIndexes'];

describeWhereMongo('a source on DocumentDB', () => {
  let etl: DeployedEtl;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        const vpc = new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
        const source = (collection: string) => PageSource.documentDb({
          connectionSecret: stack.connection,
          vpc,
          database: 'Analytics',
          collection,
          sort: ['runDate', '_id'],
          filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }'),
        });
        stack.etl('Cluster', { source: source('jobs') }).connections.allowToAnyIpv4(Port.tcp(27017));
        stack.etl('Unindexed', { source: source('unindexed') });
        stack.etl('Server');
      },
    });
    await etl.database.command({ profile: 2 });
  });
  beforeEach(() => etl.functions.reset());
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => etl?.close());

  /** What a source function asked the server for: names of commands, and everything in them. */
  async function asked(construct: string): Promise<{ readonly commands: readonly string[]; readonly text: string }> {
    const appName = etl.physicalId('AWS::Lambda::Function', `${construct}Source`);
    const commands = await etl.database.collection('system.profile').find({ appName }).map(({ command }) => command).toArray();
    return { commands: [...new Set(commands.map((command) => Object.keys(command)[0]))].sort(), text: JSON.stringify(commands) };
  }

  test('is deployed in a VPC, of which the local cloud says that it has no effect', () => {
    expect(etl.cloud.notModelled).toEqual(expect.arrayContaining([
      expect.stringMatching(/^ClusterSource\w+\.VpcConfig$/), expect.stringMatching(/\(AWS::EC2::VPC\)$/), expect.stringMatching(/\(AWS::EC2::NatGateway\)$/),
      expect.stringMatching(/^ClusterSourceSecurityGroup\w+ \(AWS::EC2::SecurityGroup\)$/),
    ]));
  });

  test('reads every page over TLS, with nothing but what DocumentDB knows', async () => {
    // With the parameters that AWS tells users to write into the connection string.
    await etl.putSecret(`${etl.server.uriFor(PUBLIC_ADDRESS, READER)}&tlsCAFile=global-bundle.pem&retryWrites=false`);
    const filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number })));
    await expect(etl.run('Cluster', { ...filled.input, batch_size: 4 })).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 8 } });
    expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier)).toEqual(filled.identifiers);

    const { commands, text } = await asked('Cluster');
    expect(commands).toContain('listIndexes');
    expect(KNOWN_COMMANDS).toEqual(expect.arrayContaining([...commands]));
    for (const word of ['"$expr"', '"collation"', '"readConcern"', '"let"', '"apiVersion"']) expect(text).not.toContain(word);

    // Else the list of commands would prove nothing.
    await etl.connectAs(READER);
    await expect(etl.run('Server', filled.input)).resolves.toMatchObject({ status: 'SUCCEEDED' });
    expect((await asked('Server')).commands).toContain('explain');
  });

  test('is refused without an index that serves filter and sort, and read once there is one', async () => {
    const input = { date_begin: '2020-08-18', date_end: '2020-08-19' };
    const unindexed = etl.database.collection('unindexed');
    await unindexed.insertMany([{ runDate: new Date(input.date_begin) }, { runDate: new Date(input.date_end) }]);
    const failed = await etl.run('Unindexed', input);
    expect(failed).toMatchObject({ status: 'FAILED', failure: { name: Errors.UNINDEXED_QUERY, message: expect.stringContaining('runDate') } });
    await unindexed.createIndex({ runDate: 1, _id: 1 });
    await expect(etl.redrive(failed)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: 1, pages: 1 } });
  });
}, OWN_SERVER);
