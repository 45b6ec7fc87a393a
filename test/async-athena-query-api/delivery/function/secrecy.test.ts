import * as fc from 'fast-check';
import { releasedEvent, serviceError, ServiceOverrides, services } from './harness';
import { Answer, Receiver, status } from './receiver';
import { DeliveryEvent } from '../../../../src/async-athena-query-api/contracts/deliver';
import { deliver } from '../../../../src/async-athena-query-api/delivery/function/deliver';
import { CallbackNetwork } from '../../../../src/async-athena-query-api/delivery/function/post-callback';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
});
afterAll(async () => receiver.stop());

/** Words that occur nowhere but where the test puts them. */
const word = fc.stringMatching(/^[a-z][a-z0-9]{11}$/).map((text) => `zq${text}`);

interface Words {
  readonly sql: string;
  readonly host: string;
  readonly path: string;
  readonly signed: string;
  readonly secret: string;
  readonly answer: string;
  readonly cloud: string;
}

const words: fc.Arbitrary<Words> = fc.uniqueArray(word, { minLength: 7, maxLength: 7 }).map(([sql, host, path, signed, secret, answer, cloud]) => (
  { sql, host, path, signed, secret, answer, cloud }
));

interface Situation {
  readonly event?: (event: DeliveryEvent, words: Words) => unknown;
  readonly overrides?: (words: Words) => ServiceOverrides;
  readonly network?: (words: Words) => Partial<CallbackNetwork>;
  readonly answer?: (words: Words) => Answer;
}

const throws = (text: string, name = 'AccessDenied') => async (): Promise<never> => {
  throw Object.assign(serviceError(name, 400, `Denied: ${text}`), { input: text, hostname: text, $response: { body: text } });
};

/** Every way in which a delivery ends, with the secrets placed where they are in life. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  'delivered': {},
  'refused': { answer: (is) => status(410, `X-Echo: ${is.answer}\r\n`, is.answer) },
  'redirected': { answer: (is) => status(302, `Location: https://${is.answer}.example.com/\r\n`) },
  'unavailable': { answer: (is) => status(503, '', is.answer) },
  'garbage': { answer: (is) => (socket) => socket.end(is.answer) },
  'certificate of another': { network: () => ({ request: (options) => receiver.network.request({ ...options, hostname: 'other.example.com' }) }) },
  'name unknown': { network: (is) => ({ resolve: throws(is.host, 'Error') }) },
  'name internal': { network: () => ({ resolve: async () => ['10.0.0.1'] }) },
  'url not allowed': { overrides: () => ({ config: { callbackRules: { hosts: ['example.org'] } } }) },
  'url with a password': { event: (event, is) => withUrl(event, `https://user:${is.secret}@${is.host}.example.com/`) },
  'url malformed': { event: (event, is) => withUrl(event, `https://${is.host}..example.com:99999/${is.path}`) },
  'url of another port': { event: (event, is) => withUrl(event, `https://${is.host}.example.com:8443/${is.path}`) },
  'role denied': { overrides: (is) => ({ linkCloud: { assumeRole: throws(is.cloud) } }) },
  'result gone': { overrides: (is) => ({ linkCloud: { headObject: async () => Promise.reject(serviceError('NotFound', 404, is.cloud)) } }) },
  'head failed': { overrides: (is) => ({ linkCloud: { headObject: throws(is.cloud, is.cloud) } }) },
  'presigning failed': { overrides: (is) => ({ linkCloud: { signGetObject: throws(is.signed) } }) },
  'secret denied': { overrides: (is) => ({ readSecret: throws(is.secret) }) },
  'secret unusable': { overrides: (is) => ({ readSecret: async () => is.secret }) },
  'result of another': { event: (event, is) => withLocation(event, `s3://results-bucket/${is.path}/a.csv`) },
  'event with more': { event: (event, is) => ({ ...event, [is.sql]: is.sql }) },
  'event without state': { event: (event, is) => ({ ...event, State: is.sql }) },
  'id not allowed': { event: (event, is) => ({ ...event, QueryId: `a.${is.sql}` }) },
  'contract unknown': { event: (event, is) => ({ ...event, contract: is.sql }) },
};

function withUrl(event: DeliveryEvent, CallbackUrl: string): DeliveryEvent {
  return { ...event, Request: { ...event.Request, CallbackUrl } };
}

function withLocation(event: DeliveryEvent, OutputLocation: string): DeliveryEvent {
  const { AthenaResult } = event.State;
  if (AthenaResult === undefined) throw new Error('The fixture has no result');
  const QueryExecution = { ...AthenaResult.QueryExecution, ResultConfiguration: { OutputLocation } };
  return { ...event, State: { ...event.State, AthenaResult: { QueryExecution } } };
}

const outcomes = new Set<string>();

describe('neither what is thrown nor what is logged says what was asked, where to, or what came of it', () => {
  test.each(Object.entries(SITUATIONS))('%s', async (_what, situation) => {
    await fc.assert(fc.asyncProperty(words, async (is) => {
      receiver.reset();
      receiver.answer = situation.answer?.(is) ?? status(200, `X-Echo: ${is.answer}\r\n`, is.answer);
      const released = releasedEvent('succeeded');
      const event = withUrl(released, `https://${is.host}.example.com/${is.path}?token=${is.secret}`);
      const network = {
        ...receiver.network,
        // The certificate is for one host only, and the words make another every time.
        request: (options) => receiver.network.request({ ...options, hostname: 'receiver.example.com' }),
        ...situation.network?.(is),
      } satisfies CallbackNetwork;
      const attempt = services(network, {
        linkCloud: { signGetObject: async () => `https://link.example.com/?X-Amz-Signature=${is.signed}` }, ...situation.overrides?.(is),
      });

      const thrown = await deliver(situation.event?.(event, is) ?? event, attempt).catch((error: unknown) => error);
      const shown = [
        ...attempt.lines, JSON.stringify(thrown), String(thrown), thrown instanceof Error ? thrown.stack : '', JSON.stringify(Object.entries(thrown ?? {})),
      ].join('\n');
      for (const secret of Object.values(is)) expect(shown).not.toContain(secret);
      expect(attempt.lines).toHaveLength(1);
      outcomes.add(JSON.parse(attempt.lines[0]).Outcome);
    }), { numRuns: 10 });
  });

  test('and all of that was about every way a delivery can end', () => {
    expect([...outcomes].sort()).toEqual([
      'CallbackRefused', 'CallbackUnavailable', 'CallbackUnreachable', 'CallbackUrlNotAllowed', 'Delivered', 'DeliveryDependencyFailed',
      'InvalidDeliveryEvent', 'ResultExpired', 'ResultNotDeliverable',
    ]);
  });
});
