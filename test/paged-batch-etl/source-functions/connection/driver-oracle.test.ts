/** The driver itself is the judge of what a connection string means. */
import * as fc from 'fast-check';
import { secrets, strictness, uriOf, VALUES } from './generated-strings';
import { MongoSourceConfig } from '../../../../src/paged-batch-etl/contracts/source-function';
import { KNOWN_OPTIONS, OPTION_GROUPS } from '../../../../src/paged-batch-etl/source-functions/connection/connection-options';
import { parseConnectionSecret } from '../../../../src/paged-batch-etl/source-functions/connection/connection-secret';
import { createMongoClient } from '../../../../src/paged-batch-etl/source-functions/connection/mongo-client';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { DRIVER_OPTIONS, readByDriver, resolve, ResolvedOptions, restoreDns, stubDns } from '../../../support/driver-strings';
import { SOURCE } from '../harness';

const LONGEST_CALL = 8_000;

/** In milliseconds, but for the connections. */
const LIMITS: Readonly<Record<string, number>> = {
  connectTimeoutMS: 5_000, serverSelectionTimeoutMS: 10_000, socketTimeoutMS: LONGEST_CALL, maxIdleTimeMS: 60_000, maxPoolSize: 2,
};

/** What the source adds or decides, and what is not data. */
const OURS = ['rejectUnauthorized', 'minPoolSize', 'runtime', 'runtimeAdapters', 'mongoLoggerOptions', 'tls', 'checkServerIdentity', ...Object.keys(LIMITS)];

afterAll(restoreDns);

/** What the reader makes of a secret: the options of its client, or the message of its refusal. */
async function readByReader(secret: string, source: Partial<MongoSourceConfig>): Promise<ResolvedOptions | string> {
  const complete = { ...SOURCE, readPreference: undefined, ...source };
  try {
    return await resolve(createMongoClient(parseConnectionSecret(secret, complete), complete, 'reader', LONGEST_CALL));
  } catch (error) {
    if (error instanceof SourceError) return error.message;
    // The records of the name are looked up when the client connects.
    return `At connecting: ${String(error)}`;
  }
}

/** Without what is ours, as plain data. */
function comparable(options: ResolvedOptions): unknown {
  const kept = Object.entries({ appName: 'reader', ...options }).filter(([name, value]) => !OURS.includes(name) && typeof value !== 'function');
  return JSON.parse(JSON.stringify(Object.fromEntries(kept)));
}

const atMost = (limit: number, said: unknown) => (typeof said !== 'number' || said === 0 ? limit : Math.min(limit, said));

describe('the table of options', () => {
  test('has every option that the driver knows, once', () => {
    expect(OPTION_GROUPS.flatMap(({ names }) => names).sort()).toEqual([...DRIVER_OPTIONS].sort());
    expect(KNOWN_OPTIONS.size).toBe(DRIVER_OPTIONS.length);
  });

  test('and every one of them is tried here', () => {
    const tried = [...KNOWN_OPTIONS.values()].filter(({ name, rule }) => rule.use !== 'refused' && name !== 'tlsCAFile').map(({ name }) => name);
    expect(Object.keys(VALUES).sort()).toEqual(tried.sort());
  });

  test.each(DRIVER_OPTIONS.filter((name) => KNOWN_OPTIONS.get(name.toLowerCase())?.rule.use === 'refused'))('%s is refused by its name, with the reason', async (name) => {
    for (const value of ['true', '1', 'zqconfidential']) {
      const message = String(await readByReader(`mongodb://u:p@a/?${name}=${value}`, {}));
      expect(message).toMatch(new RegExp(`^The connection secret has a connection string with ${name}, which this source does not take: .{15,}$`));
      expect(message).not.toContain('zqconfidential');
    }
  });
});

describe('a connection string means to the reader what it means to the driver', () => {
  beforeEach(() => {
    // It warns of old options.
    jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('in all that is generated', async () => {
    const seen = { taken: 0, refusedByBoth: 0, refusedByUs: 0, fromRecords: 0 };
    await fc.assert(fc.asyncProperty(secrets, async (secret) => {
      const uri = uriOf(secret);
      stubDns(secret.records);
      const driver = await readByDriver(uri);
      const tls = driver?.tls === true;
      const reader = await readByReader(uri, { tls });
      const stricter = strictness(secret, tls);
      if (driver === undefined) {
        expect(typeof reader).toBe('string');
        seen.refusedByBoth += 1;
      } else if (stricter.length > 0) {
        expect(String(reader)).toMatch(new RegExp(stricter.join('|'), 'i'));
        seen.refusedByUs += 1;
      } else {
        if (typeof reader === 'string') throw new Error(`${uri} is refused: ${reader}`);
        expect(comparable(reader)).toEqual(comparable(driver));
        expect({ tls: reader.tls, rejectUnauthorized: reader.rejectUnauthorized ?? true, checkServerIdentity: reader.checkServerIdentity }).toEqual({
          tls, rejectUnauthorized: true, checkServerIdentity: undefined,
        });
        for (const [name, limit] of Object.entries(LIMITS)) expect([name, reader[name]]).toEqual([name, atMost(limit, driver[name])]);
        expect(reader.minPoolSize).toBe(Math.min(Number(reader.maxPoolSize), Number(driver.minPoolSize)));
        seen.taken += 1;
        if (secret.isSeedList && secret.records.txt !== undefined) seen.fromRecords += 1;
      }
    }), { numRuns: 1_500 });
    // The generator is worth nothing if one of these is rare.
    expect(Object.entries(seen).filter(([, times]) => times < 20)).toEqual([]);
  });

  test.each([
    ['mongodb+srv://u:p@db.example.com/shop', [['authSource=admin']], 'admin'],
    ['mongodb+srv://u:p@db.example.com/shop', undefined, 'shop'],
    ['mongodb+srv://u:p@db.example.com/', [['authSource=users']], 'users'],
    ['mongodb+srv://u:p@db.example.com/', undefined, 'admin'],
    ['mongodb+srv://u:p@db.example.com/shop?authSource=mine', [['authSource=admin']], 'mine'],
    ['mongodb://u:p@db.example.com/shop', [['authSource=users']], 'shop'],
    [JSON.stringify({ username: 'u', password: 'p', host: 'db.example.com' }), undefined, 'admin'],
    [JSON.stringify({ username: 'u', password: 'p', host: 'db.example.com', dbname: 'shop' }), undefined, 'shop'],
  ])('such as where the user is known: %s with the TXT record %j', async (secret, txt, authSource) => {
    stubDns({ srv: [{ name: 'm1.example.com', port: 1 }], txt });
    expect(await readByReader(secret, {})).toMatchObject({ credentials: { username: 'u', password: 'p', source: authSource } });
  });

  test('also where the source names the host: as if that had been written in it', async () => {
    stubDns({ srv: [{ name: 'm1.example.com', port: 1 }], txt: [['authSource=admin&replicaSet=rs9']] });
    const said = 'u:p@elsewhere.example.net';
    expect(await readByReader(`mongodb://${said}/shop`, { host: 'db.example.com', srv: true })).toMatchObject({
      hosts: ['m1.example.com:1'], replicaSet: 'rs9', credentials: { source: 'admin' },
    });
    expect(await readByReader(`mongodb+srv://${said}/shop`, { host: 'a.example.com:2' })).toMatchObject({ hosts: ['a.example.com:2'], credentials: { source: 'shop' } });
    expect(await readByReader(`mongodb+srv://${said}/shop?srvMaxHosts=2`, { host: 'a.example.com:2' })).toBe(
      'The connection secret has a connection string with srvMaxHosts that the driver does not take',
    );
  });
});
