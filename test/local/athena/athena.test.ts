import {
  AthenaClient, GetQueryExecutionCommand, GetQueryResultsCommand, GetWorkGroupCommand, InvalidRequestException,
  StartQueryExecutionCommand, StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { AthenaCloud, createAthena, gap, object, PERMISSIONS, refusal, token } from './athena-cloud';
import { athenaWire } from '../../../local/athena/wire';
import { JsonObject } from '../../../local/json';
import { openFrontDoor } from '../http/small-cloud';
import { allow } from '../s3/data-cloud';

let cloud: AthenaCloud;
let roles = 0;

beforeAll(async () => {
  cloud = await createAthena();
});
afterAll(() => cloud.close());

/** More combinations than an engine counts in the time of a test. */
const ENDLESS = 'SELECT count(*) FROM flights a CROSS JOIN flights b CROSS JOIN flights c WHERE a.delay + b.delay + c.delay > 100000';

function status(execution: JsonObject): JsonObject {
  return object(execution.Status);
}

describe('through the real SDK', () => {
  test('a query is started, watched, read', async () => {
    const opened = await openFrontDoor(cloud, { services: [athenaWire(cloud.athena)] });
    const client = new AthenaClient({ ...opened.client, credentials: cloud.adminCredentials });
    try {
      const { QueryExecutionId } = await client.send(new StartQueryExecutionCommand({
        QueryString: "SELECT origin, NULL AS nothing, '' AS empty FROM air.flights WHERE origin = 'SEA' LIMIT 3", WorkGroup: 'team',
      }));
      await cloud.finish(QueryExecutionId ?? '');
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      expect(QueryExecution?.Status).toMatchObject({ State: 'SUCCEEDED' });
      const { SubmissionDateTime, CompletionDateTime } = QueryExecution?.Status ?? {};
      expect(Number(CompletionDateTime) - Number(SubmissionDateTime)).toBe(QueryExecution?.Statistics?.TotalExecutionTimeInMillis);
      expect(Math.abs(Number(CompletionDateTime) - cloud.clock.now())).toBeLessThan(1_000);
      expect(QueryExecution).toMatchObject({
        StatementType: 'DML',
        SubstatementType: 'SELECT',
        WorkGroup: 'team',
        ResultConfiguration: { OutputLocation: `s3://results/athena/${QueryExecutionId}.csv` },
      });
      expect(QueryExecution?.Statistics?.DataScannedInBytes).toBeGreaterThan(10_000_000);
      const first = await client.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2 }));
      expect(first.ResultSet?.Rows).toEqual([
        { Data: [{ VarCharValue: 'origin' }, { VarCharValue: 'nothing' }, { VarCharValue: 'empty' }] }, { Data: [{ VarCharValue: 'SEA' }, {}, { VarCharValue: '' }] },
      ]);
      expect(first.ResultSet?.ResultSetMetadata?.ColumnInfo?.[0]).toMatchObject({ Name: 'origin', Type: 'varchar' });
      const second = await client.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken: first.NextToken }));
      expect(second.ResultSet?.Rows).toHaveLength(2);
      expect(second.NextToken).toBeUndefined();
      expect((await client.send(new GetWorkGroupCommand({ WorkGroup: 'team' }))).WorkGroup).toMatchObject({ State: 'ENABLED' });
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
      const refused = client.send(new StartQueryExecutionCommand({ QueryString: 'selec 1', WorkGroup: 'team' }));
      await expect(refused).rejects.toBeInstanceOf(InvalidRequestException);
      await expect(refused).rejects.toMatchObject({ AthenaErrorCode: 'MALFORMED_QUERY' });
      expect(opened.faults).toEqual([]);
    } finally {
      client.destroy();
      await opened.door.close();
    }
  });
});

describe('life of a query', () => {
  test('it is queued, runs, and tells of each change', async () => {
    const id = await cloud.start('SELECT 1');
    expect(status(await cloud.describe(id)).State).toBe('QUEUED');
    const execution = await cloud.finish(id);
    expect(object(execution.Statistics).QueryQueueTimeInMillis).toBe(150);
    const changes = cloud.events.map(({ detail }) => detail).filter(({ queryExecutionId }) => queryExecutionId === id);
    expect(changes.map(({ previousState, currentState }) => [previousState, currentState])).toEqual([
      [undefined, 'QUEUED'], ['QUEUED', 'RUNNING'], ['RUNNING', 'SUCCEEDED'],
    ]);
  });

  test('a running query is stopped for good at a virtual time-out', async () => {
    const patient = await createAthena({ enginePace: 10_000 });
    try {
      const id = await patient.start(ENDLESS);
      await patient.clock.sleep(60_000);
      expect(status(await patient.describe(id)).State).toBe('RUNNING');
      await patient.athena.call('StopQueryExecution', { QueryExecutionId: id }, patient.adminContext);
      const execution = await patient.finish(id);
      expect(status(execution).State).toBe('CANCELLED');
      expect(object(execution.Statistics).TotalExecutionTimeInMillis).toBeGreaterThanOrEqual(60_000);
      await patient.athena.call('StopQueryExecution', { QueryExecutionId: id }, patient.adminContext);
      expect(status(await patient.describe(id)).State).toBe('CANCELLED');
    } finally {
      await patient.close();
    }
  });

  test('a queued query is stopped before it runs', async () => {
    const id = await cloud.start('SELECT 1');
    await cloud.athena.call('StopQueryExecution', { QueryExecutionId: id }, cloud.adminContext);
    const execution = await cloud.finish(id);
    expect(status(execution).State).toBe('CANCELLED');
    expect(cloud.events.some(({ detail }) => detail.queryExecutionId === id && detail.currentState === 'RUNNING')).toBe(false);
  });

  test('stopping a finished query changes nothing', async () => {
    const execution = await cloud.run('SELECT 1');
    await cloud.athena.call('StopQueryExecution', { QueryExecutionId: execution.QueryExecutionId }, cloud.adminContext);
    expect(await cloud.describe(String(execution.QueryExecutionId))).toEqual(execution);
  });

  describe('with delays', () => {
    afterEach(() => cloud.athena.delayQueries({}));
    const stateOf = async (id: string) => status(await cloud.describe(id)).State;
    const after = async (milliseconds: number, id: string) => {
      await cloud.clock.sleep(milliseconds);
      return stateOf(id);
    };

    test('a query is queued and runs as long as is asked for', async () => {
      cloud.athena.delayQueries({ queued: 5_000, running: 60_000 });
      const id = await cloud.start('SELECT 1');
      expect([await after(4_999, id), await after(1, id), await after(59_000, id)]).toEqual(['QUEUED', 'RUNNING', 'RUNNING']);
      const execution = await cloud.finish(id);
      expect(status(execution).State).toBe('SUCCEEDED');
      expect(object(execution.Statistics).QueryQueueTimeInMillis).toBe(5_000);
      expect(object(execution.Statistics).TotalExecutionTimeInMillis).toBeGreaterThanOrEqual(65_000);
    });

    test('a stop takes its time', async () => {
      cloud.athena.delayQueries({ queued: 1_000, running: 60_000, stopping: 3_000 });
      const id = await cloud.start('SELECT 1');
      await cloud.athena.call('StopQueryExecution', { QueryExecutionId: id }, cloud.adminContext);
      expect([await stateOf(id), await after(2_999, id), await after(1, id)]).toEqual(['QUEUED', 'RUNNING', 'CANCELLED']);
      expect(cloud.events.filter(({ detail }) => detail.queryExecutionId === id).map(({ detail }) => detail.currentState)).toEqual(['QUEUED', 'RUNNING', 'CANCELLED']);
    });

    test('a query may succeed before the stop takes effect', async () => {
      cloud.athena.delayQueries({ stopping: 60_000 });
      const id = await cloud.start('SELECT 1');
      await cloud.athena.call('StopQueryExecution', { QueryExecutionId: id }, cloud.adminContext);
      const execution = await cloud.finish(id);
      expect(status(execution).State).toBe('SUCCEEDED');
      await cloud.clock.sleep(60_000);
      expect(await cloud.describe(id)).toEqual(execution);
    });
  });

  test.each(['GetQueryExecution', 'StopQueryExecution'])('%s needs a right to the workgroup of the query', async (operation) => {
    const { QueryExecutionId } = await cloud.run('SELECT 1');
    const as = async (...resources: string[]) => {
      const statements = resources.map((workGroup) => allow(`athena:${operation}`, `arn:aws:athena:eu-west-1:111122223333:workgroup/${workGroup}`));
      return cloud.athena.call(operation, { QueryExecutionId }, cloud.session(`reader${++roles}`, ...statements).context);
    };
    expect(await refusal(as('other'))).toMatchObject({ code: 'AccessDeniedException', message: expect.stringContaining('workgroup/team') });
    await expect(as('team')).resolves.toBeDefined();
  });

  test('closing ends what runs', async () => {
    const closing = await createAthena();
    const id = await closing.start(ENDLESS);
    await closing.clock.sleep(200);
    await closing.athena.close();
    expect(status(await closing.describe(id)).State).toBe('CANCELLED');
    closing.store.close();
  });

  test('a query that would read too much is cancelled', async () => {
    await cloud.create('AWS::Athena::WorkGroup', {
      Name: 'small', WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 10_000_000, ResultConfiguration: { OutputLocation: 's3://results/small' } },
    });
    const execution = await cloud.run('SELECT count(*) FROM flights', { WorkGroup: 'small' });
    expect(status(execution)).toMatchObject({ State: 'CANCELLED', StateChangeReason: 'Query cancelled! : Bytes scanned limit was exceeded' });
    expect(status(await cloud.run('SELECT 1', { WorkGroup: 'small' })).State).toBe('SUCCEEDED');
  });

  test('one token is one query', async () => {
    const ClientRequestToken = token();
    const id = await cloud.start('SELECT 1', { ClientRequestToken });
    expect(await cloud.start('SELECT 1', { ClientRequestToken })).toBe(id);
    expect(await cloud.start('SELECT 1', { ClientRequestToken: token() })).not.toBe(id);
    expect((await refusal(cloud.start('SELECT 2', { ClientRequestToken }))).code).toBe('InvalidRequestException');
    // Of the parameters, the text of the query has the marks only.
    const marked = { ClientRequestToken: token(), ExecutionParameters: ['1'] };
    const first = await cloud.start('SELECT 1 WHERE 1 = ?', marked);
    expect(await cloud.start('SELECT 1 WHERE 1 = ?', { ...marked, ExecutionParameters: ['2'] })).toBe(first);
    expect((await refusal(cloud.start('SELECT 1 WHERE 1 = ?', { ...marked, QueryExecutionContext: { Database: 'other' } }))).code).toBe('InvalidRequestException');
    for (const wrong of ['x'.repeat(31), 'x'.repeat(129)]) {
      expect((await refusal(cloud.start('SELECT 1', { ClientRequestToken: wrong }))).message).toContain('clientRequestToken');
    }
  });

  test('queries are listed newest first and fetched in batches', async () => {
    await cloud.create('AWS::Athena::WorkGroup', { Name: 'listed', WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: 's3://results/l/' } } });
    const ids = [await cloud.start('SELECT 1', { WorkGroup: 'listed' }), await cloud.start('SELECT 2', { WorkGroup: 'listed' })];
    const listed = await cloud.athena.call('ListQueryExecutions', { WorkGroup: 'listed', MaxResults: 1 }, cloud.adminContext);
    expect(listed.QueryExecutionIds).toEqual([ids[1]]);
    const rest = await cloud.athena.call('ListQueryExecutions', { WorkGroup: 'listed', NextToken: listed.NextToken }, cloud.adminContext);
    expect(rest).toEqual({ QueryExecutionIds: [ids[0]] });
    const batch = await cloud.athena.call('BatchGetQueryExecution', { QueryExecutionIds: [...ids, 'absent'] }, cloud.adminContext);
    expect(batch.QueryExecutions).toHaveLength(2);
    expect(batch.UnprocessedQueryExecutionIds).toMatchObject([{ QueryExecutionId: 'absent' }]);
  });
});

describe('what may be submitted', () => {
  const bytes = (length: number) => `SELECT '${'é'.repeat((length - 9) / 2)}'`;

  test('a query has at most 262,144 bytes', async () => {
    expect(Buffer.byteLength(bytes(262_143))).toBe(262_143);
    expect(status(await cloud.run(bytes(262_143))).State).toBe('SUCCEEDED');
    expect((await refusal(cloud.start(bytes(262_145)))).message).toContain('262144');
  });

  test.each([
    [{ WorkGroup: 'absent' }, 'WorkGroup is not found'],
    [{ WorkGroup: 'primary' }, 'No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.'],
    [{ WorkGroup: 'primary', ResultConfiguration: { OutputLocation: 's3://absent/' } }, 'Unable to verify/create output bucket absent'],
    [{ ResultConfiguration: { OutputLocation: 'results' } }, 'outputLocation is not a valid S3 path.'],
  ])('%j is refused', async (input, message) => {
    const error = await refusal(cloud.start('SELECT 1', input));
    expect([error.code, error.message]).toEqual(['InvalidRequestException', expect.stringContaining(message)]);
  });

  test.each([
    [{ ResultConfiguration: { AclConfiguration: { S3AclOption: 'BUCKET_OWNER_FULL_CONTROL' } } }, 'AclConfiguration'],
    [{ ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'CSE_KMS', KmsKey: 'key' } } }, 'CSE_KMS'],
    [{ EngineConfiguration: {} }, 'EngineConfiguration'],
  ])('%j is a gap of the local cloud, no answer of Athena', async (input, name) => {
    const message = await gap(cloud.start('SELECT 1', input));
    expect(message).toContain('The local cloud does not implement');
    expect(message).toContain(name);
  });

  test('a workgroup that enforces nothing fills in what the request leaves open', async () => {
    await cloud.create('AWS::Athena::WorkGroup', {
      Name: 'loose',
      WorkGroupConfiguration: { EnforceWorkGroupConfiguration: false, ResultConfiguration: { OutputLocation: 's3://results/loose/' } },
    });
    const encryption = { EncryptionConfiguration: { EncryptionOption: 'SSE_S3' } };
    const execution = await cloud.run('SELECT 1', { WorkGroup: 'loose', ResultConfiguration: encryption });
    expect(execution.ResultConfiguration).toEqual({ OutputLocation: `s3://results/loose/${String(execution.QueryExecutionId)}.csv`, ...encryption });
  });

  test('an enforcing workgroup wins over the request, another does not', async () => {
    const ResultConfiguration = { OutputLocation: 's3://results/mine' };
    const enforced = await cloud.run('SELECT 1', { ResultConfiguration });
    expect(object(enforced.ResultConfiguration).OutputLocation).toBe(`s3://results/athena/${String(enforced.QueryExecutionId)}.csv`);
    const own = await cloud.run('SELECT 1', { WorkGroup: 'primary', ResultConfiguration });
    expect(object(own.ResultConfiguration).OutputLocation).toBe(`s3://results/mine/${String(own.QueryExecutionId)}.csv`);
  });

  test('results of a disabled workgroup, of an unfinished and of an unknown query are refused', async () => {
    await cloud.create('AWS::Athena::WorkGroup', { Name: 'off', State: 'DISABLED' });
    expect((await refusal(cloud.start('SELECT 1', { WorkGroup: 'off' }))).message).toContain('disabled');
    const QueryExecutionId = await cloud.start('SELECT 1');
    expect((await refusal(cloud.athena.call('GetQueryResults', { QueryExecutionId }, cloud.adminContext))).message).toContain('Current state: QUEUED');
    expect((await refusal(cloud.describe('absent'))).message).toBe('QueryExecution absent was not found');
    expect(await gap(cloud.athena.call('CreateNamedQuery', {}, cloud.adminContext))).toContain('athena:CreateNamedQuery');
  });
});

describe('data that Lake Formation governs', () => {
  const SQL = 'SELECT n FROM governed';
  const ON_TABLE = ['catalog', 'database/air', 'table/air/governed'].map((resource) => `arn:aws:glue:eu-west-1:111122223333:${resource}`);
  const CATALOG = allow(['glue:BatchGetTable', 'glue:GetDatabase', 'glue:GetTable'], ON_TABLE);
  const ACCESS = allow('lakeformation:GetDataAccess', '*', { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } });
  const BUCKET = allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::lake', 'arn:aws:s3:::lake/*']);
  const { start, defaultDatabase, location, output } = PERMISSIONS;
  const others = [start, defaultDatabase, location, output];

  beforeAll(async () => {
    await cloud.addTable('governed', 'text', { n: 'string' }, { 'a.txt': 'one\n' });
    cloud.lakeFormation.register('s3://lake/governed/');
  });

  /** How a query ends for a role with these rights, to which Lake Formation has granted the table or not. */
  async function ends(granted: boolean, ...statements: JsonObject[]): Promise<JsonObject> {
    const { context } = cloud.session(`governed-${++roles}`, ...others, ...statements);
    if (granted) cloud.lakeFormation.grantSelect(String(context.caller.roleArn), { database: 'air', name: 'governed' });
    return status(await cloud.run(SQL, {}, context));
  }

  test('is read without a right to the bucket', async () => {
    expect(await ends(true, CATALOG, ACCESS)).toMatchObject({ State: 'SUCCEEDED' });
  });

  test.each([
    ['the right to ask for access', true, [CATALOG, BUCKET], 'lakeformation:GetDataAccess'],
    ['a grant of Lake Formation', false, [CATALOG, ACCESS, BUCKET], 'Insufficient Lake Formation permission(s): Required Select on governed'],
    ['the catalog', true, [ACCESS, BUCKET], 'glue:'],
  ])('is not read without %s, whatever the role may do with the bucket', async (_, granted, statements, reason) => {
    expect(await ends(granted, ...statements)).toMatchObject({ State: 'FAILED', StateChangeReason: expect.stringContaining(reason) });
  });

  test('leaves other tables as they are', async () => {
    const { context } = cloud.session(`other-${++roles}`, ...others, ACCESS, { ...CATALOG, Resource: '*' });
    expect(status(await cloud.run('SELECT count(*) FROM flights', {}, context)).StateChangeReason).toContain('Access denied when reading data');
  });

  test('lies at a location that ends in a slash', () => {
    expect(() => cloud.lakeFormation.register('s3://lake/governed')).toThrow('s3://bucket/prefix/');
  });
});

describe('a query has the rights of whoever started it', () => {
  const SQL = 'SELECT count(*) AS n FROM flights';
  const role = (...statements: JsonObject[]) => cloud.session(`role-${++roles}`, ...statements).context;
  const all = Object.values(PERMISSIONS);
  const allBut = (left: string) => Object.entries(PERMISSIONS).filter(([name]) => name !== left).map(([, statement]) => statement);

  test('with all of them it succeeds', async () => {
    const execution = await cloud.run(SQL, {}, role(...all));
    expect(status(execution)).toMatchObject({ State: 'SUCCEEDED' });
  });

  test.each([
    ['glue', 'Insufficient permissions to execute the query. Error reading the catalog: User: arn:aws:sts', 1_500],
    ['data', 'Access denied when reading data from s3://lake/flights/', 1_501],
    ['list', 'Access denied when reading data from s3://lake/flights/', 1_501],
    ['output', 'Access denied when writing output to url: s3://results/athena/', 1_501],
  ])('without %s it fails', async (left, reason, type) => {
    const ended = status(await cloud.run(SQL, {}, role(...allBut(left))));
    expect(ended).toMatchObject({ State: 'FAILED', StateChangeReason: expect.stringContaining(reason), AthenaError: { ErrorCategory: 2, ErrorType: type } });
  });

  test('without the right to look at several tables at once it fails', async () => {
    const actions = ['glue:GetDatabase', 'glue:GetTable'];
    const ended = status(await cloud.run(SQL, {}, role(...allBut('glue'), { ...PERMISSIONS.glue, Action: actions })));
    expect(ended).toMatchObject({ State: 'FAILED', StateChangeReason: expect.stringContaining('not authorized to perform: glue:BatchGetTable on resource') });
    expect(status(await cloud.run('SELECT 1', {}, role(...allBut('glue'), { ...PERMISSIONS.glue, Action: actions })))).toMatchObject({ State: 'SUCCEEDED' });
  });

  test('without the location of the output it is not even started', async () => {
    expect((await refusal(cloud.start(SQL, {}, role(...allBut('location'))))).message).toBe('Unable to verify/create output bucket results');
    expect((await refusal(cloud.start(SQL, {}, role(...allBut('start'))))).code).toBe('AccessDeniedException');
  });

  test.each([[{ Database: 'air' }], [{}]])('it needs the default database as well, in the context %j', async (QueryExecutionContext) => {
    const ended = status(await cloud.run('SELECT 1', { QueryExecutionContext }, role(...allBut('defaultDatabase'))));
    expect(ended).toMatchObject({ State: 'FAILED', StateChangeReason: expect.stringContaining('database/default') });
    expect(status(await cloud.run('SELECT 1', { QueryExecutionContext }, role(...all)))).toMatchObject({ State: 'SUCCEEDED' });
  });

  test('with a KMS key for results, it needs the key', async () => {
    const KmsKey = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000000';
    await cloud.create('AWS::Athena::WorkGroup', {
      Name: 'secret',
      WorkGroupConfiguration: {
        ResultConfiguration: { OutputLocation: 's3://results/athena/', EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey } },
      },
    });
    const start = allow('athena:StartQueryExecution', '*');
    const input = { WorkGroup: 'secret' };
    expect(status(await cloud.run(SQL, input, role(...all, start)))).toMatchObject({ State: 'FAILED', StateChangeReason: expect.stringContaining('kms:GenerateDataKey') });
    const execution = await cloud.run(SQL, input, role(...all, start, allow('kms:GenerateDataKey', KmsKey)));
    expect(status(execution).State).toBe('SUCCEEDED');
    const stored = cloud.store.bucket('results')?.get(`athena/${String(execution.QueryExecutionId)}.csv`);
    expect(stored?.encryption).toEqual({ algorithm: 'aws:kms', keyArn: KmsKey });
  });

  test('others see a query only if they may', async () => {
    const QueryExecutionId = await cloud.start('SELECT 1');
    for (const operation of ['GetQueryExecution', 'StopQueryExecution', 'GetQueryResults']) {
      const error = await refusal(cloud.athena.call(operation, { QueryExecutionId }, role(...all)));
      expect([error.code, error.message]).toEqual(['AccessDeniedException', expect.stringContaining(`athena:${operation}`)]);
    }
  });
});

describe('workgroups as resources', () => {
  test.each([
    [{ Name: 'no spaces allowed' }, 'Name'],
    [{ Name: 'w', WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 9_999_999 } }, 'minimum'],
    [{ Name: 'w', WorkGroupConfiguration: { ExecutionRole: 'arn' } }, 'ExecutionRole'],
    [{ Name: 'w', WorkGroupConfiguration: { ManagedQueryResultsConfiguration: { Enabled: true } } }, 'ManagedQueryResultsConfiguration'],
    [{ Name: 'w', WorkGroupConfiguration: { ResultConfiguration: { AclConfiguration: {} } } }, 'AclConfiguration'],
    [{ Name: 'w', WorkGroupConfiguration: { ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'CSE_KMS', KmsKey: 'k' } } } }, 'CSE_KMS'],
    [{ Name: 'w', WorkGroupConfiguration: { EngineVersion: { SelectedEngineVersion: 'PySpark engine version 3' } } }, 'engine'],
  ])('%j is refused', async (properties, named) => {
    await expect(cloud.create('AWS::Athena::WorkGroup', properties)).rejects.toThrow(named);
  });

  test('Ref is the name', async () => {
    expect(await cloud.create('AWS::Athena::WorkGroup', { Name: 'named', Description: 'd', RecursiveDeleteOption: true, Tags: [] })).toEqual({ ref: 'named' });
  });
});
