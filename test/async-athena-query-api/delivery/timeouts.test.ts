import { globalAgent } from 'node:https';
import { getDefaultAutoSelectFamilyAttemptTimeout, Socket } from 'node:net';
import { outcomeOf } from './function/harness';
import { HOST, Receiver } from './function/receiver';
import { CallbackRequest, postCallback } from '../../../src/async-athena-query-api/delivery/function/post-callback';
import { SDK_BOUNDS } from '../../../src/private/runtime/sdk-bounds';
import { deliveryEnvironment, synth } from '../../support/synth-queries';
import { definitionOf, only } from '../../support/template';

/**
 * Every time-out of a delivery, in seconds, from the outermost in. Each holds those below it, so that it is the innermost that ends what hangs.
 *
 * One is not ours to set: the resolver of the system asks a name server twice, 5 seconds each time, and then says `EAI_AGAIN`, which is retried.
 */
const TIMEOUTS = {
  task: 70,
  function: 60,
  callback: 15,
  // AWS calls: the secret, the session, the head of the object, each with all its attempts and the pauses between them.
  awsCalls: 3 * 12,
};

describe('time-outs of a delivery', () => {
  test('of the workflow and the function', () => {
    const { template } = synth();
    expect(definitionOf(template).States['Deliver Result']).toMatchObject({ TimeoutSeconds: TIMEOUTS.task });
    expect(only(template, 'AWS::Lambda::Function', 'Delivery').Properties).toMatchObject({ Timeout: TIMEOUTS.function });
    expect(deliveryEnvironment(template)).toMatchObject({ CALLBACK_TIMEOUT_SECONDS: String(TIMEOUTS.callback) });
    expect(TIMEOUTS.callback + TIMEOUTS.awsCalls).toBeLessThan(TIMEOUTS.function);
  });

  test('of calls to AWS', () => {
    expect(SDK_BOUNDS).toEqual({
      maxAttempts: 3,
      // All of them are said, for some clients have a time-out of their own for a socket that is silent.
      requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, socketTimeout: 3_000, throwOnRequestTimeout: true },
    });
  });

  describe('of the connection to a receiver', () => {
    let receiver: Receiver;
    beforeAll(async () => {
      receiver = await Receiver.start();
    });
    afterAll(async () => receiver.stop());

    test('are the deadline and the share of an address in it; none of Node.js is shorter', async () => {
      const requests: CallbackRequest[] = [];
      const sockets: Socket[] = [];
      const callback = { url: new URL(`https://${HOST}/`), rules: {}, headers: {}, body: '{}', timeoutSeconds: TIMEOUTS.callback };
      const { name } = await outcomeOf(postCallback(callback, {
        ...receiver.network,
        request: (options) => {
          requests.push(options);
          return receiver.network.request(options).once('response', ({ socket }) => sockets.push(socket));
        },
      }));
      expect(name).toBe('Delivered');

      // What Node.js does unless told otherwise would end a delivery before its deadline.
      expect(getDefaultAutoSelectFamilyAttemptTimeout()).toBeLessThan(TIMEOUTS.callback * 1000);
      expect(globalAgent.options).toHaveProperty('timeout', 5_000);

      const [{ agent, timeout, autoSelectFamilyAttemptTimeout, signal }] = requests;
      expect({ agent, timeout, autoSelectFamilyAttemptTimeout, signal }).toEqual({
        agent: false, timeout: undefined, autoSelectFamilyAttemptTimeout: expect.any(Number), signal: expect.any(AbortSignal),
      });
      // Neither the agent nor anybody else has given the socket one: 0 and undefined are none.
      expect(sockets.map((socket) => socket.timeout ?? 0)).toEqual([0]);
    });
  });
});
