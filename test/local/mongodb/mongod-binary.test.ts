import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoUnavailable } from '../../../local/mongodb/mongo-unavailable';
import { findMongod, mongodSources } from '../../../local/mongodb/mongod-binary';
import { installOnce } from '../../../local/mongodb/mongod-installation';
import { missingMongo, startMongo } from '../../../local/mongodb/start-mongo';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mongod-binary-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says of itself to be this version. */
function fakeMongod(version: string, name = `mongod-${version}`): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "db version v${version}"\n`);
  chmodSync(path, 0o755);
  return path;
}

const source = (name: string, find: () => string) => ({ name, find });
const failing = (name: string) => source(name, () => {
  throw new Error(`${name} has none`);
});

describe('the search for mongod', () => {
  test('ends at the first that runs', () => {
    const path = fakeMongod('7.0.1');
    const never = source('later', () => {
      throw new Error('not to be asked');
    });
    expect(findMongod([failing('first'), source('second', () => path), never])).toEqual({ path, version: '7.0.1' });
  });

  test('goes past programs that are too old, not mongod, or do not start', () => {
    const path = fakeMongod('4.4.0');
    const broken = fakeMongod('8.0.0', 'broken');
    writeFileSync(broken, '#!/bin/sh\necho "error while loading shared libraries: libcurl.so.4" >&2\nexit 127\n');
    const candidates = [fakeMongod('4.2.9'), fakeMongod('3.6.1'), '/bin/echo', broken, join(folder, 'absent'), path];
    expect(findMongod(candidates.map((candidate) => source(candidate, () => candidate)))).toEqual({ path, version: '4.4.0' });
    expect(() => findMongod([source('wheel', () => broken)])).toThrow('wheel: error while loading shared libraries: libcurl.so.4');
    expect(() => findMongod([source('PATH', () => candidates[0])])).toThrow('is version 4.2.9, the driver needs 4.4');
  });

  test('that finds nothing says so in one sentence, with what to do', () => {
    const search = () => findMongod([failing('PATH'), failing('download')]);
    expect(search).toThrow(MongoUnavailable);
    expect(search).toThrow(
      'There is no MongoDB server to run: install mongod 4.4 or newer on the PATH, name one in MONGOMS_SYSTEM_BINARY, '
      + 'or give the address of a running server in MONGODB_URI (PATH: PATH has none; download: download has none)',
    );
  });

  test('does not pass over a binary that somebody named', () => {
    const env = { MONGOMS_SYSTEM_BINARY: join(folder, 'absent'), PATH: folder };
    fakeMongod('7.0.1', 'mongod');
    expect(() => findMongod(mongodSources(env, folder))).toThrow(/MONGOMS_SYSTEM_BINARY: .*absent.*ENOENT/);
    const named = fakeMongod('7.0.2');
    expect(findMongod(mongodSources({ ...env, MONGOMS_SYSTEM_BINARY: named }, folder))).toEqual({ path: named, version: '7.0.2' });
  });

  test('looks at the machine before it loads anything', () => {
    const path = fakeMongod('7.0.1', 'mongod');
    const sources = mongodSources({ PATH: `/nonexistent::${folder}` }, join(folder, 'cache'));
    expect(sources.map(({ name }) => name)).toEqual(['PATH', 'download', 'Python wheel']);
    expect(findMongod(sources)).toEqual({ path, version: '7.0.1' });
    expect(existsSync(join(folder, 'cache'))).toBe(false);
  });

  test('uses what an earlier run has loaded', () => {
    const installed = installOnce({
      cacheFolder: folder, name: 'download-6.0.9', file: 'mongod', install: (aside) => writeFileSync(join(aside, 'mongod'), ''),
    });
    const [, download] = mongodSources({ PATH: '', MONGOMS_VERSION: '6.0.9' }, folder);
    expect(download.find()).toBe(installed);
  });
});

describe('a server that cannot be had', () => {
  const find = (): never => {
    throw new MongoUnavailable('There is no MongoDB server to run');
  };

  test('is a reason for those who ask, an error for those who start it', async () => {
    expect(missingMongo({}, { env: {}, find })).toBe('There is no MongoDB server to run');
    await expect(startMongo({}, { env: {}, find })).rejects.toThrow(MongoUnavailable);
  });

  test('hides no other error', () => {
    const fault = (): never => {
      throw new TypeError('a mistake');
    };
    expect(() => missingMongo({}, { env: {}, find: fault })).toThrow('a mistake');
  });
});

describe('an installation', () => {
  const install = (content: string) => (aside: string): void => writeFileSync(join(aside, 'file'), content);
  const installing = (work: (aside: string) => void) => () => installOnce({ cacheFolder: join(folder, 'cache'), name: 'thing', file: 'file', install: work });
  const neverAgain = () => {
    throw new Error('installed again');
  };

  test('is made once', () => {
    const path = installing(install('content'))();
    expect(path).toBe(join(folder, 'cache', 'thing', 'file'));
    expect(installing(neverAgain)()).toBe(path);
    expect(readdirSync(join(folder, 'cache'))).toEqual(['thing']);
  });

  test('that fails halfway leaves nothing but the reason, and is not tried again for some hours', () => {
    const halfway = (aside: string): void => {
      install('half')(aside);
      throw new Error('the line broke');
    };
    expect(installing(halfway)).toThrow('the line broke');
    expect(readdirSync(join(folder, 'cache'))).toEqual(['thing.failed']);
    expect(installing(neverAgain)).toThrow(/^the line broke \(tried a while ago/);
    const before = Date.now() / 1_000 - 7 * 3_600;
    utimesSync(join(folder, 'cache', 'thing.failed'), before, before);
    expect(existsSync(installing(install('content'))())).toBe(true);
    expect(readdirSync(join(folder, 'cache'))).toEqual(['thing']);
  });

  test('without the file that it is about has failed', () => {
    expect(installing(() => {})).toThrow('thing has no file');
  });

  test('gives way to another process that was faster', () => {
    const overtaken = (aside: string): void => {
      installing(install('theirs'))();
      install('ours')(aside);
    };
    const path = installing(overtaken)();
    expect(existsSync(path)).toBe(true);
    expect(readdirSync(join(folder, 'cache'))).toEqual(['thing']);
  });
});
