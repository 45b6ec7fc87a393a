import { readCorpus } from './corpus';
import { runCalls } from './run-calls';
import { runExecution } from './run-execution';
import { outOfScope } from './scope';
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
  for (const recorded of executions) outcomes.push(await outcome(recorded, async () => runExecution(recorded)));
  for (const recorded of calls) outcomes.push(await outcome(recorded, async () => runCalls(recorded)));
  return outcomes;
}

/** Real milliseconds after which a recording counts as one that never ends; the slowest takes a few hundred on a good day. */
const PATIENCE = 3 * 60_000;

type Recording = Pick<Outcome, 'name' | 'features'> & Parameters<typeof outOfScope>[0];

async function outcome(recorded: Recording, run: () => Promise<string | undefined>): Promise<Outcome> {
  const { name, features } = recorded;
  const skipped = outOfScope(recorded);
  if (skipped !== undefined) return { name, features, skipped };
  try {
    return { name, features, difference: await withinPatience(run()) };
  } catch (error) {
    return { name, features, difference: messageOf(error) };
  }
}

/** Without it the process would end silently, and with success, once nothing is left that could go on. */
async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the execution never ends')), PATIENCE);
  });
  return Promise.race([work, tooLong]).finally(() => clearTimeout(timer));
}
