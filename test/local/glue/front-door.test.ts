import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Credentials } from '../../../local/account/credentials';
import { signedPost } from '../../../local/client/signed-exchange';
import { LocalCloud } from '../../../local/cloud';
import { JsonObject } from '../../../local/json';
import { deploy } from '../deploy';

const ARN = 'arn:aws:glue:us-east-1:111122223333';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await LocalCloud.start();
  await deploy(cloud, 'Lake', (stack) => {
    const database = new CfnDatabase(stack, 'Database', { catalogId: stack.account, databaseInput: { name: 'travel' } });
    new CfnTable(stack, 'Table', {
      catalogId: stack.account,
      databaseName: database.ref,
      tableInput: {
        name: 'trips',
        storageDescriptor: {
          location: 's3://lake/trips/',
          columns: [{ name: 'origin', type: 'string' }],
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    });
  });
});
afterAll(async () => {
  await cloud.close();
  expect(cloud.faults).toEqual([]);
});

/** Calls an operation as the SDK does. */
async function call(credentials: Credentials, operation: string, input: JsonObject): Promise<{ status: number; body: unknown }> {
  const { clock, environment: { region }, certificates: { caPem }, endpoint } = cloud;
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSGlue.${operation}` };
  const { status, body } = await signedPost(endpoint, headers, JSON.stringify(input), { service: 'glue', region, credentials, clock, caPem });
  return { status, body: JSON.parse(body) };
}

function userWith(name: string, action: string, resources: readonly string[]): Credentials {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: [...resources] }] };
  return cloud.credentials.issueForUser(cloud.users.create(name, [{ name: 'Only', document }]));
}

test.each<[string, JsonObject, readonly string[], JsonObject]>([
  ['GetDatabase', { Name: 'travel', CatalogId: '111122223333' }, ['database/travel'], { Database: { Name: 'travel' } }],
  ['GetDatabases', {}, ['database/*'], { DatabaseList: [{ Name: 'default' }, { Name: 'travel' }] }],
  ['GetTable', { DatabaseName: 'travel', Name: 'Trips' }, ['database/travel', 'table/travel/trips'], { Table: { Name: 'trips', DatabaseName: 'travel' } }],
  ['GetTables', { DatabaseName: 'travel' }, ['database/travel', 'table/travel/*'], { TableList: [{ Name: 'trips' }] }],
])('%s answers whoever may call it, and nobody else', async (operation, input, resources, answer) => {
  const arns = ['catalog', ...resources].map((resource) => `${ARN}:${resource}`);
  await expect(call(userWith(`with-${operation}`, `glue:${operation}`, arns), operation, input)).resolves.toMatchObject({ status: 200, body: answer });
  await expect(call(userWith(`without-${operation}`, 'glue:SearchTables', arns), operation, input)).resolves.toMatchObject({
    status: 400, body: { __type: 'AccessDeniedException' },
  });
});

test('what is not there and what is no text is refused in the words of Glue', async () => {
  const administrator = cloud.credentials.issueForUser(cloud.users.createAdministrator('administrator'));
  await expect(call(administrator, 'GetTable', { DatabaseName: 'travel', Name: 'none' })).resolves.toMatchObject({
    status: 400, body: { __type: 'EntityNotFoundException' },
  });
  await expect(call(administrator, 'GetTable', { DatabaseName: 'travel', Name: 1 })).resolves.toMatchObject({
    status: 400, body: { __type: 'InvalidInputException' },
  });
});
