import { DescribeExecution } from './executions';
import { LedgerConfig } from './ledger-config';
import { LedgerTable } from './ledger-table';

/** Everything that a ledger needs of the world. */
export interface LedgerServices {
  readonly config: LedgerConfig;
  readonly table: LedgerTable;
  readonly describe: DescribeExecution;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes one line of JSON. */
  readonly log: (line: string) => void;
}

/** ISO 8601, for whoever looks at the table. */
export function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** When an item of a run expires. */
export function expiry({ config, now }: LedgerServices): number {
  return Math.floor(now() / 1_000) + config.retentionSeconds;
}

/** Attributes of the item of a run, beside its counts. */
export const Run = {
  /** Of its execution. */
  START_TIME: 'startTime',
  WINDOW: 'window',
  PARAMETERS: 'parameters',
  STATUS: 'status',
  EXPECTED: 'expectedItems',
  EXPIRES: 'expiresAt',
  /** How many ranges it has, where it is divided. */
  RANGES: 'ranges',
  /** JSON of a `WatermarkMove`, where it is of a schedule that goes by a watermark. */
  WATERMARK: 'watermark',
  /** Present where it processes letters. */
  REPLAY: 'replay',
  /** The run that it goes on with, and the one that goes on with it. */
  RESUMES: 'resumes',
  RESUMED_BY: 'resumedBy',
  /** When it began to give its window back, at which it had processed everything. */
  RELEASED_AT: 'releasedAt',
} as const;

/** Attributes of the item of a window. */
export const Window = {
  OWNER: 'owner',
  SINCE: 'since',
  STATUS: 'status',
  VERSION: 'version',
  PARAMETERS: 'parameters',
  LAST_RUN: 'lastRun',
  LAST_SUCCESS: 'lastSuccess',
  WATERMARK: 'watermark',
  /** The run that its owner goes on with, for as long as the ledger has no item of the owner. */
  RESUMES: 'resumes',
} as const;
