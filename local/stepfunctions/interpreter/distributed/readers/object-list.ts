import { Bucket, gather } from './bucket';
import { itemsOfFile } from './data-file';
import { ReaderConfig } from '../../definition';
import { MapItem, s3Source } from '../map-item';
import { ListedObject, ObjectListing } from '../object-storage';

/** What a list tells of each object; with LOAD_AND_FLATTEN, the items inside the objects. */
export async function listedItems(bucket: Bucket, listing: ObjectListing, config: ReaderConfig, limit: number): Promise<MapItem[]> {
  const objects = await bucket.list(listing);
  if (config.Transformation !== 'LOAD_AND_FLATTEN') return objects.map((object) => toItem(object, listing.bucket));
  return gather(objects.filter(isFile), limit, async ({ key }) => {
    const location = { bucket: listing.bucket, key, expectedBucketOwner: listing.expectedBucketOwner };
    return itemsOfFile(await bucket.get(location), location, config);
  });
}

/** The console stands for folders with empty objects. */
function isFile({ key, size }: ListedObject): boolean {
  return size > 0 || !key.endsWith('/');
}

function toItem({ key, etag, size, lastModified }: ListedObject, bucket: string): MapItem {
  const value = { Etag: etag, Key: key, LastModified: Math.floor(lastModified / 1000), Size: size, StorageClass: 'STANDARD' };
  return { value, source: s3Source(bucket) };
}
