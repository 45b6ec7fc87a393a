import { LocalCloud } from '../../../local/cloud';
import { TransitionCounter } from '../../../local/stepfunctions/api/billing';
import { billOf, inAll, NO_USAGE } from '../../../projenrc/tools/tables/etl-usage';

/** What AWS bills of a workflow: all but the invocations of functions and what is stored. */
export interface Bill {
  /** State transitions of Standard workflows. */
  readonly transitions: number;
  readonly expressExecutions: number;
  /** Of the Express executions. */
  readonly gigabyteSeconds: number;
  /** Requests to S3 that write or list, and those that read; S3 deletes for nothing. */
  readonly s3Writes: number;
  readonly s3Reads: number;
}

export const NO_BILL: Bill = { transitions: 0, expressExecutions: 0, gigabyteSeconds: 0, s3Writes: 0, s3Reads: 0 };

/** In US dollars (US East, N. Virginia), without free tiers. */
export function priceOf({ transitions, expressExecutions, gigabyteSeconds, s3Writes, s3Reads }: Bill): number {
  const usage = {
    ...NO_USAGE, transitions, expressRequests: expressExecutions, expressGigabyteSeconds: gigabyteSeconds, mapWrites: s3Writes, mapReads: s3Reads,
  };
  return inAll(billOf(usage, { readerMemory: 0, processorMemory: 0, storedDays: 0 }));
}

export function sumOf(bills: readonly Bill[]): Bill {
  return bills.reduce((sum, bill) => ({
    transitions: sum.transitions + bill.transitions,
    expressExecutions: sum.expressExecutions + bill.expressExecutions,
    gigabyteSeconds: sum.gigabyteSeconds + bill.gigabyteSeconds,
    s3Writes: sum.s3Writes + bill.s3Writes,
    s3Reads: sum.s3Reads + bill.s3Reads,
  }), NO_BILL);
}

/** By the name of the operation. Source: S3 pricing, which names PUT, COPY, POST and LIST; and GET and all others, without DELETE. */
export function tierOf(operation: string): 's3Writes' | 's3Reads' | undefined {
  if (/^(Put|Copy|Create|Upload|Complete|List)/.test(operation)) return 's3Writes';
  return /^(Delete|Abort)/.test(operation) ? undefined : 's3Reads';
}

/** Counts while the work goes on; of S3 the requests to these buckets. */
export async function billed(cloud: LocalCloud, buckets: readonly string[], work: () => Promise<void>): Promise<Bill> {
  const counter = new TransitionCounter();
  let [expressExecutions, gigabyteSeconds] = [0, 0];
  const requests = { s3Writes: 0, s3Reads: 0 };
  const stops = [
    cloud.observe(counter.observe),
    cloud.observeExpress(({ bill }) => {
      if (bill === undefined) return;
      expressExecutions++;
      gigabyteSeconds += bill.gigabyteSeconds;
    }),
  ];
  cloud.s3.onRequest = ({ operation, bucket }) => {
    const tier = buckets.includes(bucket) ? tierOf(operation) : undefined;
    if (tier !== undefined) requests[tier]++;
  };
  try {
    await work();
  } finally {
    cloud.s3.onRequest = undefined;
    for (const stop of stops) stop();
  }
  return { transitions: counter.total, expressExecutions, gigabyteSeconds, ...requests };
}
