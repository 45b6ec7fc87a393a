import { execFileSync } from 'node:child_process';
import { bundleProgram } from './bundle-program';
import { startMongo } from '../local/mongodb/start-mongo';

/** The reader beside the bare driver. */
export async function benchReader(): Promise<void> {
  const program = await bundleProgram('bench/reader/program.ts');
  const server = await startMongo();
  try {
    execFileSync(process.execPath, [program, server.uri], { stdio: 'inherit' });
  } finally {
    await server.close();
  }
}
