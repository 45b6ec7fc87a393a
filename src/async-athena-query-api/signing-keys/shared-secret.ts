import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SigningKeysBinding } from './binding';

export function sharedSecret(): SigningKeysBinding {
  return {
    verifiedBy: 'the secret that you share with this API (HMAC-SHA256)',
    // 64 letters and digits are the base64 text of 48 bytes, within the 24 to 64 that Standard Webhooks asks for.
    createSecret: (scope, removalPolicy) => new Secret(scope, 'SigningSecret', {
      description: 'Signs callbacks. Receivers configure whsec_ followed by this value, unless it begins with that.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy,
    }),
  };
}
