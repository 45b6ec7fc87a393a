import { ItemReader, MapState, ReaderConfig } from '../definition';
import { TaskFailure } from '../failure';
import { Visit } from '../visit';
import { MapFields, S3Parameters } from './map-fields';
import { MapItem } from './map-item';
import { athenaItems } from './readers/athena-manifest';
import { Bucket } from './readers/bucket';
import { itemsOfFile } from './readers/data-file';
import { listedItems } from './readers/object-list';
import { readerFailed } from './readers/reader-failure';
import { inventoryItems } from './readers/s3-inventory';

/** The items that an ItemReader reads; failures are `States.ItemReaderFailed`. */
export async function readItems(visit: Visit<MapState>, fields: MapFields, reader: ItemReader): Promise<readonly MapItem[]> {
  const { ReaderConfig: config = {} } = reader;
  const maxItems = await visit.language.number(config, 'MaxItems', 'ItemReader/ReaderConfig/') ?? 0;
  if (maxItems < 0) throw readerFailed('field MaxItems must be positive');
  // Zero means no limit, as recorded on AWS.
  const limit = maxItems === 0 ? Infinity : maxItems;
  const parameters = await fields.parameters('ItemReader');
  try {
    // Reading is real work, for which virtual time stands still.
    const items = await visit.run.clock.hold(async () => read(bucketOf(visit), reader, parameters, limit));
    return items.length > limit ? items.slice(0, limit) : items;
  } catch (error) {
    if (error instanceof TaskFailure) throw readerFailed(error.failureCause ?? error.error ?? '');
    throw error;
  }
}

async function read(bucket: Bucket, reader: ItemReader, parameters: S3Parameters, limit: number): Promise<readonly MapItem[]> {
  const config = reader.ReaderConfig ?? {};
  const owner = { bucket: parameters.text('Bucket'), expectedBucketOwner: parameters.optionalText('ExpectedBucketOwner') };
  if (reader.Resource.endsWith(':s3:listObjectsV2')) {
    const [prefix, startAfter] = [parameters.optionalText('Prefix'), parameters.optionalText('StartAfter')];
    return listedItems(bucket, { ...owner, prefix, startAfter }, config, limit);
  }
  const location = { ...owner, key: parameters.text('Key'), versionId: parameters.optionalText('VersionId') };
  switch (manifestType(config)) {
    case 'ATHENA_DATA':
      return athenaItems(bucket, location, config, limit);
    case 'S3_INVENTORY':
      return inventoryItems(bucket, location, limit);
    default:
      return itemsOfFile(await bucket.get(location), location, config);
  }
}

/** `MANIFEST` as an InputType, without a type of its own, is an S3 inventory: that is the older form. */
function manifestType({ InputType: inputType, ManifestType: type }: ReaderConfig): ReaderConfig['ManifestType'] {
  return type ?? (inputType === 'MANIFEST' ? 'S3_INVENTORY' : undefined);
}

function bucketOf({ run: { storage, identity } }: Visit<MapState>): Bucket {
  if (storage === undefined) throw new Error('this local cloud has no S3 for an ItemReader to read from');
  return {
    get: async (location) => storage.getObject(location, identity),
    list: async (listing) => storage.listObjects(listing, identity),
  };
}
