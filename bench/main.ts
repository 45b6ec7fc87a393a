import { parseArgs } from 'node:util';
import { benchEtl } from './etl';
import { benchInterpreter } from './interpreter';
import { benchOutage } from './outage';
import { benchReader } from './reader';
import { benchWorkers } from './workers';

/** Every benchmark prints a table; none asserts anything about time. */
const benchmarks: ReadonlyMap<string, () => Promise<void>> = new Map([
  ['etl', benchEtl], ['interpreter', benchInterpreter], ['outage', benchOutage], ['reader', benchReader], ['workers', benchWorkers],
]);

/** `npm run bench -- <name>…`: runs the benchmarks of these names. */
async function main(): Promise<void> {
  const { positionals: names } = parseArgs({ allowPositionals: true });
  const unknown = names.filter((name) => !benchmarks.has(name));
  if (names.length === 0 || unknown.length > 0) {
    if (unknown.length > 0) console.error(`no benchmark is called ${unknown.join(', ')}`);
    console.error(`usage: npm run bench -- <name>, one of: ${[...benchmarks.keys()].join(', ')}`);
    process.exitCode = 2;
    return;
  }
  for (const name of names) await benchmarks.get(name)?.();
}

void main();
