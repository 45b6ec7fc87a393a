/** What a run uses that AWS bills, and what that costs. */
import { PRICES } from './prices';

const FIELDS = [
  /** State transitions: each state of a Standard execution that is entered or runs again. */
  'transitions',
  /** Executions that Distributed Maps start. Each is billed as a state transition too: Step Functions developer guide, "Transitions in Distributed Map state". */
  'childStarts',
  'expressRequests',
  'expressGigabyteSeconds',
  'readerCalls',
  'readerSeconds',
  'processorCalls',
  'processorSeconds',
  /** Requests to S3 of the function that reads, billed as those that write (PUT, POST) and as those that read (GET, HEAD). */
  'readerWrites',
  'readerReads',
  /** Requests to S3 of Step Functions, which are billed to the account too. */
  'mapWrites',
  'mapReads',
  /** Gigabytes (of 1024 ^ 3 bytes) that are written to S3. */
  'storedGigabytes',
] as const;

export type Usage = Readonly<Record<(typeof FIELDS)[number], number>>;

export const NO_USAGE: Usage = combined(() => 0);

export function added(first: Usage, second: Partial<Usage>): Usage {
  return combined((field) => first[field] + (second[field] ?? 0));
}

export function subtracted(from: Usage, part: Usage): Usage {
  return combined((field) => from[field] - part[field]);
}

export function multiplied(usage: Usage, times: number): Usage {
  return combined((field) => usage[field] * times);
}

/** Fields in which the two differ by more than rounding does. */
export function differences(first: Usage, second: Usage): string[] {
  return FIELDS.filter((field) => Math.abs(first[field] - second[field]) > 1e-6 * Math.max(1, Math.abs(first[field])));
}

function combined(valueOf: (field: keyof Usage) => number): Usage {
  const usage: Record<keyof Usage, number> = {
    transitions: 0,
    childStarts: 0,
    expressRequests: 0,
    expressGigabyteSeconds: 0,
    readerCalls: 0,
    readerSeconds: 0,
    processorCalls: 0,
    processorSeconds: 0,
    readerWrites: 0,
    readerReads: 0,
    mapWrites: 0,
    mapReads: 0,
    storedGigabytes: 0,
  };
  for (const field of FIELDS) usage[field] = valueOf(field);
  return usage;
}

export interface Rates {
  /** Memory of both functions, in MiB. */
  readonly readerMemory: number;
  readonly processorMemory: number;
  /** Days after which pages in S3 expire; zero: they are deleted when they are processed. */
  readonly storedDays: number;
}

/** Dollars. */
export interface Bill {
  readonly transitions: number;
  readonly childStarts: number;
  readonly express: number;
  readonly reader: number;
  readonly processor: number;
  readonly requests: number;
  readonly storage: number;
}

/** A month as AWS bills storage by: 30 days, or near enough. */
const DAYS_OF_A_MONTH = 30;

export function billOf(usage: Usage, { readerMemory, processorMemory, storedDays }: Rates): Bill {
  return {
    transitions: usage.transitions * PRICES.stateTransition,
    childStarts: usage.childStarts * PRICES.stateTransition,
    express: usage.expressRequests * PRICES.expressRequest + usage.expressGigabyteSeconds * PRICES.expressGigabyteSecond,
    reader: lambda(usage.readerCalls, usage.readerSeconds, readerMemory),
    processor: lambda(usage.processorCalls, usage.processorSeconds, processorMemory),
    requests: (usage.readerWrites + usage.mapWrites) * PRICES.s3Write + (usage.readerReads + usage.mapReads) * PRICES.s3Read,
    storage: usage.storedGigabytes * PRICES.storedGigabyteMonth * (storedDays / DAYS_OF_A_MONTH),
  };
}

function lambda(calls: number, seconds: number, memory: number): number {
  return calls * PRICES.lambdaRequest + gigabyteSeconds(seconds, memory) * PRICES.lambdaGigabyteSecond;
}

/** @param memory in MiB */
export function gigabyteSeconds(seconds: number, memory: number): number {
  return (seconds * memory) / 1_024;
}

/** What Step Functions charges. */
export function ofStepFunctions({ transitions, childStarts, express }: Bill): number {
  return transitions + childStarts + express;
}

/** What all services charge together. */
export function inAll(bill: Bill): number {
  return ofStepFunctions(bill) + bill.reader + bill.processor + bill.requests + bill.storage;
}
