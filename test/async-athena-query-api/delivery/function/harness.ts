import { CallbackBody } from '../../../../src/async-athena-query-api/contracts/callback';
import { DELIVERY_CONTRACT, DeliveryEvent } from '../../../../src/async-athena-query-api/contracts/deliver';
import { DeliveryServices } from '../../../../src/async-athena-query-api/delivery/function/deliver';
import { DeliveryConfig } from '../../../../src/async-athena-query-api/delivery/function/delivery-config';
import { DeliveryError } from '../../../../src/async-athena-query-api/delivery/function/delivery-error';
import { LinkCloud } from '../../../../src/async-athena-query-api/delivery/function/link-session';
import { CallbackNetwork } from '../../../../src/async-athena-query-api/delivery/function/post-callback';
import { SigningKeys } from '../../../../src/async-athena-query-api/delivery/function/signing-keys';
import { ReadSecret } from '../../../../src/private/runtime/secret-reader';
import { released } from '../../../support/released';

/** A moment shortly after the fixtures' queries have finished. */
export const NOW = Date.parse('2026-11-24T08:00:10.000Z');

export const SECRET = 'kJ3v9QpXw7LzT2mB8RfYcN5hD1sGqA6uEoViZxC4tWlM0gKjHbPnSyUrIeOaFdQk';

export const CONFIG: DeliveryConfig = {
  signingSecretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:signing-AbCdEf',
  resultLocation: 's3://results-bucket/results/',
  resultBucketOwner: '111122223333',
  linkRoleArn: 'arn:aws:iam::111122223333:role/link',
  linkExpirySeconds: 3600,
  callbackRules: {},
  callbackTimeoutSeconds: 5,
};

/** A cloud in which every call succeeds, at the given time. */
export function workingCloud(now = NOW): LinkCloud {
  return {
    assumeRole: async ({ DurationSeconds = 3600 }) => ({
      credentials: { accessKeyId: 'ASIALINK', secretAccessKey: 'link-secret-key', sessionToken: 'link-session-token' },
      expiration: new Date(now + DurationSeconds * 1000),
    }),
    headObject: async () => undefined,
    // Each folder has two files, and each object is there.
    listObjects: async (_credentials, { Prefix = '' }) => ({
      Contents: (Prefix.endsWith('/') ? ['20261124_080001_00017_a.gz', '20261124_080001_00017_b.gz'] : ['']).map((name) => ({ Key: `${Prefix}${name}`, Size: 512 })),
    }),
    readRange: async () => new Uint8Array(),
    signGetObject: async (_credentials, { Key }) => `https://link.example.com/${Key}?signed`,
  };
}

/** A secret that was never rotated. */
export const neverRotated: ReadSecret = async (stage) => {
  if (stage === 'AWSCURRENT') return SECRET;
  throw serviceError('ResourceNotFoundException', 400);
};

/** An error as the SDK throws it. */
export function serviceError(name: string, httpStatusCode: number, message = 'Told by the service'): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

export interface ServiceOverrides {
  readonly config?: Partial<DeliveryConfig>;
  readonly linkCloud?: Partial<LinkCloud>;
  readonly readSecret?: ReadSecret;
  readonly now?: () => number;
}

/** Services in which everything works, but for what is overridden; `lines` is what was logged. */
export function services(network: CallbackNetwork, overrides: ServiceOverrides = {}): DeliveryServices & { readonly lines: string[] } {
  const now = overrides.now ?? (() => NOW);
  const lines: string[] = [];
  return {
    config: { ...CONFIG, ...overrides.config },
    signingKeys: new SigningKeys(overrides.readSecret ?? neverRotated, now),
    linkCloud: { ...workingCloud(now()), ...overrides.linkCloud },
    network,
    now,
    log: (line) => void lines.push(line),
    lines,
  };
}

/** An event of the contract of this release. */
export function releasedEvent(name: string): DeliveryEvent {
  return released('deliver', DELIVERY_CONTRACT, name);
}

export function releasedCallback(name: string, contract: number = DELIVERY_CONTRACT): CallbackBody {
  return released('deliver', contract, `${name}.callback`);
}

/** How a delivery ended: the name and message of its error, or `Delivered`. */
export async function outcomeOf(delivery: Promise<unknown>): Promise<{ readonly name: string; readonly message: string }> {
  return delivery.then(
    () => ({ name: 'Delivered', message: '' }),
    (error: unknown) => (error instanceof DeliveryError ? { name: error.name, message: error.message } : { name: 'NotOurs', message: String(error) }),
  );
}
