import { refusal, tellKeys, TellKeysServices } from './tell-keys';
import { readConfig } from './tell-keys-config';
import { once } from '../../../private/runtime/once';
import { createSecretReader } from '../../../private/runtime/secret-reader';
import { TellKeysAnswer } from '../../contracts/tell-keys';
import { DeliveryError } from '../../delivery/function/delivery-error';
import { ED25519 } from '../../delivery/function/ed25519';
import { SigningKeys } from '../../delivery/function/signing-keys';

const services = once((): TellKeysServices => ({
  signingKeys: new SigningKeys(createSecretReader(readConfig(process.env).signingSecretArn), Date.now, ED25519),
  log: console.log,
}));

/** Entry point of the function that tells the public keys. */
export async function handler(event: unknown): Promise<TellKeysAnswer> {
  try {
    return await tellKeys(event, services());
  } catch (error) {
    // Only the configuration can fail here.
    if (!(error instanceof DeliveryError)) throw error;
    return refusal(error, console.log);
  }
}
