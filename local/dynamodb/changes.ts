import { isDeepStrictEqual } from 'node:util';
import { DynamoDb } from './dynamodb-service';
import { TableSettings } from './table';
import { readGlobalTable, readTable } from './table-properties';
import { assertPolicy } from '../iam/policy-document';
import { NotImplemented } from '../not-implemented';
import { DeletionRefused, ExistingResourceRequest, ResourceChange, ResourceChanges, ResourceRequest } from '../template/resource';

/** What AWS changes by rebuilding an index, or step by step. */
const STRUCTURE = ['AttributeDefinitions', 'KeySchema', 'LocalSecondaryIndexes', 'GlobalSecondaryIndexes', 'timeToLiveAttribute'] as const;

/** What becomes of tables in updates: items stay. Changes of indexes and of the time to live are refused by name. */
export function dynamoDbChanges(service: DynamoDb): ResourceChanges {
  return { 'AWS::DynamoDB::Table': changeOf(service, readTable), 'AWS::DynamoDB::GlobalTable': changeOf(service, readGlobalTable) };
}

function changeOf(service: DynamoDb, read: (request: ResourceRequest) => TableSettings): ResourceChange {
  return {
    update: async (request) => {
      const settings = read(request);
      const table = tableOf(service, request);
      const changed = STRUCTURE.find((name) => !isDeepStrictEqual(withoutThroughput(table.settings[name]), withoutThroughput(settings[name])));
      if (changed !== undefined) throw new NotImplemented(`${request.logicalId} (${request.type})`, `updates of ${request.changed.join(', ')}`);
      if (settings.policy !== undefined) await assertPolicy(settings.policy, 'resource', `${request.logicalId}.ResourcePolicy.PolicyDocument`);
      table.settings = settings;
      return request.current;
    },
    remove: ({ current: { ref } }) => {
      if (service.table(ref)?.settings.deletionProtection === true) {
        throw new DeletionRefused(`Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first: ${ref}`);
      }
      service.removeTable(ref);
    },
  };
}

function tableOf(service: DynamoDb, { current: { ref } }: ExistingResourceRequest) {
  const table = service.table(ref);
  if (table === undefined) throw new Error(`The table ${ref} does not exist`);
  return table;
}

/** Units of an index limit nothing. */
function withoutThroughput(part: TableSettings[typeof STRUCTURE[number]]): unknown {
  return Array.isArray(part) ? part.map((entry: object) => ({ ...entry, throughput: undefined })) : part;
}
