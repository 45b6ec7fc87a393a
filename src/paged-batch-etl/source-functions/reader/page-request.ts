import type { RunParameters } from './run-input';
import { Page, PassedOver, RunReference } from '../../contracts/read-page';
import type { TextEnd } from '../page-object/write-page';
import { TimeLeft } from '../time-left';

/** Asks for what comes after a cursor, the input of the run being checked. */
export interface SourceReading {
  readonly parameters: RunParameters;
  readonly cursor: string | null;
  readonly batchSize: number;
  readonly run: RunReference;
  readonly time: TimeLeft;
  /** What idempotency keys depend on, beside the items. */
  readonly keyScope: string;
  readonly idempotencyKeyOf: (itemIdentifier: string) => string;
  /** Whether an item that cannot be read is told of beside the page. */
  readonly passesOver: boolean;
  /** Says something in the log that does not fail the page. */
  readonly warn: (message: string) => void;
}

/** Asks for the ranges of a run, its input being checked. */
export type RangesReading = Pick<SourceReading, 'parameters' | 'time' | 'warn'>;

/** Asks for a page that travels in the state of the workflow. */
export interface PageRequest extends SourceReading {
  readonly pageBytes: number;
}

/** A page that was read. */
export interface PageRead {
  readonly page: Page & Partial<PassedOver>;
  /** Bytes of the page as JSON, where they are known. */
  readonly bytes?: number;
  /** First sort key of the last item, where that is a date. */
  readonly lastKey?: Date;
}

/** Where the items of a page ended that were handed on one by one. */
export interface TextsRead extends TextEnd {
  /** First sort key of the last item, where that is a date. */
  readonly lastKey?: Date;
}
