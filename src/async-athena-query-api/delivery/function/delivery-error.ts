import { errorCode } from '../../../private/runtime/error-code';
import { DeliveryErrorName } from '../../contracts/error-names';

/**
 * How a delivery fails. Lambda reports `name` as the error type, which the workflow's Retry matches.
 *
 * The message ends up in the execution history: it never holds a URL, a host, a body, SQL or a secret. For the same reason there is no `cause`:
 * errors of Node and of the SDK carry what they were called with.
 */
export class DeliveryError extends Error {
  /**
   * @param callbackStatusCode what the receiver answered, if it did
   */
  constructor(readonly name: DeliveryErrorName, message: string, readonly callbackStatusCode?: number) {
    super(message);
  }
}

/** Makes a call to AWS; of a failure nothing is kept but the name of the call and the error code. */
export async function dependency<T>(call: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw asDeliveryError(error, call);
  }
}

/** Whatever is thrown becomes a delivery error, so that no message but ours is ever shown. */
export function asDeliveryError(error: unknown, doing: string): DeliveryError {
  if (error instanceof DeliveryError) return error;
  return new DeliveryError(DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, `${doing} failed${errorCode(error)}`);
}
