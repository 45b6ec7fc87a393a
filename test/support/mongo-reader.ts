/** The function that reads MongoDB, in this process: all that its handler does, with any number of sources over one connection. */
import { MongoClient } from 'mongodb';
import { JsonObject, JsonValue } from '../../local/json';
import { ParameterRules } from '../../src/paged-batch-etl/contracts/run-input';
import { MongoSourceConfig } from '../../src/paged-batch-etl/contracts/source-function';
import { clientOptions, createMongoClient } from '../../src/paged-batch-etl/source-functions/connection/mongo-client';
import { MongoConnection } from '../../src/paged-batch-etl/source-functions/connection/mongo-connection';
import { parseSourceSecrets } from '../../src/paged-batch-etl/source-functions/connection/source-secrets';
import { answerEvent } from '../../src/paged-batch-etl/source-functions/reader/answer-event';
import { readFromMongo } from '../../src/paged-batch-etl/source-functions/reader/read-from-mongo';
import { readMongoConfig } from '../../src/paged-batch-etl/source-functions/reader/source-config';

export const READER_NAME = 'reader';

export interface MongoReaderOptions {
  readonly uri: string;
  /** Default: as the handler makes it, but looking for a server that was lost at once, not after half a second. */
  readonly createClient?: typeof createMongoClient;
  /** What each invocation has, in real time. Default: a minute. */
  readonly remainingMilliseconds?: number;
}

export interface ReadOptions {
  readonly source: Partial<MongoSourceConfig> & Pick<MongoSourceConfig, 'database' | 'collection' | 'sort'>;
  readonly rules?: ParameterRules;
  /** Most bytes of a page, whatever the event has room for. Default: as the event says. */
  readonly pageBytes?: number;
  readonly maxBatchSize: number;
}

const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:mongo-AbCdEf';

export class MongoReader {
  private readonly connection: MongoConnection;

  constructor(private readonly options: MongoReaderOptions) {
    const createClient = options.createClient ?? createEagerClient;
    const { source } = configOf({ source: { database: 'any', collection: 'any', sort: ['_id'] }, maxBatchSize: 1 });
    this.connection = new MongoConnection(async () => ({ connection: options.uri }), (secrets, time): MongoClient => (
      createClient(parseSourceSecrets(secrets, source), source, READER_NAME, time.forCall())
    ));
  }

  /** A source for a rig. */
  source(options: ReadOptions): (event: JsonObject) => Promise<JsonValue> {
    const config = configOf(options);
    const reader = readFromMongo(config.source, this.connection);
    const services = { config, ...reader, openBucket: noBucket, openLetters: noBucket, now: Date.now, log: () => undefined };
    const context = { getRemainingTimeInMillis: () => this.options.remainingMilliseconds ?? 60_000 };
    // Lambda answers what is left of it as JSON.
    const { pageBytes } = options;
    const limited = (event: JsonObject) => (pageBytes === undefined || event.pageBytes === undefined ? event : { ...event, pageBytes });
    return async (event) => JSON.parse(JSON.stringify(await answerEvent(limited(event), context, services)));
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

const createEagerClient: typeof createMongoClient = (target, ...rest) => (
  new MongoClient(target.uri, { ...clientOptions(target, ...rest), minHeartbeatFrequencyMS: 10 })
);

const noBucket = (): never => {
  throw new Error('there is no bucket');
};

/** By the environment of the function, as the construct writes it. */
function configOf({ source, rules = {}, pageBytes = 180 * 1024, maxBatchSize }: ReadOptions): ReturnType<typeof readMongoConfig> {
  const complete: MongoSourceConfig = {
    engine: 'mongo', tls: false, readPreference: 'primary', indexCheck: false, mixedIdTypes: false, itemFormat: 'relaxed', ...source,
  };
  return readMongoConfig({
    PARAMETERS: JSON.stringify(rules),
    PAGE_BYTES: `${pageBytes}`,
    MAX_BATCH_SIZE: `${maxBatchSize}`,
    AWS_LAMBDA_FUNCTION_NAME: READER_NAME,
    MONGO_SOURCE: JSON.stringify(complete),
    CONNECTION_SECRET_ARN: SECRET_ARN,
  });
}
