/** A run that is redriven until it succeeds, or until it fails by what its collection is made for. */
import { JsonObject, JsonValue } from '../../../local/json';
import { Ended, EtlRig } from '../../support/etl-rig';

export interface Outcome {
  /** Answer of the execution that ended the run; absent where it failed by design. */
  readonly output?: JsonValue;
  /** The designed error, and the execution that it is to be redriven in. */
  readonly failed?: { readonly name: string; readonly executionArn: string };
  /** Redrives, and starts with the progress of an execution that cannot be redriven. */
  readonly repetitions: number;
  /** Counts of the answer begin where such an execution stood. */
  readonly resumed: boolean;
}

export async function runRedriven(rig: EtlRig, input: JsonObject, designed: readonly string[], most: number): Promise<Outcome> {
  await rig.start(input);
  const replaced = new Set<string>();
  for (let repetitions = 0; ; repetitions++) {
    const broken = (await rig.broken()).filter(({ executionArn }) => !replaced.has(executionArn));
    if (broken.length === 0) {
      const ends = await rig.ends();
      return { output: ends[ends.length - 1].output, repetitions, resumed: replaced.size > 0 };
    }
    const pending = broken.filter(({ end }) => !designed.includes(errorOf(end)));
    const [{ executionArn, end }] = broken.slice(-1);
    if (pending.length === 0) return { failed: { name: errorOf(end), executionArn }, repetitions, resumed: replaced.size > 0 };
    if (repetitions >= most) throw new Error(`It fails again after all trouble: ${JSON.stringify(broken)}`);
    for (const each of pending) {
      const progress = progressIn(each.end);
      if (progress === undefined) {
        await rig.redrive(each.executionArn);
      } else {
        replaced.add(each.executionArn);
        await rig.start({ ...input, progress });
      }
    }
  }
}

/** The typed error: that of the execution, or that of the segment in its cause. */
export function errorOf({ status, error, cause = '' }: Ended): string {
  if (error !== 'States.TaskFailed') return error ?? status;
  const told: unknown = JSON.parse(cause);
  return typeof told === 'object' && told !== null && 'Error' in told ? String(told.Error) : error;
}

/** Errors of the Fail states that a redrive cannot leave. */
const ENDED_FOR_GOOD: readonly (string | undefined)[] = ['BatchItemsFailed', 'ExecutionNotFollowed'];

/** What the cause of an execution that ended in a Fail state says to go on with. */
function progressIn({ error, cause = '' }: Ended): JsonValue | undefined {
  const text = ENDED_FOR_GOOD.includes(error) ? /start a run with "progress": (\{.*?\})\. /.exec(cause)?.[1] : undefined;
  return text === undefined ? undefined : JSON.parse(text);
}
