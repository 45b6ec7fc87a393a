import { AthenaCloud, createAthena, object, PERMISSIONS } from './athena-cloud';
import { JsonObject, parseJson } from '../../../local/json';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { environment } from '../http/small-cloud';
import { allow } from '../s3/data-cloud';
import { single } from '../stepfunctions/support';

let cloud: AthenaCloud;
let machines = 0;

beforeAll(async () => {
  cloud = await createAthena();
  const list = allow('s3:ListBucket', 'arn:aws:s3:::results');
  const read = allow('s3:GetObject', 'arn:aws:s3:::results/athena/*');
  cloud.session('workflow', ...Object.values(PERMISSIONS), list, read, allow('athena:GetQueryExecution', '*'));
});
afterAll(() => cloud.close());

/** What a Task that waits for a query gets of it. */
async function query(parameters: JsonObject): Promise<JsonObject> {
  const { clock, authorize, athena, adminContext } = cloud;
  const service = new StepFunctionsService({ environment, clock, authorize, targets: { services: [athena] } });
  const state = {
    Type: 'Task',
    Resource: 'arn:aws:states:::athena:startQueryExecution.sync',
    Parameters: { WorkGroup: 'team', QueryExecutionContext: { Database: 'air' }, ...parameters },
  };
  machines += 1;
  const machine = { name: `m${machines}`, roleArn: 'arn:aws:iam::111122223333:role/workflow', definition: JSON.stringify(single(state)) };
  const { arn } = await service.createStateMachine(machine);
  const started = await service.call('StartExecution', { stateMachineArn: arn }, adminContext);
  const executionArn = String(started.executionArn);
  await service.ended(executionArn);
  const { output } = await service.call('DescribeExecution', { executionArn }, adminContext);
  return object(object(parseJson(String(output))).QueryExecution);
}

test('an UNLOAD is told of with its kind and its manifest', async () => {
  const QueryString = "UNLOAD (SELECT 1 AS n) TO 's3://results/athena/told/' WITH (format = 'PARQUET')";
  expect(await query({ QueryString })).toMatchObject({
    StatementType: 'DML',
    SubstatementType: 'UNLOAD',
    Status: { State: 'SUCCEEDED' },
    Statistics: { DataManifestLocation: expect.stringMatching(/^s3:\/\/results\/athena\/[-0-9a-f]{36}-manifest\.csv$/) },
  });
});

test('a result is reused', async () => {
  const parameters = {
    QueryString: 'SELECT 2 AS n',
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 60 } },
  };
  const [first, second] = [await query(parameters), await query(parameters)];
  expect([first, second].map(({ Statistics }) => object(object(Statistics).ResultReuseInformation).ReusedPreviousResult)).toEqual([false, true]);
  expect(second.ResultConfiguration).toEqual(first.ResultConfiguration);
});

describe('the kind of statement left out', () => {
  afterEach(() => cloud.athena.omitSubstatementType('none'));

  test.each([
    ['none', true, true],
    ['services', false, true],
    ['all', false, false],
  ] as const)('of %s answers', async (answers, inStepFunctions, inSdk) => {
    cloud.athena.omitSubstatementType(answers);
    const told = await query({ QueryString: 'SELECT 1 AS n' });
    const QueryExecutionId = String(told.QueryExecutionId);
    // As the HTTPS server makes it.
    const context = { ...cloud.adminContext, sourceIp: '127.0.0.1' };
    const { QueryExecution } = await cloud.athena.call('GetQueryExecution', { QueryExecutionId }, context);
    const { QueryExecutions } = await cloud.athena.call('BatchGetQueryExecution', { QueryExecutionIds: [QueryExecutionId] }, context);
    const [batched] = Array.isArray(QueryExecutions) ? QueryExecutions : [];
    const has = [told, QueryExecution, batched].map((execution) => 'SubstatementType' in object(execution));
    expect(has).toEqual([inStepFunctions, inSdk, inSdk]);
    expect(told.StatementType).toBe('DML');
  });
});
