import { BSON, Document } from 'mongodb';
import { errorCode } from '../../../private/runtime/error-code';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { JsonValue } from '../../mongo-filter/structure/json-value';
import { findMalformedValues } from '../../mongo-filter/structure/malformed-values';
import { bindVariables } from '../../mongo-filter/structure/variables';
import { SourceError } from '../source-error';

/**
 * The filter of a source, made ready for the parameters of a run.
 *
 * @param text EJSON; absent for no filter
 * @throws SourceError SourceRefused for what is no EJSON
 */
export function prepareFilter(text: string | undefined): (parameters: ReadonlyMap<string, JsonValue>) => Document {
  const filter = parseFilter(text);
  const [malformed] = findMalformedValues(filter);
  if (malformed !== undefined) throw refused(`is malformed: ${malformed}`);
  return (parameters) => toBson(bindVariables(filter, (name, inExpr) => valueOf(name, inExpr, parameters)));
}

/** In `$expr`, what is no parameter may be a variable that MongoDB has gained since; the server knows. */
function valueOf(name: string, inExpr: boolean, parameters: ReadonlyMap<string, JsonValue>): JsonValue {
  const value = parameters.get(name);
  if (value === undefined && !inExpr) throw refused(`has the variable $$${name}, which is no parameter`);
  if (value === undefined) return `$$${name}`;
  return inExpr ? { $literal: value } : value;
}

/** @throws SourceError SourceRefused for what is no JSON */
export function parseFilter(text: string = '{}'): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('is no JSON');
  }
}

function toBson(filter: JsonValue): Document {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) throw refused('is no JSON object');
  try {
    return BSON.EJSON.deserialize(filter, { relaxed: false });
  } catch (error) {
    throw refused(`is no EJSON${errorCode(error)}`);
  }
}

function refused(why: string): SourceError {
  return new SourceError(PagedBatchEtlErrorName.SOURCE_REFUSED, `The filter ${why}`);
}
