/** A document of the collection `jobs`, as far as its metrics need it: a flight. */
export interface Job {
  /** Airports, by their IATA codes. */
  readonly origin: string;
  readonly destination: string;
  /** Minutes. */
  readonly delay: number;
}

/** What names a document that is to be processed. */
interface ItemNames {
  /** Names the document within its collection. */
  readonly itemIdentifier: string;
  /** The same whenever this document is processed in this run: also when its page is processed again. */
  readonly idempotencyKey: string;
}

/** A document that is to be processed, as the workflow hands it over. */
export interface Item extends ItemNames {
  readonly item: Job;
}

/** A document of more than 200 KiB, with `PageTransport.s3`: these bytes of an object are its JSON. */
export interface ItemInS3 extends ItemNames {
  readonly itemAt: { readonly Bucket: string; readonly Key: string; readonly Offset: number; readonly Length: number };
}

/** The run that processes it. */
export interface Run {
  readonly id: string;
}
