/**
 * Settings of every AWS client of a handler: a call that hangs must not use up the time of what the handler is for. Three attempts, with the
 * SDK's jittered pauses, end within twelve seconds.
 *
 * Plain options and no handler object, so that the SDK chooses its own: the runtime of Lambda offers `@aws-sdk/*` but nothing beneath it.
 */
export const SDK_BOUNDS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, socketTimeout: 3_000, throwOnRequestTimeout: true },
};
