import { MapItem } from '../map-item';
import { ListedObject, ObjectListing, ObjectLocation } from '../object-storage';

/** S3 with the rights of one execution. */
export interface Bucket {
  get(location: ObjectLocation): Promise<Buffer>;
  list(listing: ObjectListing): Promise<readonly ListedObject[]>;
}

/** Items from several files, one file after the other, until there are enough. */
export async function gather<T>(files: readonly T[], limit: number, read: (file: T) => Promise<readonly MapItem[]>): Promise<MapItem[]> {
  const items: MapItem[] = [];
  for (const file of files) {
    if (items.length >= limit) break;
    // One by one: a spread of very many arguments does not fit on the stack.
    for (const item of await read(file)) items.push(item);
  }
  return items;
}
