import { randomUUID } from 'node:crypto';
import { Keys } from './keys';
import { PolicyDocument } from '../aws/service';
import { readPolicy } from '../iam/policy-document';
import { remadeInPlace, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';

/** Resource types of KMS: symmetric keys and their aliases. */
export function kmsResources(keys: Keys): ResourceProviders {
  return {
    'AWS::KMS::Key': async (request) => {
      const policy = await readKeyPolicy(request);
      const id = randomUUID();
      const arn = keys.create(id, policy);
      return { ref: id, attributes: { Arn: arn, KeyId: id } };
    },

    'AWS::KMS::Alias': ({ properties }) => {
      const name = properties.string('AliasName');
      keys.addAlias(name, properties.string('TargetKeyId'));
      return { ref: name };
    },
  };
}

/** What becomes of them in updates: a key stays what it is, under another policy. */
export function kmsChanges(keys: Keys): ResourceChanges {
  return {
    'AWS::KMS::Key': {
      update: async (request) => {
        keys.changePolicy(String(request.current.attributes?.Arn), await readKeyPolicy(request));
        return request.current;
      },
      remove: ({ current }) => keys.scheduleDeletion(String(current.attributes?.Arn)),
    },
    'AWS::KMS::Alias': remadeInPlace(kmsResources(keys)['AWS::KMS::Alias'], ({ current }) => keys.removeAlias(current.ref)),
  };
}

async function readKeyPolicy({ properties, logicalId }: ResourceRequest): Promise<PolicyDocument | undefined> {
  if (properties.boolean('Enabled') === false) properties.unsupported('Enabled', 'a disabled key');
  if (properties.boolean('MultiRegion') === true) properties.unsupported('MultiRegion', 'a key of several Regions');
  if ((properties.optionalString('KeySpec') ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT') properties.unsupported('KeySpec', 'an asymmetric key');
  if ((properties.optionalString('KeyUsage') ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT') properties.unsupported('KeyUsage', 'a key that does not encrypt');
  // Nothing is encrypted, so there is nothing to rotate; a key that is to be deleted cannot be used from the first day on.
  properties.notModelled('Description', 'EnableKeyRotation', 'RotationPeriodInDays', 'PendingWindowInDays', 'Tags');
  return properties.has('KeyPolicy') ? readPolicy(properties, 'KeyPolicy', 'resource', logicalId) : undefined;
}
