import { readCorpus } from './corpus';
import { runCalls } from './run-calls';
import { runExecution } from './run-execution';
import { outOfScope } from './scope';
import { unlessStalled } from './stalled';
import { messageOf } from '../../errors';

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
  for (const recorded of executions) outcomes.push(await outcome(recorded, async (happened) => runExecution(recorded, happened)));
  for (const recorded of calls) outcomes.push(await outcome(recorded, async (happened) => runCalls(recorded, happened)));
  return outcomes;
}

type Recording = Pick<Outcome, 'name' | 'features'> & Parameters<typeof outOfScope>[0];

async function outcome(recorded: Recording, run: (happened: () => void) => Promise<string | undefined>): Promise<Outcome> {
  const { name, features } = recorded;
  let happenings = 0;
  const skipped = outOfScope(recorded);
  if (skipped !== undefined) return { name, features, skipped };
  try {
    return { name, features, difference: await unlessStalled(run(() => void happenings++), () => happenings) };
  } catch (error) {
    return { name, features, difference: messageOf(error) };
  }
}
