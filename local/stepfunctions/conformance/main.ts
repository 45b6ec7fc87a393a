import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runConformance } from './conformance';
import { allPassed, printReport } from './report';

/** Compares the interpreter with recordings of AWS. Argument: the corpus folder. A clone without the corpus passes; a folder without recordings does not. */
async function main(folder: string): Promise<void> {
  if (!existsSync(folder)) {
    console.log(`no corpus in ${folder}: nothing to compare`);
    return;
  }
  const outcomes = await runConformance(folder);
  if (outcomes.length === 0) {
    console.error(`${folder} holds no recordings: expected JSON files in its folders cases, tables or api`);
    process.exitCode = 1;
    return;
  }
  console.log(printReport(outcomes));
  process.exitCode = allPassed(outcomes) ? 0 : 1;
}

void main(process.argv[2] ?? join(__dirname, '..', '..', '..', '..', 'shared', 'conformance', 'stepfunctions'));
