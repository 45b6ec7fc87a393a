import { FAULT_CELLS, FaultOutcome, runCell } from './etl-faults';
import { closeStores } from '../../test/support/etl-rig';

/** `npm run faults -- etl`: what fails × policy × processor × transport × attempt → outcome. */
async function main(): Promise<void> {
  const [name, ...more] = process.argv.slice(2);
  if (name !== 'etl' || more.length > 0) {
    console.error('usage: npm run faults -- etl');
    process.exitCode = 2;
    return;
  }
  console.log(row(['what fails', 'policy', 'processor', 'transport', 'attempt', 'outcome']));
  for (const cell of FAULT_CELLS) {
    const { fault, policy, processor, transport } = cell;
    for (const outcome of await runCell(cell)) {
      console.log(row([fault.name, policy, processor, transport, outcome.attempt, told(outcome)]));
    }
  }
  closeStores();
}

function told({ status, error, items, failed, letters }: FaultOutcome): string {
  const counts = items === undefined ? '' : `: ${items} items${failed === undefined ? '' : `, ${failed} failed`}`;
  const left = letters.length === 0 ? '' : `; ${letters.length} ${letters.length === 1 ? 'letter' : 'letters'}`;
  return `${status === 'SUCCEEDED' ? 'succeeds' : `fails with ${error ?? status}`}${counts}${left}`;
}

function row([fault, policy, processor, transport, attempt, outcome]: readonly string[]): string {
  return [fault.padEnd(30), policy.padEnd(9), processor.padEnd(13), transport.padEnd(10), attempt.padEnd(8), outcome].join(' ');
}

void main();
