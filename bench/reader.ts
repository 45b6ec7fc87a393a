import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startMongo } from '../local/mongodb/start-mongo';
import { emptyFolder, ROOT } from '../projenrc/tools/repository';

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
    execFileSync(process.execPath, [program, server.uri], { stdio: 'inherit' });
  } finally {
    await server.close();
  }
}
