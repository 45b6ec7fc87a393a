/**
 * Names of the errors of the delivery function: the execution's `error`, and what its Retry matches. `errors.ts` tells what each one means and
 * what to do about it.
 */
export const DeliveryErrorName = {
  INVALID_DELIVERY_EVENT: 'InvalidDeliveryEvent',
  CALLBACK_URL_NOT_ALLOWED: 'CallbackUrlNotAllowed',
  CALLBACK_REFUSED: 'CallbackRefused',
  RESULT_EXPIRED: 'ResultExpired',
  RESULT_NOT_DELIVERABLE: 'ResultNotDeliverable',
  CALLBACK_UNAVAILABLE: 'CallbackUnavailable',
  CALLBACK_UNREACHABLE: 'CallbackUnreachable',
  DELIVERY_DEPENDENCY_FAILED: 'DeliveryDependencyFailed',
} as const;

export type DeliveryErrorName = typeof DeliveryErrorName[keyof typeof DeliveryErrorName];

/** Whether another attempt is made after an error, or cannot succeed. */
const OUTCOMES: Readonly<Record<DeliveryErrorName, 'retried' | 'final'>> = {
  InvalidDeliveryEvent: 'final',
  CallbackUrlNotAllowed: 'final',
  CallbackRefused: 'final',
  ResultExpired: 'final',
  ResultNotDeliverable: 'final',
  CallbackUnavailable: 'retried',
  CallbackUnreachable: 'retried',
  DeliveryDependencyFailed: 'retried',
};

/** Errors after which another attempt cannot succeed. */
export const FINAL_DELIVERY_ERRORS: readonly string[] = Object.values(DeliveryErrorName).filter((name) => OUTCOMES[name] === 'final');
