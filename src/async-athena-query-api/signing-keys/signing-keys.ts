import { SigningKeysBinding } from './binding';
import { ed25519 } from './ed25519';
import { ED25519_KINDS } from './option-kinds';
import { sharedSecret } from './shared-secret';
import { Ed25519SigningKeysOptions } from './signing-keys-options';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * With what callbacks are signed, as Standard Webhooks has it. To change it changes every signature at once: have receivers accept both before.
 */
export class SigningKeys {
  /**
   * A secret that the receivers have too (HMAC-SHA256, `v1`).
   *
   * Choose this, the default, where all receivers belong to you: every library of Standard Webhooks can verify it. Whoever has the secret can also sign
   * callbacks.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { signingKeys: SigningKeys.sharedSecret() });
   */
  public static sharedSecret(): SigningKeys {
    return new SigningKeys(sharedSecret());
  }

  /**
   * An ed25519 key (`v1a`): receivers need its public key only, which `GET /signing-keys` tells.
   *
   * Choose this where receivers belong to others, or to several owners: none of them can sign a callback, and no secret has to be handed to them. Their
   * library must know `v1a`; ed25519 is in the cryptography of most languages.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { signingKeys: SigningKeys.ed25519() });
   */
  public static ed25519(options: Ed25519SigningKeysOptions = {}): SigningKeys {
    return new SigningKeys(ed25519(checkOptions('SigningKeys.ed25519', options, ED25519_KINDS)));
  }

  /** @internal */
  public readonly _binding: SigningKeysBinding;

  private constructor(binding: SigningKeysBinding) {
    this._binding = binding;
  }
}
