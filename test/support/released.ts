/** What releases have sent to a handler, and what it made of that, and the definitions that executions of a release go on with: kept under `test/contracts/<handler>/<contract>`, for ever. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CONTRACTS = join(__dirname, '..', 'contracts');

export type ReleasedHandler = 'collect-failures' | 'deliver' | 'keep-ledger' | 'manage-query' | 'plan-run' | 'read-page' | 'replay' | 'tell-keys' | 'workflow';

/** Names of the events. What became of one is in a file with one more word in its name. */
export function releasedNames(handler: ReleasedHandler, contract: number): string[] {
  return readdirSync(join(CONTRACTS, handler, String(contract))).flatMap((file) => /^([\w-]+)\.json$/.exec(file)?.[1] ?? []);
}

/** The content of one file. */
export function released<T>(handler: ReleasedHandler, contract: number, name: string): T {
  return JSON.parse(readFileSync(join(CONTRACTS, handler, String(contract), `${name}.json`), 'utf8'));
}
