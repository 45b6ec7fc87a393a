import { Token } from 'aws-cdk-lib';
import { PartitionsBinding } from './binding';
import { Boundary, boundaryOf, isBefore } from './boundary';
import { checkWorkers, dividedField, MAX_WORKERS } from './partitions-check';
import type { PartitionsAtOptions } from './partitions-options';
import { checkInteger, InvalidPropError, refuseToken } from '../../private/synth/validation';
import { MAX_RANGES } from '../contracts/read-page';

const FACTORY = 'Partitions.at';
const OPTION = `boundaries of ${FACTORY}`;

/** Most bytes of a boundary: it stands in the cursors of two ranges. */
const MAX_BOUNDARY_BYTES = 256;

/** Parts between values that the user names. */
export function at({ boundaries, workers = Math.min(boundaries.length + 1, MAX_WORKERS) }: PartitionsAtOptions): PartitionsBinding {
  checkBoundaries(boundaries);
  checkWorkers(FACTORY, workers);
  const ranges = boundaries.length + 1;
  checkInteger(`workers of ${FACTORY}`, workers, { min: 1, max: ranges }, `there are ${ranges} ranges, one more than boundaries: leave it out for a worker each`);
  return {
    bind: (source) => {
      dividedField(FACTORY, source);
      if (source.collated && boundaryOf(boundaries[0])?.type === 'a text') {
        throw new InvalidPropError(OPTION, 'texts', 'values of another type where the source has a collation', 'only the server knows the order of texts in a collation');
      }
      return { workers, ranges, rule: { by: 'boundaries', boundaries } };
    },
  };
}

function checkBoundaries(boundaries: string[]): void {
  refuseToken(OPTION, Token.isUnresolved(boundaries) || boundaries.some((each) => Token.isUnresolved(each)), 'their order is checked');
  if (boundaries.length === 0 || boundaries.length >= MAX_RANGES) {
    throw new InvalidPropError(OPTION, `${boundaries.length} boundaries`, `from 1 to ${MAX_RANGES - 1}`, 'there is one range more than boundaries');
  }
  let before: Boundary | undefined;
  for (const [index, text] of boundaries.entries()) {
    const boundary = checkBoundary(text);
    if (before !== undefined && before.type !== boundary.type) {
      throw new InvalidPropError(OPTION, `${before.type} and ${boundary.type}`, 'values of one type', 'a comparison finds values of its own type only');
    }
    if (before !== undefined && (boundaries[index - 1] === text || !isBefore(before, boundary))) {
      throw new InvalidPropError(OPTION, `${text} after ${boundaries[index - 1]}`, 'in ascending order, each value once', 'sort them, and leave out other spellings of the same value: texts are in the order of their bytes in UTF-8');
    }
    before = boundary;
  }
}

function checkBoundary(text: string): Boundary {
  if (Buffer.byteLength(text) > MAX_BOUNDARY_BYTES) {
    throw new InvalidPropError(`every entry in ${OPTION}`, text, `of at most ${MAX_BOUNDARY_BYTES} bytes`, 'take a shorter value near it');
  }
  const boundary = boundaryOf(text);
  if (boundary !== undefined) return boundary;
  throw new InvalidPropError(
    `every entry in ${OPTION}`, text, 'the EJSON of a number, a text, a date or an ObjectId',
    'such as 42, "m", {"$date":"2026-01-01T00:00:00Z"} or {"$oid":"655f5f5f0000000000000000"}: a text has quotation marks in it',
  );
}
