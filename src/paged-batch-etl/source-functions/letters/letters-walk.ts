import { Peekable, readAhead, withEach } from './async-lists';
import { Letter, parseLetter } from './letter';
import { letterFile, letterHash, lettersFolder, LettersVersion, parseReceipt, Receipt, receiptFile, receiptsFolder, executionName } from './letter-keys';
import type { LetterStore } from './letter-store';
import { LettersPlace, print } from './letters-cursor';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** Bytes of letters that are read at once. */
const PIECE_BYTES = 256 * 1024;

/** Objects that are read at the same time, beside the one that is looked at. */
const OBJECTS_AHEAD = 7;

/** Receipts that are written at the same time. */
const RECEIPTS_AT_A_TIME = 20;

/** Objects that one page has letters of, at most: each has a receipt to be written when the page is processed. */
export const MOST_OBJECTS = 500;

export interface LettersWalkOptions {
  readonly store: LetterStore;
  readonly prefix: string;
  /** ARN of the execution whose letters are read. */
  readonly run: string;
  /** ARN of the execution that began the replay. */
  readonly replay: string;
  /** Where the page before ended; undefined at the beginning. */
  readonly place?: LettersPlace;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** A letter, and where the next one begins. */
export interface PlacedLetter {
  readonly letter: Letter;
  readonly end: LettersPlace['at'];
  /** Bytes of its line. */
  readonly bytes: number;
}

interface LettersObject extends LettersVersion {
  readonly key: string;
  readonly size: number;
  /** Names of the replays that have a receipt for it. */
  readonly replayedBy: ReadonlySet<string>;
}

/**
 * The letters of a run, one object after the other: those that no other replay has dealt with. A replay does not heed its own receipts, so that what it reads from a
 * place on is the same after a redrive.
 */
export class LettersWalk {
  private readonly objects: Peekable<LettersObject>;
  /** Since the object that the page before began in. */
  private readonly seen: LettersObject[] = [];
  private isSettled = false;

  constructor(private readonly options: LettersWalkOptions) {
    const { place } = options;
    this.objects = new Peekable(this.list(place?.from));
  }

  /** Whether the run has no letters at all. */
  get isEmpty(): boolean {
    return this.seen.length === 0;
  }

  /**
   * Whoever asks for what comes after a page is done with that page: writes receipts for the objects that ended in it. Of objects that were written once more since they
   * were read, nobody knows whether their letters are those that were read, so they have none.
   */
  async settle(): Promise<void> {
    this.isSettled = true;
    const { place, store, prefix, run, replay, now } = this.options;
    if (place === undefined) return;
    for (let next = await this.objects.peek(); next !== undefined && next.hash <= place.at.hash; next = await this.objects.peek()) {
      this.seen.push(next);
      await this.objects.take();
    }
    if (printOfEnded(this.seen, place.at) !== place.ended) return;
    const folder = receiptsFolder(prefix, run);
    const body = Buffer.from(JSON.stringify({ replay, at: new Date(now()).toISOString() }));
    const missing = this.seen.filter((each) => hasEnded(each, place.at) && each.replayedBy.size === 0);
    await withEach(missing, RECEIPTS_AT_A_TIME, async (each) => store.put(`${folder}${receiptFile(each, replay)}`, body));
  }

  /** What comes after the place. */
  async* letters(): AsyncGenerator<PlacedLetter> {
    if (!this.isSettled) throw new RangeError('The page before is not settled');
    let objects = 0;
    for await (const [object, { first, bytes }] of readAhead(this.unread(), OBJECTS_AHEAD, async (each) => this.readFirst(each))) {
      if (objects === MOST_OBJECTS) return;
      let hasLetters = false;
      for await (const letter of this.lettersOf(object, first, bytes)) {
        hasLetters = true;
        yield letter;
      }
      if (hasLetters) objects += 1;
    }
  }

  /** The place for the next page. */
  placeAt(at: LettersPlace['at']): LettersPlace {
    const from = this.options.place?.at.hash;
    return { at, from, ended: printOfEnded(this.seen.filter(({ hash }) => from === undefined || hash >= from), at) };
  }

  private async* unread(): AsyncGenerator<LettersObject> {
    const { place, replay } = this.options;
    const isToRead = (each: LettersObject) => (
      [...each.replayedBy].every((name) => name === executionName(replay)) && (place === undefined || !hasEnded(each, place.at)));
    for (const each of this.seen) if (each.hash === place?.at.hash && isToRead(each)) yield each;
    for (let next = await this.objects.take(); next !== undefined; next = await this.objects.take()) {
      this.seen.push(next);
      if (isToRead(next)) yield next;
    }
  }

  /** An object that was written once more since the page before is read from its beginning: its letters are others. */
  private async readFirst(object: LettersObject): Promise<{ readonly first: number; readonly bytes: Buffer }> {
    const at = this.options.place?.at;
    const first = at?.hash === object.hash && at.etag === object.etag ? at.offset : 0;
    return { first, bytes: await this.read(object, first) };
  }

  private async* lettersOf(object: LettersObject, start: number, piece: Buffer): AsyncGenerator<PlacedLetter> {
    const { hash, etag, key, size } = object;
    let [first, bytes] = [start, piece];
    while (first < size) {
      const end = bytes.indexOf(LINE_FEED);
      if (end < 0 && first + bytes.length < size) {
        bytes = Buffer.concat([bytes, await this.read(object, first + bytes.length)]);
        continue;
      }
      const length = end < 0 ? bytes.length : end + 1;
      const letter = parseLetter(bytes.toString('utf8', 0, length), key);
      first += length;
      bytes = bytes.subarray(length);
      if (letter.run === this.options.run) yield { letter, end: { hash, etag, offset: first }, bytes: length };
    }
  }

  private async read({ key, etag, size }: LettersObject, first: number): Promise<Buffer> {
    if (first >= size) return Buffer.alloc(0);
    const bytes = await this.options.store.readBytes({ key, etag: `"${etag}"` }, first, Math.min(size, first + PIECE_BYTES) - 1);
    if (bytes !== undefined && bytes.length > 0) return bytes;
    throw new SourceError(PagedBatchEtlErrorName.DEAD_LETTERS_UNAVAILABLE, 'Letters were written once more while they were read: replay a run when it has ended');
  }

  /**
   * Objects with their receipts: two lists that are in the same order.
   *
   * @param from hash of the first one; undefined for all
   */
  private async* list(from: string | undefined): AsyncGenerator<LettersObject> {
    const { store, prefix, run } = this.options;
    const [letters, receipts] = [lettersFolder(prefix, run), receiptsFolder(prefix, run)];
    // What comes after it is the object itself, or what nobody here has written.
    const lettersAfter = from === undefined ? undefined : `${letters}${letterFile(from).slice(0, -1)}`;
    const receiptsAfter = from === undefined ? undefined : `${receipts}${from}`;
    const receiptsLeft = new Peekable(receiptsOf(store, receipts, receiptsAfter));
    for await (const some of store.list({ prefix: letters, flat: true, startAfter: lettersAfter })) {
      for (const { key, etag: quoted, size } of some) {
        const hash = letterHash(key.slice(letters.length));
        if (hash === undefined) continue;
        const etag = quoted.replaceAll('"', '');
        const replayedBy = new Set<string>();
        for (let next = await receiptsLeft.peek(); next !== undefined && next.hash <= hash; next = await receiptsLeft.peek()) {
          if (next.hash === hash && next.etag === etag) replayedBy.add(next.replay);
          await receiptsLeft.take();
        }
        yield { hash, etag, key, size, replayedBy };
      }
    }
  }
}

const LINE_FEED = 0x0a;

async function* receiptsOf(store: LetterStore, prefix: string, startAfter: string | undefined): AsyncGenerator<Receipt> {
  for await (const some of store.list({ prefix, startAfter })) {
    for (const { key } of some) {
      const receipt = parseReceipt(key.slice(prefix.length));
      if (receipt !== undefined) yield receipt;
    }
  }
}

/** Whether all of an object is before a place. */
function hasEnded({ hash, etag, size }: LettersObject, at: LettersPlace['at']): boolean {
  return hash < at.hash || (hash === at.hash && etag === at.etag && at.offset >= size);
}

function printOfEnded(objects: readonly LettersObject[], at: LettersPlace['at']): string {
  return print(objects.filter((each) => hasEnded(each, at)).flatMap(({ hash, etag }) => [hash, etag]));
}
