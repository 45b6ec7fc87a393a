import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runConformance } from './conformance';
import { allPassed, printReport } from './report';

/** Compares the interpreter with recordings of AWS. Argument: the corpus folder. */
async function main(folder: string): Promise<void> {
  if (!existsSync(folder)) {
    console.log(`no corpus in ${folder}: nothing to compare`);
    return;
  }
  const outcomes = await runConformance(folder);
  console.log(printReport(outcomes));
  process.exitCode = allPassed(outcomes) ? 0 : 1;
}

void main(process.argv[2] ?? join(__dirname, '..', '..', '..', '..', 'shared', 'conformance', 'stepfunctions'));
