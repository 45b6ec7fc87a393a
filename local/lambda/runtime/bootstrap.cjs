'use strict';

/**
 * The process in which one function handles one invocation at a time, as the Lambda runtime would. It talks with `sandbox.ts`:
 * first `init`, answered by `ready` or `failure`; then any number of `invoke`, each answered by `success`, `failure` or `refusal`.
 */

const { install: installNetwork } = require('../../network/local-network.cjs');
const { replaceConsole } = require('./console.cjs');
const { RuntimeError, describe, describeRejection } = require('./errors.cjs');
const { load } = require('./handler.cjs');
const { install: installDate } = require('./virtual-date.cjs');

const send = process.send.bind(process);
// A handler on AWS has no parent process to talk with.
process.send = undefined;

const date = installDate();
const network = installNetwork();
let handler;
let requestId;

const steps = {
  async init({ taskRoot, handler: setting, logFormat }) {
    replaceConsole(logFormat, () => requestId, (line) => send({ kind: 'log', line }));
    handler = await load(taskRoot, setting);
    send({ kind: 'ready' });
  },

  async invoke({ event, context }) {
    requestId = context.awsRequestId;
    const result = handler(JSON.parse(event), contextOf(context));
    if (typeof result?.then !== 'function') {
      send({ kind: 'refusal', message: `${context.functionName}: the local cloud implements asynchronous handlers only` });
      return;
    }
    const payload = serialise(await result);
    send({ kind: 'success', payload, memoryBytes: process.memoryUsage.rss() });
  },
};

process.on('message', (message) => {
  date.set(message.now);
  network.use(message.network, message.loopbackPorts, message.place);
  steps[message.kind](message).catch((error) => {
    // Without its handler the process is of no use.
    if (message.kind === 'init') die(describe(error), 1);
    else fail(describe(error));
  });
});
process.on('disconnect', () => process.exit());
process.on('unhandledRejection', (reason) => die(describeRejection(reason), 128));
process.on('uncaughtException', (error) => die(describe(error), 129));

function fail(error) {
  console.error('Invoke Error \t%s', JSON.stringify(error));
  send({ kind: 'failure', error, fatal: false });
}

function die(error, exitCode) {
  send({ kind: 'failure', error, fatal: true }, () => process.exit(exitCode));
}

function serialise(result) {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (error) {
    throw new RuntimeError('JSONStringifyError', `Unable to stringify response body: ${error.message}`);
  }
}

function contextOf({ timeoutMilliseconds, ...context }) {
  const deadline = performance.now() + timeoutMilliseconds;
  return {
    callbackWaitsForEmptyEventLoop: true,
    ...context,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}
