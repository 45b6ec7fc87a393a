import type { LetterItems } from './letter-items';
import { machineOf } from './letter-keys';
import type { LetterStore } from './letter-store';
import { decodePlace, encodePlace } from './letters-cursor';
import { LettersWalk } from './letters-walk';
import { readLetterTexts, readLetterValues } from './read-letters';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { REPLAY_KEY } from '../../contracts/run-input';
import type { ItemTexts } from '../page-object/item-texts';
import type { TextEnd } from '../page-object/write-page';
import type { PageRead, PageRequest, SourceReading } from '../reader/page-request';
import type { LettersBucketConfig, SourceConfig } from '../reader/source-config';
import { SourceError } from '../source-error';

const EXECUTION_ARN = /^arn:[\w-]+:states:[\w-]+:\d{12}:execution:[^:]{1,80}:[^:]{1,80}$/;

/** Whose letters a run reads in place of its source, and where they are. */
export interface ReplayedRun {
  /** ARN of the execution. */
  readonly run: string;
  readonly bucket: LettersBucketConfig;
}

/**
 * Undefined where a run reads its source.
 *
 * @param runId ARN of the execution that began the run
 * @throws SourceError InvalidReplay
 */
export function replayedRun(
  parameters: Readonly<Record<string, unknown>>, runId: string, { letters: bucket, rules }: Pick<SourceConfig, 'letters' | 'rules'>,
): ReplayedRun | undefined {
  const run = parameters[REPLAY_KEY];
  if (run === undefined || Object.hasOwn(rules, REPLAY_KEY)) return undefined;
  if (bucket === undefined) throw invalidReplay('The construct tolerates no failures anymore, so it knows of no letters. Deploy the policy that it had, and redrive');
  if (typeof run !== 'string' || !EXECUTION_ARN.test(run)) throw invalidReplay('replay must be the ARN of the execution of a run');
  if (machineOf(run) === machineOf(runId)) return { run, bucket };
  throw invalidReplay(`replay must be a run of this workflow, whose executions begin with ${machineOf(runId)}, and is one of ${machineOf(run)}`);
}

function invalidReplay(why: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.INVALID_REPLAY, why);
}

/** The only range of a replay, however a run is divided otherwise: all letters. */
export function beginningOfLetters(run: string): string {
  return encodePlace(run);
}

export interface ReplayOptions {
  readonly bucket: LettersBucketConfig;
  readonly store: LetterStore;
  /** ARN of the execution whose letters are read. */
  readonly run: string;
  /** ARN of the execution that began this run. */
  readonly runId: string;
  readonly cursor: string | null;
  readonly letterItems: LetterItems;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Of the source. */
  readonly decidedBy?: string;
}

/** How pages are read of letters, as of a source. */
export interface LettersReader {
  readonly decidedBy: string;
  readonly read: (request: PageRequest) => Promise<PageRead>;
  readonly readTexts: (reading: SourceReading, items: ItemTexts) => Promise<TextEnd>;
}

/**
 * Begins to read letters in place of a source: writes receipts for the page before, which is processed, or it would not be asked for what comes after it.
 *
 * @throws SourceError InvalidCursor, DeadLettersUnavailable or DeadLettersRefused
 */
export async function openLetters({ bucket, store, run, runId, cursor, letterItems: items, now, decidedBy }: ReplayOptions): Promise<LettersReader> {
  const place = decodePlace(cursor, run);
  const walk = new LettersWalk({ store, prefix: bucket.prefix, run, replay: runId, place, now });
  await walk.settle();
  const options = { walk, run, begins: place === undefined, items };
  return {
    decidedBy: JSON.stringify([decidedBy ?? null, run]),
    read: async (request) => readLetterValues(request, options),
    readTexts: async (reading, page) => readLetterTexts(reading, options, page),
  };
}
