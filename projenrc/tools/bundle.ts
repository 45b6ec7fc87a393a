/**
 * Bundles the Lambda handlers, deterministically, and guards the result.
 *
 *   bundle            write assets/ and fail unless it is what assets.lock.json says
 *   bundle --update   write assets/, assets.lock.json and THIRD-PARTY-LICENSES
 *   bundle --verify   build in two other folders and fail unless all three results are the same bytes
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, Metafile } from 'esbuild';

const ROOT = resolve(__dirname, '../..');
const LOCK = join(ROOT, 'assets.lock.json');
const LICENSES = join(ROOT, 'THIRD-PARTY-LICENSES');

/** What each handler's bundle is: a change here means that users redeploy their functions. */
type Lock = Record<string, { sha256: string; bytes: number }>;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { update: { type: 'boolean' }, verify: { type: 'boolean' } } });
  const { lock, licenses } = await bundle(ROOT, join(ROOT, 'assets'));
  if (values.update) {
    writeFileSync(LOCK, `${JSON.stringify(lock, undefined, 2)}\n`);
    writeFileSync(LICENSES, licenses);
  }
  expectSame('assets.lock.json is not what the handlers bundle to', existsSync(LOCK) ? readFileSync(LOCK, 'utf8') : '', lock);
  if (!existsSync(LICENSES) || readFileSync(LICENSES, 'utf8') !== licenses) {
    throw new Error('THIRD-PARTY-LICENSES is stale; run `npm run bundle:update` and review the change');
  }
  if (values.verify) await verify(lock);
  for (const [handler, { bytes }] of Object.entries(lock)) console.log(`bundled ${handler}: ${(bytes / 1000).toFixed(1)} kB`);
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
      const again = await bundle(copy, join(copy, 'assets'));
      expectSame('a build in another folder gives other bytes', `${JSON.stringify(lock, undefined, 2)}\n`, again.lock);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  }
  console.log('two builds in other folders gave the same bytes');
}

function expectSame(what: string, expected: string, actual: Lock): void {
  const got = `${JSON.stringify(actual, undefined, 2)}\n`;
  if (expected !== got) throw new Error(`${what}; run \`npm run bundle:update\` and review the change.\nlocked:\n${expected}\nbuilt:\n${got}`);
}

async function bundle(root: string, outputFolder: string): Promise<{ lock: Lock; licenses: string }> {
  const { target } = JSON.parse(readFileSync(join(root, '.bundle.json'), 'utf8'));
  rmSync(outputFolder, { recursive: true, force: true });
  const lock: Lock = {};
  const packages = new Set<string>();
  for (const source of findHandlers(join(root, 'src')).sort()) {
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
      // The runtime brings the AWS SDK; leaving it out keeps the bundle small and its bytes stable over SDK releases.
      external: ['@aws-sdk/*', '@smithy/*'],
      preserveSymlinks: true,
      metafile: true,
      logLevel: 'warning',
    });
    for (const name of bundledPackages(metafile)) packages.add(name);
    const bytes = readFileSync(outfile);
    lock[handler] = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  }
  return { lock, licenses: renderLicenses(root, [...packages].sort()) };
}

function findHandlers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lambda.ts')).map((name) => join(folder, name));
}

/** Names of the npm packages whose code is in a bundle. */
function bundledPackages(metafile: Metafile): string[] {
  return Object.keys(metafile.inputs)
    .map((input) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
    .filter((name) => name !== undefined);
}

function renderLicenses(root: string, packages: string[]): string {
  const sections = packages.map((name) => {
    const folder = dirname(require.resolve(`${name}/package.json`, { paths: [root] }));
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled but ships no licence text`);
    return `${name} ${manifest.version} (${manifest.license})\n\n${readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim()}\n`;
  });
  return ['The Lambda handlers in this package contain code of the following packages.\n', ...sections].join(`\n${'-'.repeat(100)}\n\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
