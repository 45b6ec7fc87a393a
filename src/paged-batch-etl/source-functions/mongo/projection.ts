import { Document } from 'mongodb';
import { Shown } from './document-shape';

/** What the server is asked for: the fields of the items and of the key, without paths below another one, which it would refuse. */
export function serverProjection(fields: readonly string[]): Document {
  const paths = [...new Set([...fields, '_id'])];
  const outermost = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
  return Object.fromEntries(outermost.map((path) => [path, 1]));
}

/** What is shown of documents, as the server's own projection has it: these fields and `_id`; everything, if there are none. */
export function shownBy(fields: readonly string[] | undefined): Shown {
  return fields && shownOf([...fields, '_id'].map((path) => path.split('.')));
}

function shownOf(paths: readonly (readonly string[])[]): Shown {
  return new Map(paths.map(([first]): [string, Shown] => {
    const below = paths.filter((path) => path[0] === first).map((path) => path.slice(1));
    return [first, below.some((rest) => rest.length === 0) ? undefined : shownOf(below)];
  }));
}
