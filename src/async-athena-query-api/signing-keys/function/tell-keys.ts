import { readReleased } from '../../../private/runtime/released-contracts';
import { exactly, literal, Read } from '../../../private/shape/json-shape';
import { DeliveryErrorName } from '../../contracts/error-names';
import { TELL_KEYS_CONTRACT, TELL_KEYS_REFUSALS, TellKeysAnswer, TellKeysEvent } from '../../contracts/tell-keys';
import { asDeliveryError, DeliveryError } from '../../delivery/function/delivery-error';
import { publicKeyOf } from '../../delivery/function/ed25519';
import { SigningKeys } from '../../delivery/function/signing-keys';

/** Everything that telling the keys needs of the world. */
export interface TellKeysServices {
  readonly signingKeys: SigningKeys;
  /** Takes one line of JSON for each request that was not answered with keys. No line holds a key. */
  readonly log: (line: string) => void;
}

/** Every contract ever released, and how its event is read. */
const CONTRACTS: ReadonlyMap<number, Read<TellKeysEvent>> = new Map([
  [TELL_KEYS_CONTRACT, exactly<TellKeysEvent>({ contract: literal(TELL_KEYS_CONTRACT) })],
]);

/** Tells the public keys, or why not: API Gateway makes the HTTP answer of it. */
export async function tellKeys(event: unknown, { signingKeys, log }: TellKeysServices): Promise<TellKeysAnswer> {
  try {
    readReleased(CONTRACTS, event, (message) => new DeliveryError(DeliveryErrorName.INVALID_DELIVERY_EVENT, message), (read) => read);
    const [current, previous] = await signingKeys.get();
    return {
      StatusCode: 200,
      Body: {
        Keys: [
          { State: 'CURRENT', PublicKey: publicKeyOf(current) },
          ...previous === undefined ? [] : [{ State: 'PREVIOUS' as const, PublicKey: publicKeyOf(previous) }],
        ],
      },
    };
  } catch (thrown) {
    return refusal(asDeliveryError(thrown, 'The function of the signing keys'), log);
  }
}

/** The answer to what cannot be done, and a line that says why. */
export function refusal({ name, message }: DeliveryError, log: (line: string) => void): TellKeysAnswer {
  const Code = name === DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED ? 'TryAgain' : 'InternalError';
  log(JSON.stringify({ Outcome: Code, Message: message }));
  return {
    StatusCode: TELL_KEYS_REFUSALS[Code],
    Body: { Code, Message: Code === 'TryAgain' ? 'The request could not be processed; try again later.' : 'The request could not be processed.' },
  };
}
