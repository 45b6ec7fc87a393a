import { MANAGE_REFUSALS, ManageRefusal } from './manage-query';

/** What the API and the function that tells the public keys agree on. Both sides import this file; a released event shape is never changed. */

/** Version of the event that this release's API sends. */
export const TELL_KEYS_CONTRACT = 1;

/** The event of the function: it says nothing of the request, for every caller gets the same answer. */
export interface TellKeysEvent {
  readonly contract: typeof TELL_KEYS_CONTRACT;
}

/** What the function answers; the API makes an HTTP answer of it. */
export interface TellKeysAnswer {
  readonly StatusCode: number;
  readonly Body: PublicSigningKeys | ManageRefusal;
}

/** The answer to `GET /signing-keys`. */
export interface PublicSigningKeys {
  /** The key that signs, then the one before the last rotation, if there is one: both sign. */
  readonly Keys: readonly PublicSigningKey[];
}

export interface PublicSigningKey {
  readonly State: 'CURRENT' | 'PREVIOUS';
  /** `whpk_` and the base64 of the 32 bytes. */
  readonly PublicKey: string;
}

/** Ways in which the function refuses, with the status of the answer. */
export const TELL_KEYS_REFUSALS = { TryAgain: MANAGE_REFUSALS.TryAgain, InternalError: MANAGE_REFUSALS.InternalError } as const;

/** Environment variables of the function. */
export const TellKeysEnvironment = {
  /** ARN of the secret with the seed. */
  SIGNING_SECRET_ARN: 'SIGNING_SECRET_ARN',
} as const;
