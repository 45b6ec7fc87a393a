import { DeliveryError, dependency } from './delivery-error';
import { SHARED_SECRET, SignatureScheme } from './signature';
import { memberOf } from '../../../private/runtime/member-of';
import { ReadSecret, SecretStage } from '../../../private/runtime/secret-reader';
import { DeliveryErrorName } from '../../contracts/error-names';

/** A rotated secret is in use after at most this long. */
export const CACHE_MILLISECONDS = 5 * 60_000;

/** The keys that sign callbacks, newest first, read again when they are five minutes old. */
export class SigningKeys {
  private cached?: { readonly keys: readonly Buffer[]; readonly until: number };

  constructor(private readonly readSecret: ReadSecret, private readonly now: () => number, readonly scheme: SignatureScheme = SHARED_SECRET) {}

  async get(): Promise<readonly Buffer[]> {
    const now = this.now();
    if (this.cached === undefined || now >= this.cached.until) {
      this.cached = { keys: await this.read(), until: now + CACHE_MILLISECONDS };
    }
    return this.cached.keys;
  }

  private async read(): Promise<readonly Buffer[]> {
    const [current, previous] = await Promise.all([this.readKey('AWSCURRENT'), this.readKey('AWSPREVIOUS')]);
    if (current === undefined) {
      throw new DeliveryError(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, `The signing secret is not ${this.scheme.secretIs}`);
    }
    // A previous version that is no key never signed anything: no receiver waits for it.
    return previous === undefined || previous.equals(current) ? [current] : [current, previous];
  }

  private async readKey(stage: SecretStage): Promise<Buffer | undefined> {
    return dependency('SecretsManager GetSecretValue', async () => {
      try {
        return this.scheme.decode(await this.readSecret(stage) ?? '');
      } catch (error) {
        // Before the first rotation there is no previous version.
        if (stage === 'AWSPREVIOUS' && memberOf(error, 'name') === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    });
  }
}
