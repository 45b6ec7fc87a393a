import { JsonObject } from '../../../local/json';
import { CreatedResource, ResourceProviders } from '../../../local/template/resource';
import { StrictProperties } from '../../../local/template/strict-properties';
import { environment } from '../http/small-cloud';

/** Creates one resource as a deployment would: whatever its provider did not read is an error. */
export async function createResource(providers: ResourceProviders, type: string, properties: JsonObject, logicalId = 'Thing'): Promise<CreatedResource> {
  const strict = new StrictProperties(properties, `${logicalId} (${type})`);
  const created = await providers[type]({
    logicalId,
    identity: logicalId,
    type,
    properties: strict,
    environment,
    stackName: 'Stack',
    physicalName: (maxLength = 255) => `Stack-${logicalId}-X`.slice(0, maxLength),
    asset: (objectKey) => {
      throw new Error(`no asset ${objectKey}`);
    },
  });
  strict.assertAllRead();
  return created;
}
