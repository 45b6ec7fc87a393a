/** A document of the collection `jobs`, as far as its metrics need it: a flight. */
export interface Job {
  /** Airports, by their IATA codes. */
  readonly origin: string;
  readonly destination: string;
  /** Minutes. */
  readonly delay: number;
}

/** A document that is to be processed, as the workflow hands it over. */
export interface Item {
  /** Names the document within its collection. */
  readonly itemIdentifier: string;
  /** The same whenever this document is processed in this run: also when its page is processed again. */
  readonly idempotencyKey: string;
  readonly item: Job;
}

/** The run that processes it. */
export interface Run {
  readonly id: string;
}
