import { request } from 'node:https';
import { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { outcomeOf, releasedEvent, SECRET, services } from './harness';
import { Answer, deadPort, HOST, PUBLIC_ADDRESS, raw, Receiver, status, toLoopback } from './receiver';
import { SlowAddress } from './slow-address';
import { DeliveryErrorName, FINAL_DELIVERY_ERRORS } from '../../../../src/async-athena-query-api/contracts/error-names';
import { deliver } from '../../../../src/async-athena-query-api/delivery/function/deliver';
import { Callback, CallbackNetwork, postCallback } from '../../../../src/async-athena-query-api/delivery/function/post-callback';

const { CALLBACK_REFUSED, CALLBACK_UNAVAILABLE, CALLBACK_UNREACHABLE, CALLBACK_URL_NOT_ALLOWED } = DeliveryErrorName;

const CALLBACK: Callback = { url: new URL(`https://${HOST}/path`), rules: {}, headers: { 'webhook-id': 'x' }, body: '{"a":1}', timeoutSeconds: 60 };
/** For what takes no less than the whole time. */
const SHORT = 0.15;

/** The time is up when the test says so. */
function stoppedTime(): { readonly asked: unknown[]; up(): void } {
  const deadline = new AbortController();
  const spy = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal);
  return { asked: spy.mock.calls, up: () => deadline.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')) };
}
afterEach(() => void jest.restoreAllMocks());

let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
});
beforeEach(() => receiver.reset());
afterAll(async () => receiver.stop());

const post = (network: Partial<CallbackNetwork> = {}, callback: Partial<Callback> = {}) =>
  outcomeOf(postCallback({ ...CALLBACK, ...callback }, { ...receiver.network, ...network }));

/** The class that the contract promises for a status. */
function promised(code: number): string {
  if (code >= 200 && code < 300) return 'Delivered';
  return (code >= 300 && code < 400) || [400, 410, 413, 415, 422].includes(code) ? CALLBACK_REFUSED : CALLBACK_UNAVAILABLE;
}

describe('status of the answer', () => {
  test.each([200, 201, 202, 204, 226, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 411, 413, 414,
    415, 418, 421, 422, 425, 426, 429, 431, 451, 499, 500, 502, 503, 504, 507, 599, 600, 999])('%d', async (code) => {
    receiver.answer = status(code, 'Location: https://elsewhere.example.com/\r\n');
    const { name, message } = await post();
    expect(name).toBe(promised(code));
    expect(message).toBe(name === 'Delivered' ? '' : `The receiver answered ${code}`);
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.resolved).toEqual([HOST]);
  });

  test('101 is no answer to a POST: retried', async () => {
    receiver.answer = raw('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(await post()).toEqual({ name: CALLBACK_UNAVAILABLE, message: 'The receiver answered 101' });
  });

  test('interim answers are passed over', async () => {
    receiver.answer = raw('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n');
    expect((await post()).name).toBe('Delivered');
  });
});

describe('what happens after the head of an answer changes nothing', () => {
  const head = (length: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
  test.each<[string, Answer]>([
    ['the body is huge', raw(head(50_000_000), Buffer.alloc(50_000_000))],
    ['the connection is reset within the body', (socket) => {
      socket.write(head(1000));
      setTimeout(() => socket.destroy(), 20);
    }],
    ['the body is shorter than it said', raw(head(1000), 'short')],
    ['the chunks are broken', raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', 'zz\r\nnonsense')],
    ['the compression is broken', raw('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n', 'abc')],
  ])('%s', async (_what, answer) => {
    receiver.answer = answer;
    expect((await post()).name).toBe('Delivered');
  });

  test('the body never ends', async () => {
    const time = stoppedTime();
    receiver.answer = (socket) => socket.write(head(1000));
    const untilHead: Partial<CallbackNetwork> = { request: (options) => receiver.network.request(options).once('response', () => setImmediate(time.up)) };
    expect((await post(untilHead, { timeoutSeconds: 2 })).name).toBe('Delivered');
    expect(time.asked).toEqual([[2_000]]);
  });

  test('no more than a few kilobytes of the body are taken', async () => {
    let poured = 0;
    receiver.answer = (socket) => {
      socket.write(head(1_000_000_000));
      const pour = () => {
        if (socket.destroyed) return;
        poured += 65_536;
        socket.write(Buffer.alloc(65_536), () => setImmediate(pour));
      };
      pour();
    };
    expect((await post()).name).toBe('Delivered');
    // What lies in the buffers between us is a few megabytes.
    expect(poured).toBeLessThan(50_000_000);
  });
});

describe('no answer', () => {
  test.each<[string, Answer, string]>([
    ['a reset', (socket) => socket.destroy(), 'ECONNRESET'],
    ['an end without a word', (socket) => socket.end(), 'ECONNRESET'],
    ['a hang', () => undefined, 'TIMEOUT'],
    ['a hang within the head', (socket) => socket.write('HTTP/1.1 200 OK\r\nA: b\r\n'), 'TIMEOUT'],
    ['garbage', raw('SSH-2.0-OpenSSH_9.6\r\n'), 'HPE_INVALID_CONSTANT'],
    ['a head without end', raw(`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(100_000)}`), 'HPE_HEADER_OVERFLOW'],
    ['a status that is no number', raw('HTTP/1.1 2x0 OK\r\n\r\n'), 'HPE_INVALID_STATUS'],
    ['interim answers for ever', (socket) => {
      const more = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 10);
      socket.on('close', () => clearInterval(more));
    }, 'TIMEOUT'],
  ])('%s is unreachable', async (_what, answer, code) => {
    receiver.answer = answer;
    expect(await post({}, code === 'TIMEOUT' ? { timeoutSeconds: SHORT } : {})).toEqual({
      name: CALLBACK_UNREACHABLE, message: `The receiver could not be reached (${code})`,
    });
  });

  test.each(['closes', 'refuses'] as const)('a port that %s is unreachable', async (kind) => {
    const dead = await deadPort(kind);
    const { name, message } = await post({ request: (options) => request({ ...options, port: dead.port, lookup: toLoopback }) });
    dead.stop();
    expect(name).toBe(CALLBACK_UNREACHABLE);
    expect(message).toBe(`The receiver could not be reached (${kind === 'refuses' ? 'ECONNREFUSED' : 'ECONNRESET'})`);
  });
});

describe('TLS', () => {
  test('a certificate of an unknown authority is refused, where the environment would let it pass', async () => {
    const outcome = await post({
      request: (options) => request({ rejectUnauthorized: false, ...options, port: receiver.port, lookup: toLoopback }),
    });
    expect(outcome).toEqual({ name: CALLBACK_UNREACHABLE, message: 'The receiver could not be reached (UNABLE_TO_VERIFY_LEAF_SIGNATURE)' });
    expect(receiver.requests).toEqual([]);
  });

  test('a certificate for another host is refused', async () => {
    const outcome = await post({}, { url: new URL('https://other.example.com/') });
    expect(outcome.message).toBe('The receiver could not be reached (ERR_TLS_CERT_ALTNAME_INVALID)');
    expect(receiver.requests).toEqual([]);
  });

  test('a receiver that speaks nothing newer than TLS 1.1 is not spoken to', async () => {
    const old = await Receiver.start({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    // The environment would let it pass: what stops it is the version that the function asks for.
    const lax = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1' } as const;
    const outcome = await outcomeOf(postCallback(CALLBACK, {
      ...old.network, request: (options) => old.network.request({ ...lax, ...options }),
    }));
    const unbounded = await outcomeOf(postCallback(CALLBACK, {
      ...old.network, request: (options) => old.network.request({ ...options, ...lax }),
    }));
    await old.stop();
    expect([outcome.name, unbounded.name]).toEqual([CALLBACK_UNREACHABLE, 'Delivered']);
  });
});

describe('name resolution', () => {
  test.each(['ENOTFOUND', 'EAI_AGAIN', 'ESERVFAIL'])('%s is retried', async (code) => {
    const resolve = async () => {
      throw Object.assign(new Error(`getaddrinfo ${code} ${HOST}`), { code, hostname: HOST });
    };
    expect(await post({ resolve })).toEqual({ name: CALLBACK_UNREACHABLE, message: `The receiver could not be reached (${code})` });
  });

  test('no address is retried', async () => {
    expect((await post({ resolve: async () => [] })).name).toBe(CALLBACK_UNREACHABLE);
  });

  test('a resolver that hangs is part of the time-out', async () => {
    const outcome = await post({ resolve: () => new Promise(() => setTimeout(() => undefined, 1000)) }, { timeoutSeconds: SHORT });
    expect(outcome.message).toBe('The receiver could not be reached (TIMEOUT)');
  });

  test.each([[['127.0.0.1']], [[PUBLIC_ADDRESS, '169.254.169.254']], [['fd00:ec2::254', PUBLIC_ADDRESS]]])('%j is final, and nothing connects', async (addresses) => {
    expect((await post({ resolve: async () => addresses })).name).toBe(CALLBACK_URL_NOT_ALLOWED);
    expect(receiver.requests).toEqual([]);
  });

  test('what connects is what was checked, though the name means something else a moment later', async () => {
    const answers = [[PUBLIC_ADDRESS, '2600::7'], ['127.0.0.1']];
    const offered: unknown[] = [];
    await post({
      resolve: async () => answers.shift() ?? [],
      request: (options) => {
        options.lookup?.(HOST, { all: true }, (_error, addresses) => offered.push(addresses));
        options.lookup?.(HOST, {}, (_error, address, family) => offered.push(address, family));
        return receiver.network.request(options);
      },
    });
    expect(offered).toEqual([[{ address: PUBLIC_ADDRESS, family: 4 }, { address: '2600::7', family: 6 }], PUBLIC_ADDRESS, 4]);
    expect(answers).toHaveLength(1);
  });
});

describe('a receiver with several addresses', () => {
  test.each([
    [15, 0, 1, 15_000], [15, 0, 2, 7_500], [15, 3, 4, 3_000], [30, 1, 8, 3_625], [1, 0, 3, 333], [1, 1, 2, 1],
  ])('of %d seconds, %d of them spent on the name, each of %d gets %d ms', async (timeoutSeconds, spent, count, share) => {
    const time = stoppedTime();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000_000);
    const given: unknown[] = [];
    const { name } = await post({
      resolve: async () => {
        clock.mockReturnValue(1_000_000 + spent * 1000);
        return Array.from({ length: count }, (_, index) => `203.0.114.${index + 1}`);
      },
      request: (options) => {
        given.push(options.autoSelectFamily, options.autoSelectFamilyAttemptTimeout);
        return receiver.network.request(options);
      },
    }, { timeoutSeconds });
    expect(name).toBe('Delivered');
    expect(given).toEqual([true, share]);
    expect(time.asked).toEqual([[timeoutSeconds * 1000]]);
  });

  // Other systems have no second loopback address.
  const onLinux = process.platform === 'linux' ? describe : describe.skip;
  if (process.platform !== 'linux') process.stderr.write('"on a real network" is skipped: it needs the loopback addresses of Linux\n');
  onLinux('on a real network', () => {
    let addresses: SlowAddress[];
    beforeEach(async () => {
      const first = await SlowAddress.start('127.0.0.2', receiver.port);
      addresses = [first, await SlowAddress.start('127.0.0.3', receiver.port, first.port)];
    });
    afterEach(async () => {
      await Promise.all(addresses.map((address) => address.stop()));
    });

    /** Posts to both addresses; the slow one, which is among them, begins to answer after it has been knocked at. */
    const postTo = async (slow: SlowAddress, timeoutSeconds: number) => {
      const attempted: string[] = [];
      stoppedTime();
      // Of the clock only the share is made. How long the network takes changes nothing.
      jest.spyOn(performance, 'now').mockReturnValue(0);
      const outcome = await post({
        resolve: async () => [PUBLIC_ADDRESS, '203.0.114.8'],
        request: (options) => {
          const both = addresses.map(({ host }) => ({ address: host, family: 4 }));
          const sent = request({
            ...options, port: slow.port, ca: receiver.ca, lookup: (_host, _options, callback) => setImmediate(() => callback(null, both)),
          });
          return sent.once('socket', (socket: Socket) => socket.on('connectionAttempt', (host: string) => {
            attempted.push(host);
            // Said before the first packet goes out.
            if (host === slow.host) setImmediate(() => slow.answerFromNowOn());
          }));
        },
      }, { timeoutSeconds });
      return { outcome, attempted };
    };

    test('is reached at the first, which takes a second to connect, though the other never answers', async () => {
      const { outcome, attempted } = await postTo(addresses[0], 120);
      expect(outcome.name).toBe('Delivered');
      expect(attempted).toEqual(['127.0.0.2']);
      expect(receiver.requests).toHaveLength(1);
    });

    test('is reached at the last, which takes a second to connect, when the first has never answered', async () => {
      const { outcome, attempted } = await postTo(addresses[1], 1);
      expect(outcome.name).toBe('Delivered');
      expect(attempted).toEqual(['127.0.0.2', '127.0.0.3']);
      expect(receiver.requests).toHaveLength(1);
    });
  });
});

type Behaviour = {
  readonly kind: string;
  /** Says when the time is up, if there is no other end. */
  readonly answer: (timeIsUp: () => void) => Answer;
  readonly allowed: readonly string[];
  readonly answers: boolean;
};

const headerText = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_/:.%='), maxLength: 200 });

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({ code: fc.integer({ min: 200, max: 999 }), location: headerText, body: fc.uint8Array({ maxLength: 20_000 }) }).map(
      ({ code, location, body }) => ({
        kind: `status ${code}`,
        answer: () => raw(`HTTP/1.1 ${code} X\r\nLocation: ${location}\r\nContent-Length: ${body.length}\r\n\r\n`, Buffer.from(body)),
        allowed: [promised(code)],
        answers: true,
      }),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 100, max: 199 }).map((code) => ({
      kind: `status ${code}`, answer: () => raw(`HTTP/1.1 ${code} X\r\n\r\n`), allowed: [CALLBACK_UNAVAILABLE, CALLBACK_UNREACHABLE], answers: true,
    })),
  },
  {
    weight: 5,
    // Bytes that do not start a response of HTTP.
    arbitrary: fc.uint8Array({ minLength: 1, maxLength: 5000 }).map((bytes) => ({
      kind: 'garbage', answer: () => raw('', Buffer.concat([Buffer.from([0]), bytes])), allowed: [CALLBACK_UNREACHABLE], answers: false,
    })),
  },
  {
    weight: 5,
    arbitrary: fc.integer({ min: 0, max: 16 }).map((length) => ({
      kind: `cut after ${length} bytes`, answer: () => raw('HTTP/1.1 200 OK\r\n'.slice(0, length)), allowed: [CALLBACK_UNREACHABLE], answers: false,
    })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Behaviour>(
      { kind: 'reset', answer: () => (socket) => socket.destroy(), allowed: [CALLBACK_UNREACHABLE], answers: false },
      { kind: 'hang', answer: (timeIsUp) => timeIsUp, allowed: [CALLBACK_UNREACHABLE], answers: false },
      { kind: 'huge', answer: () => raw('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(5_000_000)), allowed: ['Delivered'], answers: true },
      { kind: 'endless head', answer: () => raw(`HTTP/1.1 200 OK\r\n${'A: b\r\n'.repeat(20_000)}`), allowed: [CALLBACK_UNREACHABLE], answers: false },
    ),
  },
);

test('whatever the receiver does, a delivery has one outcome, and no result is given up unless the receiver refused it', async () => {
  await fc.assert(fc.asyncProperty(behaviour, async ({ answer, allowed, answers }) => {
    receiver.reset();
    const time = stoppedTime();
    receiver.answer = answer(time.up);
    const attempt = services(receiver.network, { now: () => Math.floor(Date.now() / 1000) * 1000 });
    const { name } = await outcomeOf(deliver(releasedEvent('succeeded'), attempt));

    expect(allowed).toContain(name);
    expect(attempt.lines.map((line) => JSON.parse(line).Outcome)).toEqual([name]);
    // The receiver was asked once, with the whole and signed result, however it answered.
    expect(receiver.requests).toHaveLength(1);
    expect(new Webhook(SECRET).verify(receiver.requests[0].body, receiver.requests[0].headers)).toHaveProperty('QueryResult');
    // Final without an answer would be a loss.
    if (FINAL_DELIVERY_ERRORS.includes(name)) expect(answers).toBe(true);
  }), { numRuns: 200 });
});
