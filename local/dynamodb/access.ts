import { ParsedRequest } from 'dynalite/db';
import { ItemOperation } from './engine';
import { Table } from './table';
import { Authorize, AwsEnvironment, CallContext } from '../aws/service';
import { UseKey, viaService } from '../iam/key-use';
import { isObject, JsonObject } from '../json';

type Conditions = Record<string, string | readonly string[]>;

export interface AccessOptions {
  readonly environment: AwsEnvironment;
  readonly authorize: Authorize;
  /** For tables with a customer key. */
  readonly useKey: UseKey;
}

/** What somebody wants to do with a table. */
export interface TableRequest {
  readonly operation: string;
  readonly tableName: string;
  /** Absent: there is no such table. Whoever may not call is not told. */
  readonly table?: Table;
  readonly indexName?: string;
  readonly conditions?: Conditions;
}

/** What a part of a transaction needs the right to, and the operation that it is a part of. */
export interface Transaction {
  readonly action: string;
  readonly enclosing: string;
}

/** Decides who may do what with tables and indexes. */
export class TableAccess {
  constructor(private readonly options: AccessOptions) {}

  async require({ operation, tableName, table, indexName, conditions = {} }: TableRequest, context: CallContext): Promise<void> {
    const arn = this.tableArn(tableName);
    await this.options.authorize({
      action: `dynamodb:${operation}`,
      resource: indexName === undefined ? arn : `${arn}/index/${indexName}`,
      resourcePolicy: table?.settings.policy,
      conditions,
    }, context);
  }

  /**
   * Whoever uses a table with a customer key needs that key too. Source: developer guide, "DynamoDB encryption at rest usage notes": DynamoDB decrypts
   * the key of the table with the rights of its caller.
   */
  async requireKey(table: Table, context: CallContext): Promise<void> {
    const { environment, useKey } = this.options;
    const { TableName, encryption } = table.settings;
    if (encryption?.keyId === undefined) return;
    const encryptionContext = { 'aws:dynamodb:tableName': TableName, 'aws:dynamodb:subscriberId': environment.accountId };
    await useKey(encryption.keyId, 'kms:Decrypt', context, { viaService: viaService('dynamodb', environment), encryptionContext });
  }

  tableArn(name: string): string {
    const { partition, region, accountId } = this.options.environment;
    return `arn:${partition}:dynamodb:${region}:${accountId}:table/${name}`;
  }
}

/**
 * What policies can ask about a request. Of `dynamodb:Attributes` and `dynamodb:Select`, and of parameters that a request leaves out, it is not known
 * what AWS sends: a policy that asks for them is refused when it is used.
 *
 * @param parsed absent: the request is not valid, and only whether the caller may call at all is still to be found out
 */
export function requestConditions(
  operation: ItemOperation, table: Table | undefined, given: JsonObject, parsed: ParsedRequest | undefined, transaction?: Transaction,
): Conditions {
  const { ReturnConsumedCapacity: capacity, ReturnValues: values } = given;
  const single = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].includes(operation);
  return {
    ...typeof capacity === 'string' && { 'dynamodb:ReturnConsumedCapacity': capacity },
    ...typeof values === 'string' && operation !== 'GetItem' && { 'dynamodb:ReturnValues': values },
    ...single && transaction?.action !== 'ConditionCheckItem' && { 'dynamodb:EnclosingOperation': transaction?.enclosing ?? [] },
    ...leadingKeys(operation, table, parsed),
  };
}

/** `dynamodb:LeadingKeys`: the values of the partition key. Of binary keys and of indexes it is not known what AWS sends. */
function leadingKeys(operation: ItemOperation, table: Table | undefined, parsed: ParsedRequest | undefined): Conditions {
  if (operation === 'Scan') return {};
  if (table === undefined || parsed === undefined) return { 'dynamodb:LeadingKeys': [] };
  const { name, type } = table.partitionKey;
  if (type === 'B' || parsed.IndexName !== undefined) return {};
  const values = keysOf(parsed, table, name).flatMap((value) => (isObject(value) && typeof value[type] === 'string' ? value[type] : []));
  return { 'dynamodb:LeadingKeys': [...new Set(values)] };
}

function keysOf({ Item, Key, KeyConditions, RequestItems }: ParsedRequest, table: Table, name: string) {
  if (KeyConditions !== undefined) return KeyConditions[name]?.AttributeValueList ?? [];
  const requested = RequestItems?.[table.settings.TableName];
  if (requested === undefined) return [(Item ?? Key)?.[name]];
  if ('Keys' in requested) return requested.Keys.map((key) => key[name]);
  return requested.map(({ PutRequest: put, DeleteRequest: deletion }) => (put?.Item ?? deletion?.Key)?.[name]);
}
