import { MongoServer, MongoServerOptions } from '../../local/mongodb/mongo-server';
import { missingMongo, startMongo } from '../../local/mongodb/start-mongo';

/**
 * Tests that need a MongoDB server, which they start themselves. Where there is none such they are skipped, saying why; with
 * REQUIRE_MONGO=1 that is a failure.
 */
export function describeWhereMongo(name: string, define: () => void, options: MongoServerOptions = {}): void {
  const missing = missingMongo(options);
  if (missing !== undefined) {
    if (process.env.REQUIRE_MONGO === '1') throw new Error(`REQUIRE_MONGO=1, but: ${missing}`);
    process.stderr.write(`"${name}" is skipped: ${missing}\n`);
  }
  (missing === undefined ? describe : describe.skip)(name, define);
}

/** The same with a server that runs while the tests do. */
export function describeWithMongo(name: string, define: (mongo: () => MongoServer) => void, options: MongoServerOptions = {}): void {
  describeWhereMongo(name, () => {
    let server: MongoServer | undefined;
    beforeAll(async () => {
      server = await startMongo(options);
    });
    afterAll(async () => server?.close());

    define(() => {
      if (server === undefined) throw new Error('The MongoDB server runs only while a test does');
      return server;
    });
  }, options);
}
