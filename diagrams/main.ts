/** Writes docs/diagrams/: the state machines, drawn from the definitions that are deployed. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from './draw';

const FOLDER = join(__dirname, '..', 'docs', 'diagrams');

async function main(): Promise<void> {
  const drawn = await draw();
  mkdirSync(FOLDER, { recursive: true });
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.svg') && !drawn.has(name))) rmSync(join(FOLDER, file));
  for (const [file, svg] of drawn) writeFileSync(join(FOLDER, file), svg);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
