import { generateSecretString } from './generate-secret-string';
import { SecretsManager } from './secrets-manager';
import { readPolicy } from '../iam/policy-document';
import { ResourceProviders } from '../template/resource';

/** Resource types of Secrets Manager. Rotation and replicas are not implemented. */
export function secretsManagerResources(service: SecretsManager): ResourceProviders {
  return {
    'AWS::SecretsManager::Secret': (request) => {
      const { properties } = request;
      const given = properties.optionalString('SecretString');
      const generated = properties.object('GenerateSecretString', generateSecretString);
      if (given !== undefined && generated !== undefined) throw new Error(`${request.logicalId}: SecretString and GenerateSecretString exclude each other`);
      const keyId = properties.optionalString('KmsKeyId');
      // A policy that asks for tags is an error of the evaluator.
      properties.notModelled('Tags');
      const arn = service.create({
        name: properties.optionalString('Name') ?? request.physicalName(512),
        description: properties.optionalString('Description'),
        // The key that AWS manages may be used by everyone in the account.
        keyId: keyId === 'alias/aws/secretsmanager' ? undefined : keyId,
        value: given ?? generated,
      });
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
