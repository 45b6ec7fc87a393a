import { createLinkCloud } from './aws-clients';
import { deliver, DeliveryServices } from './deliver';
import { readConfig } from './delivery-config';
import { ED25519 } from './ed25519';
import { INTERNET } from './post-callback';
import { SHARED_SECRET } from './signature';
import { SigningKeys } from './signing-keys';
import { once } from '../../../private/runtime/once';
import { createSecretReader } from '../../../private/runtime/secret-reader';
import { writeLine } from '../../../private/runtime/write-line';
import { DeliveryResult } from '../../contracts/deliver';

const services = once((): DeliveryServices => {
  const config = readConfig(process.env);
  return {
    config,
    signingKeys: new SigningKeys(createSecretReader(config.signingSecretArn), Date.now, config.signatureVersion === 'v1a' ? ED25519 : SHARED_SECRET),
    linkCloud: createLinkCloud(),
    network: INTERNET,
    now: Date.now,
    log: writeLine,
  };
});

/** Entry point of the delivery function. */
export async function handler(event: unknown): Promise<DeliveryResult> {
  return deliver(event, services());
}
