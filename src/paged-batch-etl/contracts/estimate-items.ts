/** What the workflow and the source function agree on about the number of items of a run. Of the event, every released contract is accepted for ever. */
import type { RunReference } from './read-page';

/** Version of the event, in the same count as those that ask for a page. */
export const ESTIMATE_ITEMS_CONTRACT = 8;

/** The event by which the source function is asked how many items a run reads; it answers `EstimatedItems`. */
export interface EstimateItemsEvent {
  readonly contract: typeof ESTIMATE_ITEMS_CONTRACT;
  /** The run's flat input with defaults filled in. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly run: RunReference;
}

export interface EstimatedItems {
  /** Null where the source cannot say it in a few seconds. */
  readonly items: number | null;
}
