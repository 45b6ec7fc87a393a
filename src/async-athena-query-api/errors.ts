import { DeliveryErrorName } from './contracts/error-names';

/**
 * Names of the delivery function's own errors: the `Error` of a dead letter and of the failed execution.
 *
 * An execution can also fail with an error of AWS: `Lambda.*` or `States.*` when the delivery function could not be run, `Athena.*` or
 * `States.*` when Athena did not say how the query stands. Redrive it when the cause is mended, within 14 days; where a redrive cannot help,
 * it is said below.
 */
export class AsyncAthenaQueryApiErrors {
  /**
   * The delivery function was called with something that is no delivery. Final.
   *
   * Nothing but the workflow should call it. If the workflow did, the function is older than the workflow: complete the deployment, then
   * redrive. If it is not older, report it with the cause.
   */
  public static readonly INVALID_DELIVERY_EVENT = DeliveryErrorName.INVALID_DELIVERY_EVENT;
  /**
   * The callback URL is malformed, its host is not allowed, or one of its addresses is not public. Final.
   *
   * Add the host to `CallbackPolicy.hosts` and deploy, or mend its DNS; then redrive. To call another URL, submit the query again.
   */
  public static readonly CALLBACK_URL_NOT_ALLOWED = DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED;
  /**
   * The receiver answered with a redirect, with a 4xx status other than 408 and 429, or with something that is no final status. Final.
   *
   * Mend the receiver so that it answers 2xx at this very URL, then redrive. After a 401, compare its secret with `signingSecret`.
   */
  public static readonly CALLBACK_REFUSED = DeliveryErrorName.CALLBACK_REFUSED;
  /**
   * The result is gone from the bucket, or is about to go. Final.
   *
   * Submit the query again: a redrive cannot help. If the result was young, look for a lifecycle rule that expires it too soon.
   */
  public static readonly RESULT_EXPIRED = DeliveryErrorName.RESULT_EXPIRED;
  /**
   * The result lies outside the result prefix, or is not one file right under it: the workgroup does not enforce its configuration, or writes
   * elsewhere. Final.
   *
   * Let the workgroup write to `resultPrefix` in `resultBucket` and enforce it, then submit the query again: a redrive cannot help.
   */
  public static readonly RESULT_NOT_DELIVERABLE = DeliveryErrorName.RESULT_NOT_DELIVERABLE;
  /**
   * The receiver answered 408, 429 or 5xx in the last attempt.
   *
   * Redrive when the receiver is up again, or give `deliveryWindow` more time.
   */
  public static readonly CALLBACK_UNAVAILABLE = DeliveryErrorName.CALLBACK_UNAVAILABLE;
  /**
   * The receiver could not be reached in the last attempt: name resolution, connection, TLS or `callbackTimeout`. The cause has the code.
   *
   * Mend the receiver's DNS, firewall or certificate, or let it answer before it works; then redrive.
   */
  public static readonly CALLBACK_UNREACHABLE = DeliveryErrorName.CALLBACK_UNREACHABLE;
  /**
   * An AWS service that the delivery depends on failed in the last attempt, or the signing secret is unusable. The cause names the call.
   *
   * Usually a right is missing, such as `kms:Decrypt` for the key of an imported secret or bucket, or the secret is not base64 text of 24 to
   * 64 bytes. Mend that, then redrive.
   */
  public static readonly DELIVERY_DEPENDENCY_FAILED = DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED;

  private constructor() {}
}
