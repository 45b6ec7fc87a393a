import { DeliveryErrorName } from './contract';

/**
 * Names of the errors that a delivery can end with: the `Error` of a dead letter and of the failed execution.
 */
export class AsyncAthenaQueryApiErrors {
  /** The delivery function was called with something that is no delivery. Final. */
  public static readonly INVALID_DELIVERY_EVENT = DeliveryErrorName.INVALID_DELIVERY_EVENT;
  /** The callback URL is malformed, its host is not allowed, or one of its addresses is not public. Final. */
  public static readonly CALLBACK_URL_NOT_ALLOWED = DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED;
  /** The receiver answered with a redirect, or with a 4xx status other than 408 and 429. Final. */
  public static readonly CALLBACK_REFUSED = DeliveryErrorName.CALLBACK_REFUSED;
  /** The result is gone from the bucket, or is about to go. Final. */
  public static readonly RESULT_EXPIRED = DeliveryErrorName.RESULT_EXPIRED;
  /** The result lies outside the result prefix: the workgroup does not enforce its configuration. Final. */
  public static readonly RESULT_NOT_DELIVERABLE = DeliveryErrorName.RESULT_NOT_DELIVERABLE;
  /** The receiver answered 408, 429 or 5xx in every attempt. */
  public static readonly CALLBACK_UNAVAILABLE = DeliveryErrorName.CALLBACK_UNAVAILABLE;
  /** The receiver could not be reached in any attempt. */
  public static readonly CALLBACK_UNREACHABLE = DeliveryErrorName.CALLBACK_UNREACHABLE;
  /** An AWS service that the delivery depends on failed in every attempt, or the signing secret is unusable. */
  public static readonly DELIVERY_DEPENDENCY_FAILED = DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED;

  private constructor() {}
}
