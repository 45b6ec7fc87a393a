import { Duration } from 'aws-cdk-lib';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { DeployedApi } from './deployed-api';
import { needlessPermissions } from './permission-removal';
import { ENDLESS_QUERY, TRIPS, TRIPS_KEY } from './queries-stack';
import { roleSessionCaller } from '../../local/account/credentials';
import { CallContext } from '../../local/aws/service';
import { Role } from '../../local/iam/roles';
import { QueryableData } from '../../src';

/** Permissions that no run on the local cloud needs, and what they are for on AWS. */
const NOT_OBSERVABLE: Readonly<Record<string, string>> = {
  'glue:BatchGetPartition': 'partitioned tables, which the local cloud does not have',
  'glue:GetPartition': 'partitioned tables',
  'glue:GetPartitions': 'partitioned tables',
  's3:AbortMultipartUpload': 'large results, which Athena uploads in parts; the local Athena writes every result at once',
  's3:ListBucketMultipartUploads': 'results in parts',
  's3:ListMultipartUploadParts': 'results in parts',
};

/** Permissions that are used, but whose absence changes nothing, and why they are there. */
const REDUNDANT: Readonly<Record<string, string>> = {
  'glue:GetDatabase': 'for the database of unqualified names, and with its tables for queryable data: here both are the same database',
  'logs:CreateLogDelivery': 'the log of the workflow, checked when the machine is made, which is before these tests take anything away',
  'logs:DeleteLogDelivery': 'the log of the workflow',
  'logs:DescribeLogGroups': 'the log of the workflow',
  'logs:DescribeResourcePolicies': 'the log of the workflow',
  'logs:GetLogDelivery': 'the log of the workflow',
  'logs:ListLogDeliveries': 'the log of the workflow',
  'logs:PutResourcePolicy': 'the log of the workflow',
  'logs:UpdateLogDelivery': 'the log of the workflow',
  'sts:AssumeRole': 'within an account, a trust policy that names the role is enough; said on both sides, each can be read alone',
};

const SELECT = 'SELECT count(*) AS trips FROM trips';
const CSV = '"trips"\n"3"\n';

describe('the rights of the construct', () => {
  let api: DeployedApi;

  beforeAll(async () => {
    api = await DeployedApi.start({
      // A query has three seconds of real time before it is stopped.
      cloud: { enginePace: 20 },
      queries: (stack) => ({
        queryTimeout: Duration.minutes(1),
        deliveryWindow: Duration.minutes(1),
        // Every table of the database, for these files.
        queryableData: [
          QueryableData.glueTables({ database: 'travel', bucket: stack.data, prefix: 'trips/' }),
          QueryableData.lakeFormation({ database: 'governed' }),
        ],
      }),
      customise: (stack) => {
        stack.addTable('ResultsTable', 'results', stack.queries.resultBucket.s3UrlForObject(stack.queries.resultPrefix));
        stack.addTable('PlansTable', 'plans', stack.data.s3UrlForObject('plans/'));
        const secret = new CfnDatabase(stack, 'SecretDatabase', { catalogId: stack.account, databaseInput: { name: 'hr' } });
        const governed = new CfnDatabase(stack, 'GovernedDatabase', { catalogId: stack.account, databaseInput: { name: 'governed' } });
        stack.addTable('GovernedTable', 'bookings', stack.data.s3UrlForObject('bookings/'), governed);
        stack.addTable('SalariesTable', 'salaries', stack.data.s3UrlForObject('trips/'), secret);
      },
    });
    // As an administrator of Lake Formation does it, outside of the stack.
    const bucket = api.deployment.physicalId('AWS::S3::Bucket', 'Data');
    await api.cloud.s3.put({ bucket, key: 'bookings/bookings.csv', body: Buffer.from(TRIPS), context: api.deployment.administrator });
    api.cloud.lakeFormation.register(`s3://${bucket}/bookings/`);
    api.cloud.lakeFormation.grantSelect(role('QueryRole').arn, { database: 'governed', name: 'bookings' });
  });
  afterEach(() => api.assertNoFaults());
  afterAll(async () => api.close());

  /** Roles of the construct. */
  function roles(): Role[] {
    return api.cloud.roles.list().filter(({ name }) => name.includes('Queries'));
  }

  function role(name: string): Role {
    const [found, ...others] = roles().filter((candidate) => candidate.name.includes(name));
    if (found === undefined || others.length > 0) throw new Error(`There is not one role ${name}`);
    return found;
  }

  /** Someone with the rights of a role. */
  function as(name: string): CallContext {
    return { caller: roleSessionCaller({ role: role(name), sessionName: 'test' }, api.cloud.environment) };
  }

  const scenarios: Readonly<Record<string, () => Promise<boolean>>> = {
    'a query is answered with its rows': async () => {
      const { end, callbacks } = await api.run(SELECT);
      if (end.type !== 'ExecutionSucceeded' || callbacks[0]?.body.State.State !== 'SUCCEEDED') return false;
      const { status, body } = await api.download(api.linkOf(callbacks[0]));
      return status === 200 && body === CSV;
    },
    'a query of which Athena does not say what it was is answered with its rows': async () => {
      api.cloud.athena.omitSubstatementType('all');
      try {
        const { callbacks } = await api.run(SELECT);
        return callbacks[0]?.body.ResultKind === 'OBJECT';
      } finally {
        api.cloud.athena.omitSubstatementType('none');
      }
    },
    'data that Lake Formation governs is read': async () => {
      const { callbacks } = await api.run('SELECT count(*) AS trips FROM governed.bookings');
      return callbacks[0]?.body.State.State === 'SUCCEEDED';
    },
    'a governed catalog is listed': async () => {
      const { callbacks } = await api.run('SHOW TABLES IN governed');
      return callbacks[0]?.body.State.State === 'SUCCEEDED';
    },
    'the catalog is listed': async () => {
      const { callbacks } = await api.run('SHOW TABLES');
      return callbacks[0]?.body.State.State === 'SUCCEEDED';
    },
    'a query that takes too long is stopped': async () => {
      const { callbacks } = await api.run(ENDLESS_QUERY);
      const QueryExecutionId = callbacks[0]?.body.QueryExecutionId ?? '';
      const stopped = await api.deployment.queryState(QueryExecutionId) === 'CANCELLED';
      await api.cloud.athena.call('StopQueryExecution', { QueryExecutionId }, api.deployment.administrator);
      return stopped;
    },
    'a delivered query is looked at, and its result fetched again': async () => {
      const { queryId } = await api.run(SELECT);
      const [{ status }, result] = [await api.client.get(`/${queryId}`), await api.client.get(`/${queryId}/result`)];
      if (status !== 200 || result.status !== 200) return false;
      return (await api.download(String(Object(result.body.QueryResult).PresignedUrl))).body === CSV;
    },
    'a running query is looked at and cancelled': async () => {
      api.cloud.athena.delayQueries({ queued: 60_000 });
      try {
        return await api.cloud.clock.pace(1, async () => {
          const waits = api.next(({ type }) => type === 'WaitStateEntered');
          const queryId = await api.submit(SELECT);
          await waits;
          const [{ body }, { status }] = [await api.client.get(`/${queryId}`), await api.client.delete(`/${queryId}`)];
          if (body.State !== 'QUEUED' || status !== 202) return false;
          const { callbacks: [callback] } = await api.ended(queryId);
          return callback?.body.State.State === 'CANCELLED';
        });
      } finally {
        api.cloud.athena.delayQueries({});
      }
    },
    'the management function writes its log': async () => {
      await api.cloud.clock.sleep(2 * 3_600_000);
      const before = api.logText().length;
      await api.client.get('/unknown');
      return api.logText().length > before;
    },
    'the delivery function writes its log': async () => {
      // A process keeps its log for as long as its session lasts.
      await api.cloud.clock.sleep(2 * 3_600_000);
      const before = api.logText().length;
      await api.run(SELECT);
      return api.logText().length > before;
    },
  };

  /** Whether the scenario comes to its good end; what is refused at the door does not. */
  async function holds(scenario: string): Promise<boolean> {
    return scenarios[scenario]().catch(() => false);
  }

  test('are all used, but for those that the local cloud cannot show', async () => {
    for (const scenario of Object.keys(scenarios)) expect([scenario, await holds(scenario)]).toEqual([scenario, true]);
    const names = roles().map(({ arn }) => arn);
    const unused = api.cloud.authorizer.unusedPermissions().filter(({ roleArn }) => names.includes(roleArn)).flatMap(({ grants }) => grants);
    expect(new Set(unused.map(({ action }) => action))).toEqual(new Set(Object.keys(NOT_OBSERVABLE)));
  });

  test('are all needed: without any one of them, something no longer works', async () => {
    const needless = await needlessPermissions({
      cloud: api.cloud,
      roles: roles(),
      observable: (action) => NOT_OBSERVABLE[action] === undefined,
      works: async (action) => {
        // The function keeps its keys for five minutes.
        await api.cloud.clock.sleep(6 * 60_000);
        for (const scenario of scenariosOf(action)) if (!await holds(scenario)) return false;
        return true;
      },
    });
    expect(new Set(needless)).toEqual(new Set(Object.keys(REDUNDANT)));
    // A function that may not write its log runs on without it.
    const warnings = api.cloud.warnings.splice(0).map((warning) => [/Queries(Delivery|Management)/.exec(warning)?.[1], /logs:\w+/.exec(warning)?.[0]].join());
    expect(new Set(warnings)).toEqual(new Set(['Delivery', 'Management'].flatMap((name) => [`${name},logs:CreateLogStream`, `${name},logs:PutLogEvents`])));
    for (const scenario of Object.keys(scenarios)) expect([scenario, await holds(scenario)]).toEqual([scenario, true]);
  });

  test.each([
    ['a table of a database that was not given', 'hr.salaries', 'glue:'],
    ['files outside the prefix that was given', 'plans', 'Access denied when reading data from s3://'],
    ['the results of others', 'results', 'Access denied when reading data from s3://'],
  ])('do not reach, by SQL, %s', async (_, table, reason) => {
    const { callbacks: [{ body }] } = await api.run(`SELECT * FROM ${table}`);
    expect(body).toMatchObject({ State: { State: 'FAILED' }, Reason: expect.stringContaining(reason) });
    expect(body.QueryResult).toBeUndefined();
  });

  test('reach data only through Athena', async () => {
    const { s3 } = api.cloud;
    const trips = { bucket: api.deployment.physicalId('AWS::S3::Bucket', 'Data'), key: TRIPS_KEY };
    const context = as('QueryRole');
    await expect(s3.read({ ...trips, context })).rejects.toMatchObject({ code: 'AccessDenied' });
    const throughAthena = { ...context, calledVia: ['athena.amazonaws.com'] };
    await expect(s3.read({ ...trips, context: throughAthena })).resolves.toEqual(expect.any(Buffer));
    await expect(s3.put({ ...trips, body: Buffer.from(''), context: throughAthena })).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  test('let the workflow call the delivery function, but no SQL', async () => {
    const { authorize } = api.cloud.authorizer;
    const { attributes } = api.deployment.resource('AWS::Lambda::Function', 'QueriesDelivery');
    const request = { action: 'lambda:InvokeFunction', resource: String(attributes?.Arn) };
    await expect(authorize(request, as('QueryRole'))).resolves.toBeUndefined();
    await expect(authorize(request, { ...as('QueryRole'), calledVia: ['athena.amazonaws.com'] })).rejects.toThrow('with an explicit deny');
    const version = { ...request, resource: `${request.resource}:1` };
    await expect(authorize(version, { ...as('QueryRole'), calledVia: ['athena.amazonaws.com'] })).rejects.toThrow('with an explicit deny');
  });

  test('let a link read and list results and nothing else', async () => {
    const { s3 } = api.cloud;
    const context = as('LinkRole');
    const bucket = api.physicalId('AWS::S3::Bucket', 'Results');
    const admin = api.deployment.administrator;
    for (const key of ['results/x.csv', 'private/x.csv']) await s3.put({ bucket, key, body: Buffer.from('x'), context: admin });
    await expect(s3.read({ bucket, key: 'results/x.csv', context })).resolves.toEqual(Buffer.from('x'));
    for (const forbidden of [
      () => s3.read({ bucket, key: 'private/x.csv', context }),
      () => s3.put({ bucket, key: 'results/x.csv', body: Buffer.from('y'), context }),
      () => s3.delete({ bucket, key: 'results/x.csv', context }),
      () => s3.list({ bucket, context }),
      () => s3.list({ bucket, prefix: 'result', context }),
      () => s3.read({ bucket: api.deployment.physicalId('AWS::S3::Bucket', 'Data'), key: TRIPS_KEY, context }),
    ]) await expect(forbidden()).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  test('take no room of their own in the policy by which the whole account lets services deliver logs', () => {
    const { Statement: [{ Resource }] } = JSON.parse(api.cloud.logDelivery.document ?? '');
    expect(Resource).toEqual([expect.stringMatching(/:log-group:\/aws\/vendedlogs\/\*:log-stream:\*$/)]);
  });

  test('let nobody but the functions of delivery and management sign links', async () => {
    const { arn, trustPolicy } = role('LinkRole');
    const assume = { action: 'sts:AssumeRole', resource: arn, resourcePolicy: trustPolicy };
    for (const name of ['DeliveryRole', 'ManagementRole']) await expect(api.cloud.authorizer.authorize(assume, as(name))).resolves.toBeUndefined();
    for (const name of ['QueryRole', 'ApiRole', 'LinkRole']) {
      await expect(api.cloud.authorizer.authorize(assume, as(name))).rejects.toThrow('not authorized');
    }
  });
});

/** Where an action is missed; of the catalog, each is allowed for ordinary data and for governed data, and what is missing is one of the two. */
function scenariosOf(action: string): string[] {
  if (action === 'glue:GetTables') return ['the catalog is listed', 'a governed catalog is listed'];
  if (action.startsWith('glue:')) return ['a query is answered with its rows', 'data that Lake Formation governs is read'];
  if (action.startsWith('lakeformation:')) return ['data that Lake Formation governs is read'];
  if (['logs:CreateLogStream', 'logs:PutLogEvents'].includes(action)) return ['the delivery function writes its log', 'the management function writes its log'];
  if (action === 's3:ListBucket') return ['a query of which Athena does not say what it was is answered with its rows'];
  const looked = 'a running query is looked at and cancelled';
  if (action === 'athena:StopQueryExecution') return ['a query that takes too long is stopped', looked];
  if (action === 'athena:GetQueryExecution' || action.startsWith('states:')) return ['a query is answered with its rows', looked];
  return ['a query is answered with its rows', 'a delivered query is looked at, and its result fetched again'];
}
