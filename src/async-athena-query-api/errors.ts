import { DeliveryErrorName } from './contracts/error-names';

/**
 * Names of the delivery function's own errors: the `Error` of a dead letter and of the failed execution.
 *
 * For each error, it is said what happened, what to do, and how to go on then. `cause` is that of the failed execution. A redrive works within
 * 14 days of the failure.
 *
 * An execution can also fail with an error of AWS: `Lambda.*` or `States.*` when the delivery function could not be run, `Athena.*` or
 * `States.*` when Athena did not say how the query stands; `EventBridge.*`, `SQS.*`, `SNS.*` or `States.*` when the query could not be announced. Fix the cause,
 * then redrive.
 */
export class AsyncAthenaQueryApiErrors {
  /**
   * The delivery function was called with something that is no delivery. Not retried.
   *
   * Only the workflow should call it. If the workflow did, the function is older than the workflow: complete the deployment. If both are of one
   * release, report it with `cause`.
   *
   * Then redrive.
   */
  public static readonly INVALID_DELIVERY_EVENT = DeliveryErrorName.INVALID_DELIVERY_EVENT;
  /**
   * The callback URL is malformed, its host is not allowed, or one of its addresses is neither public nor in a listed range: `cause` says which. Not retried.
   *
   * Add the host to `hosts`, or the range to `privateAddresses`, of `CallbackPolicy.hosts` and deploy, or fix its DNS. To call another URL, submit the query again
   * instead.
   *
   * Then redrive.
   */
  public static readonly CALLBACK_URL_NOT_ALLOWED = DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED;
  /**
   * The receiver answered with a redirect (any 3xx), 400, 410, 413, 415 or 422: `cause` has the status. Not retried.
   *
   * Let the receiver answer 2xx at this very URL.
   *
   * Then redrive.
   */
  public static readonly CALLBACK_REFUSED = DeliveryErrorName.CALLBACK_REFUSED;
  /**
   * The result was deleted from the bucket, or will be within a minute. Not retried.
   *
   * If the result was young, look for a lifecycle rule that deletes results too soon.
   *
   * Then submit the query again: a redrive cannot help.
   */
  public static readonly RESULT_EXPIRED = DeliveryErrorName.RESULT_EXPIRED;
  /**
   * The result lies outside `resultPrefix`, or is not one file right under it: `resultPrefix` was changed, or the workgroup does not enforce its
   * configuration, or writes elsewhere. Not retried.
   *
   * If `resultPrefix` was changed, name the old one in `formerResultPrefixes`. Else let the workgroup write to `resultPrefix` in `resultBucket` and enforce
   * its configuration.
   *
   * Then redrive where the prefix was changed; submit the query again where it was not.
   */
  public static readonly RESULT_NOT_DELIVERABLE = DeliveryErrorName.RESULT_NOT_DELIVERABLE;
  /**
   * The receiver answered with a status that is neither 2xx nor one of those of `CallbackRefused`, such as 401, 404, 429 or 5xx, until the retries
   * were used up: `cause` has the last one.
   *
   * Bring the receiver up again. After a 401 or 403, compare its secret with `signingSecret`; after a 404, let it answer at this very URL. If it is
   * often down for longer, set a longer `deliveryWindow`, which holds for new queries.
   *
   * Then redrive.
   */
  public static readonly CALLBACK_UNAVAILABLE = DeliveryErrorName.CALLBACK_UNAVAILABLE;
  /**
   * The receiver could not be reached until the retries were used up. `cause` has the code: `ENOTFOUND` (DNS), `ECONNREFUSED`,
   * `CERT_HAS_EXPIRED`, `TIMEOUT` (`callbackTimeout`) and others.
   *
   * Fix the receiver's DNS, firewall or certificate, or let it answer before it starts its work. With `deliveryNetwork`, look at routes and security groups too.
   *
   * Then redrive.
   */
  public static readonly CALLBACK_UNREACHABLE = DeliveryErrorName.CALLBACK_UNREACHABLE;
  /**
   * An AWS service that the delivery depends on failed until the retries were used up, or the signing secret is unusable. `cause` names the call.
   *
   * Usually a right is missing, such as `kms:Decrypt` for the key of an imported secret or bucket: grant it. If the secret is not base64 text of
   * 24 to 64 bytes, or no seed where an ed25519 key signs, put another one. With `deliveryNetwork`, the function needs ways to Secrets Manager, STS and S3.
   *
   * Then redrive.
   */
  public static readonly DELIVERY_DEPENDENCY_FAILED = DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED;

  private constructor() {}
}
