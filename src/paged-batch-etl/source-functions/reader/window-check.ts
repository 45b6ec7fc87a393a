import { parseFilter } from './bound-filter';
import type { RunParameters } from './run-input';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { isObject, JsonValue } from '../../mongo-filter/structure/json-value';
import { findWindows } from '../../mongo-filter/structure/windows';
import { SourceError } from '../source-error';

/**
 * Refuses a run whose dates leave no room between them: it would find nothing, and succeed. Equal dates are refused too where one of them is no part
 * of the window: whoever gives the same day twice means the whole of it.
 *
 * @param text EJSON of the filter; absent for no filter
 * @throws SourceError InvalidParameter, naming both
 */
export function prepareWindowCheck(text: string | undefined): (parameters: RunParameters) => void {
  const windows = findWindows(parseFilter(text));
  return ({ given, typed }) => {
    for (const { begin, end, closed } of windows) {
      const [from, to] = [begin, end].map((name) => dateOf(typed.get(name)));
      if (from === undefined || to === undefined || from < to || (closed && from === to)) continue;
      throw new SourceError(
        PagedBatchEtlErrorName.INVALID_PARAMETER,
        `The parameter "${end}" must be ${closed ? 'no date before' : 'a date after'} "${begin}", for the filter reads what lies between them, `
          + `got ${JSON.stringify(given[begin])} and ${JSON.stringify(given[end])}${from === to ? '; to read a day, give the day after it as the end' : ''}`,
      );
    }
  };
}

/** Epoch milliseconds of a typed date; undefined for values of other types. */
function dateOf(value: JsonValue | undefined): number | undefined {
  if (value === undefined || !isObject(value) || value.$date === undefined || !isObject(value.$date)) return undefined;
  return Number(value.$date.$numberLong);
}
