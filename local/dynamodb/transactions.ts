import { Item } from 'dynalite/db';
import { ALWAYS, isMet } from './conditions';
import { Engine, itemId } from './engine';
import { ItemRequest, Items } from './items';
import { answersItemOnFailure } from './requests';
import { ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { JsonObject } from '../json';

/** A part of a transaction, found valid. `checkOnly`: nothing is written, a condition has to be met. */
export interface TransactionPart extends ItemRequest {
  readonly checkOnly: boolean;
}

/** Milliseconds for which a token stands for its request. Source: API reference, TransactWriteItems. */
const TOKEN_WINDOW = 10 * 60_000;

/** What kept a part from being done. */
interface Reason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}

/** Several writes or reads as one. As operations are done one after the other, nobody sees a part of them. */
export class Transactions {
  /** The requests that were carried out with a token, as text. */
  private readonly done = new Map<string, { readonly at: number; readonly request: string }>();

  constructor(private readonly engine: Engine, private readonly items: Items, private readonly clock: Pick<Clock, 'now'>) {}

  async get(parts: readonly ItemRequest[]): Promise<JsonObject> {
    return this.engine.alone(async () => {
      const Responses: JsonObject[] = [];
      for (const part of parts) {
        await this.items.deleteExpired(part.tables);
        Responses.push(await orCancel(part, parts, async () => this.engine.perform('GetItem', part.parsed)));
      }
      return { Responses };
    });
  }

  /** All of the parts or none. The same request with the same token does nothing again. */
  async write(parts: readonly TransactionPart[], token: string | undefined, request: JsonObject): Promise<JsonObject> {
    assertDistinct(parts);
    return this.engine.alone(async () => {
      if (token !== undefined && this.isDone(token, JSON.stringify(request))) return {};
      for (const { tables } of parts) await this.items.deleteExpired(tables);
      for (const part of parts) {
        const problem = await this.items.problemOf(part);
        if (problem !== undefined) throw invalidPart(part, parts, problem);
      }
      await this.assertConditions(parts);
      await this.writeAll(parts.filter(({ checkOnly }) => !checkOnly), parts);
      if (token !== undefined) this.done.set(token, { at: this.clock.now(), request: JSON.stringify(request) });
      return {};
    });
  }

  private isDone(token: string, request: string): boolean {
    const earlier = this.done.get(token);
    if (earlier === undefined || this.clock.now() - earlier.at > TOKEN_WINDOW) return false;
    if (earlier.request === request) return true;
    throw new ServiceError('IdempotentParameterMismatchException', 'The request with the same client token was made with other parameters');
  }

  /** Looks at all conditions before anything is written; they are met from then on. */
  private async assertConditions(parts: readonly TransactionPart[]): Promise<void> {
    const reasons: Reason[] = [];
    for (const part of parts) {
      const { parsed: { _condition: condition }, given } = part;
      const before = await this.items.before(part);
      const met = condition === undefined || isMet(condition.expression, before ?? {});
      const answered = answersItemOnFailure(given) && before !== undefined && { Item: before };
      reasons.push(met ? { Code: 'None' } : { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed', ...answered });
      if (condition !== undefined && met) condition.expression = ALWAYS;
    }
    if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons);
  }

  private async writeAll(writes: readonly TransactionPart[], all: readonly TransactionPart[]): Promise<void> {
    const undo: (() => Promise<void>)[] = [];
    for (const part of writes) {
      const before = await this.items.before(part);
      try {
        await this.items.write(part);
        undo.push(async () => this.items.putBack(part, before));
      } catch (error) {
        for (const step of undo.reverse()) await step();
        throw error instanceof ServiceError ? invalidPart(part, all, error) : error;
      }
    }
  }
}

/** What is no key at all is told of later. */
function assertDistinct(parts: readonly TransactionPart[]): void {
  const ids = parts.flatMap(({ parsed, tables: [{ settings }] }) => {
    const id = itemId(settings, parsed.Item ?? parsed.Key ?? {});
    return id === undefined ? [] : `${settings.TableName} ${id}`;
  });
  if (new Set(ids).size < ids.length) throw new ServiceError('ValidationException', 'Transaction request cannot include multiple operations on one item');
}

async function orCancel<T>(part: ItemRequest, parts: readonly ItemRequest[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof ServiceError ? invalidPart(part, parts, error) : error;
  }
}

/** One part that is wrong is the only one that has a reason, whatever the others are. */
function invalidPart(part: ItemRequest, parts: readonly ItemRequest[], { message: Message }: ServiceError): ServiceError {
  return cancelled(parts.map((other) => (other === part ? { Code: 'ValidationError', Message } : { Code: 'None' })));
}

/** Source: API reference, TransactWriteItems, `TransactionCanceledException`. */
function cancelled(reasons: readonly Reason[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new ServiceError('TransactionCanceledException', message, 400, { CancellationReasons: reasons.map((reason) => ({ ...reason })) });
}
