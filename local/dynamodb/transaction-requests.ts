import { ItemOperation } from './engine';
import { ServiceError } from '../aws/service';
import { isObject, JsonObject } from '../json';
import { NotImplemented } from '../not-implemented';

/** A part of a transaction, as it stands in the request. */
export interface RequestedPart {
  /** The operation that it is like. */
  readonly operation: ItemOperation;
  /** What its caller needs the right to. */
  readonly action: string;
  readonly given: JsonObject;
}

/** Members of the parts of each operation; a check is like a DeleteItem that deletes nothing. */
const PARTS: Readonly<Record<string, Readonly<Record<string, Omit<RequestedPart, 'given'>>>>> = {
  TransactGetItems: { Get: { operation: 'GetItem', action: 'GetItem' } },
  TransactWriteItems: {
    ConditionCheck: { operation: 'DeleteItem', action: 'ConditionCheckItem' },
    Delete: { operation: 'DeleteItem', action: 'DeleteItem' },
    Put: { operation: 'PutItem', action: 'PutItem' },
    Update: { operation: 'UpdateItem', action: 'UpdateItem' },
  },
};

/** Parts of a transaction. Source: API reference, TransactWriteItems. */
const MOST_PARTS = 100;

/** Bytes of all parts; the text of the request stands for what DynamoDB counts. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Characters of a token. */
const LONGEST_TOKEN = 36;

/** What operations have and parts have not. */
const NOT_OF_PARTS = ['ConsistentRead', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics', 'ReturnValues'];

/** Members of the requests themselves. */
export const TRANSACTIONS: Readonly<Record<string, readonly string[]>> = {
  TransactGetItems: ['ReturnConsumedCapacity', 'TransactItems'],
  TransactWriteItems: ['ClientRequestToken', 'ReturnConsumedCapacity', 'ReturnItemCollectionMetrics', 'TransactItems'],
};

/** The parts of a transaction, one by one. */
export function readParts(operation: string, given: JsonObject): readonly RequestedPart[] {
  const unknown = Object.keys(given).find((name) => given[name] !== null && !TRANSACTIONS[operation].includes(name));
  if (unknown !== undefined) throw new NotImplemented('dynamodb', `${unknown} of ${operation}`);
  const { TransactItems: items, ReturnConsumedCapacity: capacity = 'NONE', ReturnItemCollectionMetrics: metrics = 'NONE' } = given;
  if (capacity !== 'NONE') throw new NotImplemented('dynamodb', `ReturnConsumedCapacity of ${operation}`);
  if (metrics !== 'NONE') throw new NotImplemented('dynamodb', `ReturnItemCollectionMetrics of ${operation}`);
  if (!Array.isArray(items) || items.length === 0 || items.length > MOST_PARTS) {
    throw invalid(`1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length from 1 to ${MOST_PARTS}`);
  }
  if (Buffer.byteLength(JSON.stringify(items)) > MOST_BYTES) throw invalid(`Transaction payload size cannot exceed ${MOST_BYTES} bytes`);
  const { ClientRequestToken: token = 'x' } = given;
  if (token !== null && (typeof token !== 'string' || token === '' || token.length > LONGEST_TOKEN)) {
    throw invalid(`1 validation error detected: Value at 'clientRequestToken' failed to satisfy constraint: Member must have length from 1 to ${LONGEST_TOKEN}`);
  }
  return items.map((item) => readPart(operation, isObject(item) ? item : {}));
}

function readPart(operation: string, item: JsonObject): RequestedPart {
  const members = Object.keys(item).filter((name) => item[name] !== null);
  const [member] = members;
  const part = members.length === 1 && Object.hasOwn(PARTS[operation], member) ? PARTS[operation][member] : undefined;
  const given = item[member];
  if (part === undefined || !isObject(given)) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  const wrong = NOT_OF_PARTS.find((name) => given[name] !== undefined);
  if (wrong !== undefined) throw new NotImplemented('dynamodb', `${wrong} in ${operation}`);
  const needed = { ConditionCheckItem: 'ConditionExpression', UpdateItem: 'UpdateExpression' }[part.action];
  if (needed !== undefined && typeof given[needed] !== 'string') throw invalid(`The ${needed} of ${member} must not be null`);
  return { ...part, given };
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message);
}
