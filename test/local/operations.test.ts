import { AwsService, ServiceError } from '../../local/aws/service';
import { LocalCloud } from '../../local/cloud';
import { S3Operations } from '../../local/s3/operations';

/** Operations of the AWS SDK that some local service performs, and some that none does. */
const OPERATIONS = [
  'SendMessage', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'PurgeQueue', 'PutEvents', 'Publish', 'CreateTopic', 'GetSecretValue', 'PutSecretValue', 'DescribeSecret',
  'UpdateSecretVersionStage', 'StartQueryExecution', 'GetQueryExecution', 'StopQueryExecution', 'BatchGetQueryExecution', 'ListQueryExecutions', 'GetQueryResults', 'GetWorkGroup',
  'StartExecution', 'DescribeExecution', 'SendTaskSuccess', 'CreateQueue', 'DeleteSecret', 'ListRules', 'CreateWorkGroup', 'TestState',
  'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem', 'DescribeTable', 'DescribeTimeToLive', 'ListTables',
  'TransactWriteItems', 'TransactGetItems', 'ExecuteStatement', 'BatchExecuteStatement', 'UpdateTable', 'UpdateTimeToLive', 'CreateTable', 'DeleteTable',
  'GetObject', 'DeleteObjects', 'PutObject', 'CopyObject', 'ListBuckets', 'constructor', 'toString',
];

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await LocalCloud.start();
});
afterAll(async () => cloud.close());

test('a service performs exactly the operations that it says', async () => {
  const { athena, dynamoDb, s3, secretsManager, sns, sqs, stepFunctions } = cloud;
  const services: readonly AwsService[] = [athena, dynamoDb, new S3Operations(s3), secretsManager, sns, sqs, stepFunctions];
  for (const service of services) {
    const performed = [];
    for (const operation of OPERATIONS) if (await performs(service, operation)) performed.push(operation);
    expect(performed).toEqual(OPERATIONS.filter((operation) => service.performs?.(operation)));
    // Each has some of them, or nothing was tried.
    expect(performed.length).toBeGreaterThan(0);
  }
});

/** Whatever a call without input ends with, but the error that names the operation. */
async function performs(service: AwsService, operation: string): Promise<boolean> {
  try {
    await service.call(operation, {}, { caller: {} });
    return true;
  } catch (error) {
    return error instanceof ServiceError || !String(error).match(new RegExp(`does not implement (?:\\w+:)?${operation}$`));
  }
}
