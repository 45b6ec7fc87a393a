import { randomUUID } from 'node:crypto';
import { Keys } from './keys';
import { readPolicy } from '../iam/policy-document';
import { ResourceProviders } from '../template/resource';

/** Resource types of KMS: symmetric keys and their aliases. */
export function kmsResources(keys: Keys): ResourceProviders {
  return {
    'AWS::KMS::Key': async ({ properties, logicalId }) => {
      if (properties.boolean('Enabled') === false) properties.unsupported('Enabled', 'a disabled key');
      if (properties.boolean('MultiRegion') === true) properties.unsupported('MultiRegion', 'a key of several Regions');
      if ((properties.optionalString('KeySpec') ?? 'SYMMETRIC_DEFAULT') !== 'SYMMETRIC_DEFAULT') properties.unsupported('KeySpec', 'an asymmetric key');
      if ((properties.optionalString('KeyUsage') ?? 'ENCRYPT_DECRYPT') !== 'ENCRYPT_DECRYPT') properties.unsupported('KeyUsage', 'a key that does not encrypt');
      // Nothing is encrypted, so there is nothing to rotate; stacks are not deleted.
      properties.notModelled('Description', 'EnableKeyRotation', 'RotationPeriodInDays', 'PendingWindowInDays', 'Tags');
      const policy = properties.has('KeyPolicy') ? await readPolicy(properties, 'KeyPolicy', 'resource', logicalId) : undefined;
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
