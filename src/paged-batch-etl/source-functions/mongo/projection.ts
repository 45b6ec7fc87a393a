import { Document } from 'mongodb';
import { isEmbedded, membersOf } from './bson-order';

/** What the server is asked for: the fields of the items and of the key, without paths below another one, which it would refuse. */
export function serverProjection(fields: readonly string[]): Document {
  const paths = [...new Set([...fields, '_id'])];
  const outermost = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
  return Object.fromEntries(outermost.map((path) => [path, 1]));
}

/** A document with only these fields and `_id`, as the server's own projection has it: it looks into every element of an array. */
export function pickFields(document: Document, fields: readonly string[]): Document {
  return pick(document, [...fields, '_id'].map((path) => path.split('.')));
}

function pick(document: Document, paths: readonly (readonly string[])[]): Document {
  const picked = Object.entries(membersOf(document)).flatMap(([name, value]): [string, unknown][] => {
    const below = paths.filter(([first]) => first === name).map((path) => path.slice(1));
    if (below.length === 0) return [];
    if (below.some((rest) => rest.length === 0)) return [[name, value]];
    return pickWithin(value, below).map((rest) => [name, rest]);
  });
  return Object.fromEntries(picked);
}

/** Nothing where there are no fields to pick from. */
function pickWithin(value: unknown, paths: readonly (readonly string[])[]): unknown[] {
  if (Array.isArray(value)) return [value.flatMap((entry: unknown) => pickWithin(entry, paths))];
  return isEmbedded(value) ? [pick(value, paths)] : [];
}
