/** Names of the errors of the delivery function: the execution's `error`, and what its Retry matches. */
export const DeliveryErrorName = {
  /** The event is not of a shape this function accepts. Final. */
  INVALID_DELIVERY_EVENT: 'InvalidDeliveryEvent',
  /** The callback URL is malformed, not https, or its host is not allowed or not public. Final. */
  CALLBACK_URL_NOT_ALLOWED: 'CallbackUrlNotAllowed',
  /** The receiver answered 3xx or a 4xx other than 408 and 429. Final. */
  CALLBACK_REFUSED: 'CallbackRefused',
  /** The result object is gone, or about to go, before it could be delivered. Final. */
  RESULT_EXPIRED: 'ResultExpired',
  /** The result lies outside the construct's own prefix, or is not readable as one object. Final. */
  RESULT_NOT_DELIVERABLE: 'ResultNotDeliverable',
  /** The receiver answered 408, 429 or 5xx. Retried. */
  CALLBACK_UNAVAILABLE: 'CallbackUnavailable',
  /** The receiver could not be reached: name resolution, connection, TLS or time-out. Retried. */
  CALLBACK_UNREACHABLE: 'CallbackUnreachable',
  /** An AWS service the delivery depends on failed, or the signing secret is unusable. Retried. */
  DELIVERY_DEPENDENCY_FAILED: 'DeliveryDependencyFailed',
} as const;

/** Errors after which another attempt cannot succeed. */
export const FINAL_DELIVERY_ERRORS: readonly string[] = [
  DeliveryErrorName.INVALID_DELIVERY_EVENT,
  DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED,
  DeliveryErrorName.CALLBACK_REFUSED,
  DeliveryErrorName.RESULT_EXPIRED,
  DeliveryErrorName.RESULT_NOT_DELIVERABLE,
];
