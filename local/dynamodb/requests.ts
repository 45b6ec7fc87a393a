import { ParsedRequest, Path } from 'dynalite/db';
import { ItemOperation, knownMembers } from './engine';
import { Table } from './table';
import { ServiceError } from '../aws/service';
import { isObject, JsonObject } from '../json';
import { NotImplemented } from '../not-implemented';

/** Parameters from before there were expressions. The engine gets some of them wrong, such as OR, and AWS advises against all. */
const LEGACY = ['AttributesToGet', 'AttributeUpdates', 'ConditionalOperator', 'Expected', 'KeyConditions', 'QueryFilter', 'ScanFilter'];
const ON_FAILURE = 'ReturnValuesOnConditionCheckFailure';
const WITH_CONDITION: readonly string[] = ['PutItem', 'UpdateItem', 'DeleteItem'];
const OF_KEYS = ['Keys', 'ConsistentRead', 'ExpressionAttributeNames', 'ProjectionExpression'];

/** Members of requests that are implemented. */
export function membersOf(operation: ItemOperation): readonly string[] {
  const known = knownMembers(operation).filter((name) => !LEGACY.includes(name));
  return WITH_CONDITION.includes(operation) ? [...known, ON_FAILURE] : known;
}

/** Refuses by name what would be passed over or answered wrongly. */
export function assertImplemented(operation: ItemOperation, given: JsonObject): void {
  const refuse = (what: string): never => {
    throw new NotImplemented('dynamodb', `${what} of ${operation}`);
  };
  const unknown = namesIn(given).find((name) => !membersOf(operation).includes(name));
  if (unknown !== undefined) refuse(unknown);
  if (given.ReturnItemCollectionMetrics === 'SIZE') refuse('ReturnItemCollectionMetrics SIZE');
  for (const [table, requested] of Object.entries(isObject(given.RequestItems) ? given.RequestItems : {})) {
    if (table.startsWith('arn:')) refuse('the ARN of a table in RequestItems');
    const member = isObject(requested) ? namesIn(requested).find((name) => !OF_KEYS.includes(name)) : undefined;
    if (member !== undefined) refuse(`${member} in RequestItems`);
  }
  // In the engine it is no name of an attribute, but changes an object.
  if (JSON.stringify(given).includes('"__proto__"')) refuse('the name __proto__');
}

/** The same for what depends on the table. */
export function assertImplementedFor(operation: ItemOperation, given: JsonObject, request: ParsedRequest, table: Table): void {
  const refuse = (what: string): never => {
    throw new NotImplemented('dynamodb', `${what} of ${operation} on ${table.settings.TableName}`);
  };
  const { ReturnConsumedCapacity: capacity = 'NONE' } = given;
  if (capacity !== 'NONE' && table.indexes.length > 0) refuse('ReturnConsumedCapacity, with indexes,');
  const index = request.IndexName === undefined ? undefined : table.index(request.IndexName);
  if (index === undefined || index.Projection.ProjectionType === 'ALL') return;
  if (request.Select === 'ALL_ATTRIBUTES' && table.settings.LocalSecondaryIndexes.includes(index)) refuse('Select ALL_ATTRIBUTES, which an index does not have,');
  const keys = [...table.settings.KeySchema, ...index.KeySchema].map(({ AttributeName }) => AttributeName);
  const projected = [...keys, ...index.Projection.NonKeyAttributes ?? []];
  const asked = [...(request._projection?.paths ?? []).map(([head]: Path) => String(head)), ...Object.keys(request._filter?.pathHeads ?? {})];
  const missing = asked.find((name) => !projected.includes(name));
  if (missing !== undefined) refuse(`the attribute ${missing}, which the index ${index.IndexName} does not have,`);
}

/** The engine takes any for DeleteItem. */
export function assertReturnValues(operation: ItemOperation, { ReturnValues: values = 'NONE' }: JsonObject): void {
  if (operation !== 'DeleteItem' || values === null || values === 'NONE' || values === 'ALL_OLD') return;
  throw new ServiceError('ValidationException', 'ReturnValues can only be ALL_OLD or NONE');
}

/** Whether a condition that is not met answers the item; DynamoDB has that, the engine has not. */
export function answersItemOnFailure({ [ON_FAILURE]: value = 'NONE' }: JsonObject): boolean {
  if (value === 'ALL_OLD' || value === 'NONE' || value === null) return value === 'ALL_OLD';
  throw new ServiceError('ValidationException', `1 validation error detected: Value '${String(value)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: `
    + 'Member must satisfy enum value set: [ALL_OLD, NONE]');
}

function namesIn(object: JsonObject): string[] {
  return Object.keys(object).filter((name) => object[name] !== null);
}
