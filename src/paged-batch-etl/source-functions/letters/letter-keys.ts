import { createHash } from 'node:crypto';

/** Where the letters of a run are. */
export function lettersFolder(prefix: string, run: string): string {
  return `${prefix}${executionName(run)}/`;
}

/** The place of the letters of the page that begins at a cursor: the same for every attempt at it, so that a page has no letters but those of the last one. */
export function lettersKey(prefix: string, run: string, cursor: string | null): string {
  const hash = createHash('sha256').update(JSON.stringify([run, cursor])).digest('hex');
  return `${lettersFolder(prefix, run)}${letterFile(hash)}`;
}

/** Name of an object of letters in the folder of its run. */
export function letterFile(hash: string): string {
  return `${hash}.jsonl`;
}

/** The hash in the name of an object of letters; undefined for something else. */
export function letterHash(name: string): string | undefined {
  return /^([0-9a-f]{64})\.jsonl$/.exec(name)?.[1];
}

/**
 * Where the receipts for the letters of a run are. Runs of two machines may have the same name, and letters in the same folder: receipts for the letters of one say
 * nothing of those of the other.
 */
export function receiptsFolder(prefix: string, run: string): string {
  const [, machine, name] = EXECUTION.exec(run) ?? [];
  return `${prefix}receipts/${machine}/${name}/`;
}

/** Names a receipt in that folder. It is for the letters as they were: other letters of the same page have another ETag. */
export function receiptFile({ hash, etag }: LettersVersion, replay: string): string {
  return `${hash}/${etag}/${executionName(replay)}.json`;
}

/** What a receipt is for. */
export interface Receipt extends LettersVersion {
  /** Name of the execution that wrote it. */
  readonly replay: string;
}

/** Undefined for something else. */
export function parseReceipt(name: string): Receipt | undefined {
  const [, hash, etag, replay] = /^([0-9a-f]{64})\/([\w-]+)\/([^/]+)\.json$/.exec(name) ?? [];
  return hash === undefined ? undefined : { hash, etag, replay };
}

/** An object of letters as it was at some time. */
export interface LettersVersion {
  readonly hash: string;
  /** Without its quotation marks. */
  readonly etag: string;
}

export function executionName(run: string): string {
  return run.slice(run.lastIndexOf(':') + 1);
}

/** What the ARN of an execution begins with: that of its machine. */
export function machineOf(run: string): string {
  return run.slice(0, run.lastIndexOf(':'));
}

const EXECUTION = /:execution:([^:]+):([^:]+)$/;
