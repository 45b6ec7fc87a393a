/**
 * Bundles the Lambda handlers, deterministically, and guards the result.
 *
 *   bundle            write assets/ and fail unless it is what assets.lock.json says
 *   bundle --update   write assets/, assets.lock.json and THIRD-PARTY-LICENSES
 *   bundle --work    write assets/, whatever assets.lock.json says: for tests and demo while handlers are changed
 *   bundle --verify   also build in two other folders and fail unless all three results are the same bytes
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { fail, ROOT } from './repository';
import { packageFoldersOf, renderLicenses } from './third-party-licenses';

const LOCK = join(ROOT, 'assets.lock.json');
const LICENSES = join(ROOT, 'THIRD-PARTY-LICENSES');
const ADVICE = 'Run `npm run bundle:update` and review the change.';

/** What each handler's bundle is: a change here means that users redeploy their functions. */
type Lock = Record<string, { sha256: string; bytes: number }>;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { update: { type: 'boolean' }, verify: { type: 'boolean' }, work: { type: 'boolean' } } });
  const { lock, licenses } = await bundle(ROOT);
  if (values.update) {
    writeFileSync(LOCK, `${JSON.stringify(lock, undefined, 2)}\n`);
    writeFileSync(LICENSES, licenses);
  }
  if (values.work) return;
  expectSame(readLock(), lock, `assets.lock.json is not what the handlers bundle to. ${ADVICE}`);
  if (!existsSync(LICENSES) || readFileSync(LICENSES, 'utf8') !== licenses) throw new Error(`THIRD-PARTY-LICENSES is stale. ${ADVICE}`);
  if (values.verify) await verify(lock);
  for (const [handler, { bytes }] of Object.entries(lock)) console.log(`bundled ${handler}: ${(bytes / 1000).toFixed(1)} kB`);
}

function readLock(): Lock {
  return existsSync(LOCK) ? JSON.parse(readFileSync(LOCK, 'utf8')) : {};
}

/** The bytes must not depend on where the repository lies. */
async function verify(lock: Lock): Promise<void> {
  for (const depth of ['a', 'some/deeper/folder']) {
    const base = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      const copy = join(base, depth);
      mkdirSync(copy, { recursive: true });
      for (const entry of ['src', 'package.json', 'tsconfig.json', '.bundle.json']) cpSync(join(ROOT, entry), join(copy, entry), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
      expectSame(lock, (await bundle(copy)).lock, 'A build in another folder gives other bytes: the bundles are not reproducible.');
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  }
  console.log('two builds in other folders gave the same bytes');
}

function expectSame(expected: Lock, actual: Lock, message: string): void {
  const differences = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort()
    .filter((handler) => expected[handler]?.sha256 !== actual[handler]?.sha256)
    .map((handler) => `  ${handler}: expected ${describe(expected[handler])}, got ${describe(actual[handler])}`);
  if (differences.length > 0) throw new Error([message, ...differences].join('\n'));
}

function describe(entry: Lock[string] | undefined): string {
  return entry === undefined ? 'none' : `${entry.bytes} bytes, sha256 ${entry.sha256}`;
}

async function bundle(root: string): Promise<{ lock: Lock; licenses: string }> {
  const { target } = JSON.parse(readFileSync(join(root, '.bundle.json'), 'utf8'));
  const outputFolder = join(root, 'assets');
  rmSync(outputFolder, { recursive: true, force: true });
  const lock: Lock = {};
  const packageFolders: string[] = [];
  for (const source of findHandlers(join(root, 'src'))) {
    const handler = relative(join(root, 'src'), source).replace(/\.lambda\.ts$/, '').replaceAll('\\', '/');
    const outfile = join(outputFolder, handler, 'index.js');
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target,
      tsconfig: join(root, 'tsconfig.json'),
      // Full minification also removes the path comments and wrapper names that would make the bytes depend on the folder.
      minify: true,
      keepNames: true,
      legalComments: 'none',
      // The SDK comes with the Lambda runtime: bundles stay small, and their bytes do not change with every release of it. Its
      // foundations (@smithy) lie where a function cannot load them, so what a handler imports of those itself is bundled.
      external: ['@aws-sdk/*'],
      preserveSymlinks: true,
      metafile: true,
      logLevel: 'warning',
    });
    packageFolders.push(...packageFoldersOf(metafile));
    const bytes = readFileSync(outfile);
    lock[handler] = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  }
  return { lock, licenses: renderLicenses(root, packageFolders) };
}

function findHandlers(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((name) => name.endsWith('.lambda.ts')).map((name) => join(folder, name)).sort();
}

main().catch(fail);
