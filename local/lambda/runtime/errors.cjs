'use strict';

const { types: { isNativeError } } = require('node:util');

/** An error of the runtime rather than of the handler; its name is what callers see as `errorType`. */
class RuntimeError extends Error {
  constructor(name, message) {
    super(message);
    this.name = `Runtime.${name}`;
  }
}

/** Whatever was thrown, in the shape of a failed invocation's payload. */
function describe(thrown) {
  if (!isNativeError(thrown) && !(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

/** A promise rejected with nobody listening: the runtime wraps the reason. */
function describeRejection(reason) {
  const error = new RuntimeError('UnhandledPromiseRejection', String(reason));
  return { ...describe(error), reason: describe(reason), promise: {} };
}

module.exports = { RuntimeError, describe, describeRejection };
