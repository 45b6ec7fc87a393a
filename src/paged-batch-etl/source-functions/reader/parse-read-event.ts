import { readReleased } from '../../../private/runtime/released-contracts';
import { anyObject, exactly, finiteNumber, literal, matching, Read, ShapeError } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import {
  BatchRoom, MAX_CURSOR_BYTES, READ_PAGE_CONTRACT, READ_PAGE_CONTRACT_1, READ_TOLERANTLY_CONTRACT, ReadPageEvent, ReadPageEvent1, ReadTolerantlyEvent,
  RunReference, WRITE_PAGE_CONTRACT, WRITE_PAGE_CONTRACT_2, WRITE_TOLERANTLY_CONTRACT, WritePageEvent, WritePageEvent2, WriteTolerantlyEvent,
} from '../../contracts/read-page';
import { SourceError } from '../source-error';

/** An event whose batch size is still what the run's input said, which has an error of its own. */
export type GivenReadPageEvent = Given<ReadPageEvent1> | Given<WritePageEvent2> | Given<ReadPageEvent> | Given<WritePageEvent>
  | Given<ReadTolerantlyEvent> | Given<WriteTolerantlyEvent>;

type Given<Event> = Omit<Event, 'batchSize'> & { readonly batchSize: unknown };

const executionArn = matching(/^arn:[\w-]+:states:[\w-]+:\d{12}:execution:[^:]{1,80}:[^:]{1,80}$/, 'the ARN of an execution');

const wholeNumber: Read<number> = (value, place) => {
  const read = finiteNumber(value, place);
  if (!Number.isSafeInteger(read) || read < 0) throw new ShapeError(place, 'a whole number from 0');
  return read;
};

/** Which page of which run. */
export const runReference = exactly<RunReference>({ id: executionArn, page: wholeNumber });

const textOrNull: Read<string | null> = (value, place) => {
  if (value !== null && typeof value !== 'string') throw new ShapeError(place, 'a string or null');
  return value;
};

const given: Read<unknown> = (value, place) => {
  if (value === undefined) throw new ShapeError(place, 'there');
  return value;
};

/** What there is room for: at least something. */
const room: Read<number> = (value, place) => {
  const read = wholeNumber(value, place);
  if (read === 0) throw new ShapeError(place, 'a whole number from 1');
  return read;
};

const roomOrNull: Read<number | null> = (value, place) => (value === null ? null : room(value, place));

const batchRoom = exactly<BatchRoom>({ bytes: room, textBytes: room, items: roomOrNull });

const common = { parameters: anyObject, cursor: textOrNull, batchSize: given, run: runReference };

/** Every contract ever released, and how its event is read. */
const CONTRACTS: ReadonlyMap<number, Read<GivenReadPageEvent>> = new Map<number, Read<GivenReadPageEvent>>([
  [1, exactly<Given<ReadPageEvent1>>({ contract: literal(READ_PAGE_CONTRACT_1), ...common })],
  [2, exactly<Given<WritePageEvent2>>({ contract: literal(WRITE_PAGE_CONTRACT_2), ...common })],
  [3, exactly<Given<ReadPageEvent>>({ contract: literal(READ_PAGE_CONTRACT), ...common, pageBytes: room })],
  [4, exactly<Given<WritePageEvent>>({ contract: literal(WRITE_PAGE_CONTRACT), ...common, batch: batchRoom })],
  [5, exactly<Given<ReadTolerantlyEvent>>({ contract: literal(READ_TOLERANTLY_CONTRACT), ...common, pageBytes: room })],
  [6, exactly<Given<WriteTolerantlyEvent>>({ contract: literal(WRITE_TOLERANTLY_CONTRACT), ...common, batch: batchRoom })],
]);

/** Reads the event of a source function; what is not exactly a released shape is refused. */
export function parseReadEvent(event: unknown): GivenReadPageEvent {
  return readReleased(CONTRACTS, event, (message) => new SourceError(PagedBatchEtlErrorName.INVALID_READ_EVENT, message), (read) => {
    checkCursor(read.cursor);
    return read;
  });
}

/** No source ever answers a larger cursor, nor an empty one. */
function checkCursor(cursor: string | null): void {
  if (cursor === null || (cursor !== '' && Buffer.byteLength(cursor) <= MAX_CURSOR_BYTES)) return;
  throw new SourceError(
    PagedBatchEtlErrorName.INVALID_CURSOR, `The cursor must be null, or a string of 1 to ${MAX_CURSOR_BYTES} bytes; start the run again without progress`,
  );
}
