import { createHash } from 'node:crypto';
import { BSON } from 'mongodb';
import { CollectionFacts } from './collection-facts';
import { MongoPageRequest } from './mongo-page-request';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { conditionsOf, conditionText } from '../../mongo-filter/structure/conditions';
import { JsonObject } from '../../mongo-filter/structure/json-value';
import { SourceError } from '../source-error';

/** What a run reads, as far as its cursors depend on it. What may be long, or is a value of a parameter, is a print: the same for the same text. */
export interface SourceIdentity {
  /** Database and collection. */
  readonly namespace: string;
  /** Of the collection, where the server tells it. */
  readonly uuid?: string;
  /** Whether texts are in the order of a collation, which only the server knows. */
  readonly collated: boolean;
  /** Prints of the conditions of the filter, with the parameters of the run in them. */
  readonly filter: readonly string[];
  /** Print of the collation that the source was given. */
  readonly collation?: string;
  /** Name of the index that the source was given. */
  readonly hint?: string;
}

/** Characters of a print, of 6 bits each: that two conditions have the same print is one chance in 2^48. */
const PRINT_CHARACTERS = 8;

/** A filter with more conditions has one print for all of them: a cursor has little room. */
const MOST_PRINTS = 64;

/** @param facts absent for what is asked of the server, without what it answers */
export function identityOf({ source, collection, filter }: MongoPageRequest, facts?: CollectionFacts): SourceIdentity {
  const { collation, hint } = source;
  return {
    namespace: `${collection.dbName}.${collection.collectionName}`,
    uuid: facts?.uuid,
    collated: isCollated(source, facts),
    filter: printsOf(BSON.EJSON.serialize(filter, { relaxed: false })),
    collation: collation === undefined ? undefined : print(JSON.stringify(Object.entries(collation).sort())),
    hint,
  };
}

/**
 * A cursor says how far a run has come in one order of certain documents. Of others, those before that place would be left out.
 *
 * Conditions may be added: then nothing new comes into the run. So a document that cannot be read is left out by the filter, and the run goes on.
 *
 * @throws SourceError SOURCE_CHANGED
 */
export function checkSameQuery(began: SourceIdentity, now: SourceIdentity): void {
  const lost = began.filter.filter((each) => !now.filter.includes(each)).length;
  if (lost > 0) {
    throw sourceChanged(
      `of the ${began.filter.length} conditions of its filter, ${lost} are changed or gone, or a parameter has another value`,
      'Deploy the old filter, to which conditions may be added, and redrive; with progress, pass the parameters that belong to it',
    );
  }
  if (began.collation !== now.collation) throw sourceChanged('its collation is another one', 'Deploy the old collation and redrive');
}

/** Whether the server is asked in the very same way as before. */
export function asksTheSame(began: SourceIdentity, now: SourceIdentity): boolean {
  return began.hint === now.hint && began.filter.length === now.filter.length;
}

/** @param fix the way back to what the run began with; absent where there is none */
export function sourceChanged(what: string, fix?: string): SourceError {
  const otherwise = 'start another run without progress, which reads everything';
  return new SourceError(
    PagedBatchEtlErrorName.SOURCE_CHANGED,
    `The run cannot go on, for the source has changed since the page before: ${what}. Documents would be left out. `
    + (fix === undefined ? `${otherwise.charAt(0).toUpperCase()}${otherwise.slice(1)}` : `${fix}. Or ${otherwise}`),
  );
}

/** Where nobody tells, texts may be in any order. */
function isCollated({ collation }: MongoPageRequest['source'], facts: CollectionFacts | undefined): boolean {
  if (collation !== undefined) return collation.locale !== 'simple';
  return facts !== undefined && (!facts.complete || facts.collation !== undefined);
}

function printsOf(filter: JsonObject): readonly string[] {
  const texts = [...new Set(conditionsOf(filter).map(conditionText))].sort();
  return texts.length > MOST_PRINTS ? [print(texts.join('\n'))] : texts.map(print);
}

function print(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, PRINT_CHARACTERS);
}
