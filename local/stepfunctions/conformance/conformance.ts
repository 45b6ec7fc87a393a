import { readCorpus } from './corpus';
import { runCalls } from './run-calls';
import { runExecution } from './run-execution';
import { outOfScope } from './scope';

/** The result of one recording: passed unless it was skipped or differs. */
export interface Outcome {
  readonly name: string;
  readonly features: readonly string[];
  /** The feature out of scope. */
  readonly skipped?: string;
  /** The first difference. */
  readonly difference?: string;
}

/** Runs every recording of a corpus folder against the interpreter and the service. */
export async function runConformance(folder: string): Promise<Outcome[]> {
  const { executions, calls } = readCorpus(folder);
  const outcomes: Outcome[] = [];
  for (const recorded of executions) outcomes.push(await outcome(recorded, async () => runExecution(recorded)));
  for (const recorded of calls) outcomes.push(await outcome(recorded, async () => runCalls(recorded)));
  return outcomes;
}

type Recording = Pick<Outcome, 'name' | 'features'> & Parameters<typeof outOfScope>[0];

async function outcome(recorded: Recording, run: () => Promise<string | undefined>): Promise<Outcome> {
  const { name, features } = recorded;
  const skipped = outOfScope(recorded);
  if (skipped !== undefined) return { name, features, skipped };
  try {
    return { name, features, difference: await run() };
  } catch (error) {
    return { name, features, difference: error instanceof Error ? error.message : String(error) };
  }
}
