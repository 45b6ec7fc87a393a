import { DynamoDb } from './dynamodb-service';
import { TableSettings } from './table';
import { readGlobalTable, readTable } from './table-properties';
import { assertPolicy } from '../iam/policy-document';
import { ResourceProviders, ResourceRequest } from '../template/resource';

/** Resource types of DynamoDB: a table of one Region, in both ways to write it. Streams, replicas and imports are not implemented. */
export function dynamoDbResources(service: DynamoDb): ResourceProviders {
  const create = async (settings: TableSettings, { logicalId }: ResourceRequest) => {
    if (settings.policy !== undefined) await assertPolicy(settings.policy, 'resource', `${logicalId}.ResourcePolicy.PolicyDocument`);
    return service.createTable(settings);
  };
  return {
    'AWS::DynamoDB::Table': async (request) => {
      const { arn, settings } = await create(readTable(request), request);
      return { ref: settings.TableName, attributes: { Arn: arn } };
    },

    'AWS::DynamoDB::GlobalTable': async (request) => {
      const { arn, id, settings } = await create(readGlobalTable(request), request);
      return { ref: settings.TableName, attributes: { Arn: arn, TableId: id } };
    },
  };
}
