import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startMongo } from '../local/mongodb/start-mongo';
import { emptyFolder, ROOT } from '../projenrc/tools/repository';
import { DEFAULT_MEMORY_SIZE } from '../src/paged-batch-etl/page-source/document-source';

/**
 * How Lambda starts Node: young objects may take 5 % of the memory, old ones 90 %. By itself, Node would have them wait in far less room, and would copy what
 * a page has again and again. Source: the start program of Lambda's Node.js runtimes.
 */
const AS_IN_LAMBDA = [`--max-semi-space-size=${Math.floor(DEFAULT_MEMORY_SIZE / 20)}`, `--max-old-space-size=${Math.floor(0.9 * DEFAULT_MEMORY_SIZE)}`];

/**
 * The reader beside the bare driver. Both are bundled, as the source function is: what loads TypeScript as it runs makes names of other modules slow, and
 * that would be measured.
 */
export async function benchReader(): Promise<void> {
  const program = join(emptyFolder('bench-reader'), 'program.js');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'bench/reader/program.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    minify: true,
    external: ['@aws-sdk/*', 'fast-check'],
    logLevel: 'warning',
  });
  const server = await startMongo();
  try {
    execFileSync(process.execPath, [...AS_IN_LAMBDA, program, server.uri], { stdio: 'inherit' });
  } finally {
    await server.close();
  }
}
