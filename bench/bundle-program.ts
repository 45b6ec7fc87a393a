import { join } from 'node:path';
import { build } from 'esbuild';
import { emptyFolder, ROOT } from '../projenrc/tools/repository';

/**
 * A program of a benchmark, bundled as functions are: what loads TypeScript as it runs makes names of other modules slow, and that would be measured.
 *
 * @param source path from the root of the repository
 * @returns path of the bundle
 */
export async function bundleProgram(source: string): Promise<string> {
  const outfile = join(emptyFolder(source.replace(/\W+/g, '-')), 'program.js');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, source)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    minify: true,
    external: ['@aws-sdk/*', 'fast-check'],
    logLevel: 'warning',
  });
  return outfile;
}
