import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SigningKeysBinding } from './binding';
import type { Ed25519SigningKeysOptions } from './signing-keys-options';

export function ed25519({ logGroup }: Ed25519SigningKeysOptions): SigningKeysBinding {
  return {
    signatureVersion: 'v1a',
    verifiedBy: 'one of the public keys of this API (ed25519)',
    // An id of its own: as a new value of the other secret, a seed would be a rotation that receivers cannot follow.
    createSecret: (scope, removalPolicy) => new Secret(scope, 'SigningSeed', {
      description: 'Seed of the ed25519 key that signs callbacks: 64 hexadecimal digits. Receivers need the public key only.',
      // Each digit is drawn by itself, so that all 2^256 seeds are equally likely: no type of character is required.
      generateSecretString: {
        passwordLength: 64, excludePunctuation: true, excludeUppercase: true, excludeCharacters: 'ghijklmnopqrstuvwxyz', requireEachIncludedType: false,
      },
      removalPolicy,
    }),
    publication: { logGroup },
  };
}
