/** A real server whose answers take as long as a test says, in time that only the test counts. */
import { Collection, Db, Document, FindCursor, MongoClient } from 'mongodb';
import { replacing } from './page-walk';
import { WithinTime } from '../../../../src/paged-batch-etl/source-functions/mongo/reading-time';
import { InvocationContext } from '../../../../src/paged-batch-etl/source-functions/time-left';

/** Milliseconds until an answer with this many documents has come. */
export type Speed = (documents: number) => number;

/** One invocation of a reader, which begins at 0. */
export class SlowInvocation implements InvocationContext {
  /** Answers that the reader did not wait for. */
  givenUp = 0;
  private now = 0;

  constructor(private readonly milliseconds: number, private readonly speed: Speed) {}

  getRemainingTimeInMillis(): number {
    return this.milliseconds - this.now;
  }

  /** The work has been done in no time, and has added the time that it stands for. */
  readonly within: WithinTime = async (work, milliseconds) => {
    const before = this.now;
    const result = await work;
    if (this.now <= before + milliseconds) return result;
    this.now = before + milliseconds;
    this.givenUp += 1;
    return undefined;
  };

  client(client: MongoClient): MongoClient {
    return replacing(client, { db: (name?: string) => this.database(client.db(name)) });
  }

  private database(database: Db): Db {
    return replacing(database, {
      collection: (name: string) => this.collection(database.collection(name)),
      listCollections: (filter: Document, options: object) => replacing(database.listCollections(filter, options), {
        toArray: async () => this.answered(await database.listCollections(filter, options).toArray(), 1),
      }),
    });
  }

  private collection(collection: Collection<Document>): Collection<Document> {
    return replacing(collection, {
      db: this.database(collection.db),
      find: (filter: Document, options: { readonly signal?: AbortSignal }) => this.slow(collection.find(filter, options), options.signal),
    });
  }

  private slow(cursor: FindCursor<Document>, signal?: AbortSignal): FindCursor<Document> {
    const [next, close, explain] = [cursor.next.bind(cursor), cursor.close.bind(cursor), cursor.explain.bind(cursor)];
    cursor.next = async () => {
      if (cursor.bufferedCount() > 0) return next();
      const first = await next();
      return this.answered(first, first === null ? 0 : 1 + cursor.bufferedCount());
    };
    cursor.close = async () => {
      const isOpen = cursor.id !== undefined && !cursor.id.isZero();
      await close();
      // Nobody waits for the end of what was given up.
      if (isOpen && signal?.aborted !== true) this.answered(undefined, 0);
    };
    cursor.explain = async () => this.answered(await explain('queryPlanner'), 1);
    return cursor;
  }

  private answered<T>(answer: T, documents: number): T {
    this.now += this.speed(documents);
    return answer;
  }
}
