import { generateSecretString } from './generate-secret-string';
import { NewSecret, SecretsManager } from './secrets-manager';
import { readPolicy } from '../iam/policy-document';
import { ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';

/** Resource types of Secrets Manager. Rotation and replicas are not implemented. */
export function secretsManagerResources(service: SecretsManager): ResourceProviders {
  return {
    'AWS::SecretsManager::Secret': (request) => {
      const arn = service.create(readSecret(request));
      return { ref: arn, attributes: { Id: arn } };
    },

    'AWS::SecretsManager::ResourcePolicy': async ({ properties, logicalId }) => {
      const secretId = properties.string('SecretId');
      if (properties.boolean('BlockPublicPolicy') ?? false) properties.unsupported('BlockPublicPolicy', 'proving that a policy is not public');
      service.setResourcePolicy(secretId, await readPolicy(properties, 'ResourcePolicy', 'resource', logicalId));
      return { ref: secretId };
    },
  };
}

/** What becomes of them in updates: a value is written, or generated, only where the property that says so changes. */
export function secretsManagerChanges(service: SecretsManager): ResourceChanges {
  const setPolicy = secretsManagerResources(service)['AWS::SecretsManager::ResourcePolicy'];
  return {
    'AWS::SecretsManager::Secret': {
      update: (request) => {
        const { value, ...secret } = readSecret(request);
        const writes = request.changed.some((name) => VALUES.includes(name));
        service.change(request.current.ref, { ...secret, value: writes ? value : undefined });
        return request.current;
      },
      remove: ({ current }) => service.remove(current.ref),
    },
    'AWS::SecretsManager::ResourcePolicy': { update: setPolicy, remove: ({ current }) => service.removeResourcePolicy(current.ref) },
  };
}

/** What gives a secret its value. */
const VALUES = ['SecretString', 'GenerateSecretString'];

function readSecret(request: ResourceRequest): NewSecret {
  const { properties } = request;
  const given = properties.optionalString('SecretString');
  const generated = properties.object('GenerateSecretString', generateSecretString);
  if (given !== undefined && generated !== undefined) throw new Error(`${request.logicalId}: SecretString and GenerateSecretString exclude each other`);
  const keyId = properties.optionalString('KmsKeyId');
  // A policy that asks for tags is an error of the evaluator.
  properties.notModelled('Tags');
  return {
    name: properties.optionalString('Name') ?? request.physicalName(512),
    description: properties.optionalString('Description'),
    // The key that AWS manages may be used by everyone in the account.
    keyId: keyId === 'alias/aws/secretsmanager' ? undefined : keyId,
    value: given ?? generated,
  };
}
