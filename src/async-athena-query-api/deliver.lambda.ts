import { createLinkCloud } from './aws-clients.lambda-shared';
import { DeliveryResult } from './contract';
import { deliver, DeliveryServices } from './deliver.lambda-shared';
import { readConfig } from './delivery-config.lambda-shared';
import { INTERNET } from './post-callback.lambda-shared';
import { SigningKeys } from './signing-keys.lambda-shared';
import { once } from '../private/runtime/once.lambda-shared';
import { createSecretReader } from '../private/runtime/secret-reader.lambda-shared';

const services = once((): DeliveryServices => {
  const config = readConfig(process.env);
  return {
    config,
    signingKeys: new SigningKeys(createSecretReader(config.signingSecretArn), Date.now),
    linkCloud: createLinkCloud(),
    network: INTERNET,
    now: Date.now,
    log: console.log,
  };
});

/** Entry point of the delivery function. */
export async function handler(event: unknown): Promise<DeliveryResult> {
  return deliver(event, services());
}
