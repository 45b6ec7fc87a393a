import { Document } from 'mongodb';
import { IndexShape, MOVED_NAME } from '../../mongo-filter/structure/required-index';

/**
 * Whether the keys of an index are those: first what is compared for equality, then the sort, in one direction, then whatever else. A field of
 * the sort that is compared for equality may stand in either place.
 *
 * @param keyPattern as the server has it, such as `{ tenant: 1, runDate: -1, _id: -1 }`
 * @param direction of the scan: -1 when the index is read from its end; undefined when it does not matter
 */
export function hasShape(keyPattern: Document, { equality, sort }: IndexShape, direction?: 1 | -1): boolean {
  const missing = new Set(equality);
  const rest = [...sort];
  const directions = new Set<number>();
  for (const [field, value] of membersInOrder(keyPattern, [...equality, ...sort])) {
    const isLeading = directions.size === 0 && missing.has(field);
    if (field === rest[0] && !isLeading) {
      directions.add(Number(value));
    } else if (!isLeading) {
      break;
    }
    missing.delete(field);
    if (rest.includes(field)) rest.splice(rest.indexOf(field), 1);
  }
  const [found] = directions;
  return missing.size === 0 && rest.length === 0 && directions.size <= 1
    && (found === undefined || (Math.abs(found) === 1 && (direction === undefined || found === direction)));
}

/** Of keys that are numbers nobody knows the place anymore, for the driver makes an object of them: they are taken to be where they have to be. */
function membersInOrder(keyPattern: Document, wanted: readonly string[]): [string, unknown][] {
  const members = Object.entries(keyPattern);
  if (!members.some(([field]) => MOVED_NAME.test(field))) return members;
  const placeOf = (field: string) => (wanted.includes(field) ? wanted.indexOf(field) : wanted.length);
  return members.sort(([a], [b]) => placeOf(a) - placeOf(b));
}
