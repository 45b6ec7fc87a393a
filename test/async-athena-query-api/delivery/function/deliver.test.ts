import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { NOW, outcomeOf, releasedCallback, releasedEvent, SECRET, serviceError, services } from './harness';
import { HOST, Receiver, status } from './receiver';
import { CallbackBody, LARGEST_FILES_BODY } from '../../../../src/async-athena-query-api/contracts/callback';
import {
  DELIVERY_CONTRACT, DeliveryEvent, DeliveryEvent1, DeliveryEvent4, OPTIONAL_CALLBACK_CONTRACT, RESULT_FORMAT_CONTRACT,
} from '../../../../src/async-athena-query-api/contracts/deliver';
import { DeliveryErrorName, FINAL_DELIVERY_ERRORS } from '../../../../src/async-athena-query-api/contracts/error-names';
import { deliver } from '../../../../src/async-athena-query-api/delivery/function/deliver';
import { LinkCloud } from '../../../../src/async-athena-query-api/delivery/function/link-session';
import { released, releasedNames } from '../../../support/released';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
});
beforeEach(() => receiver.reset());
afterAll(async () => receiver.stop());

const EVERY_END = [
  'succeeded', 'failed', 'cancelled', 'start-error', 'time-out', 'time-out-not-stopped', 'time-out-too-late', 'ctas', 'show-tables', 'show-functions',
];

describe.each([
  [1, EVERY_END], [DELIVERY_CONTRACT, EVERY_END], [OPTIONAL_CALLBACK_CONTRACT, ['succeeded', 'start-error']],
  [RESULT_FORMAT_CONTRACT, ['succeeded', 'start-error', 'unload', 'kind-not-said']],
])('released events of contract %i', (contract, known) => {
  const names = releasedNames('deliver', contract).filter((name) => name !== 'without-callback');

  test('none of them has gone missing', () => {
    expect(names).toEqual(expect.arrayContaining(known));
  });

  test.each(names)('%s is delivered as it always was', async (name) => {
    const event = released<DeliveryEvent | DeliveryEvent1>('deliver', contract, name);
    const result = await deliver(event, services(receiver.network));
    expect(receiver.requests).toHaveLength(1);
    const callback = releasedCallback(name, contract);
    expect(JSON.parse(receiver.requests[0].body)).toEqual(callback);
    // The output of the execution is the same without the link, and says where the result lies.
    const { QueryResult: _, ...Outcome } = callback;
    const { ResultConfiguration: { OutputLocation } = {} } = event.State.AthenaResult?.QueryExecution ?? {};
    expect(JSON.parse(JSON.stringify(result))).toEqual({ CallbackStatusCode: 200, Outcome, ...(Outcome.ResultKind === 'OBJECT' && { OutputLocation }) });
  });
});

test('without a callback URL nothing is sent, no link is made, and the answer says how the query ended', async () => {
  const attempt = services(receiver.network, { linkCloud: { assumeRole: () => Promise.reject(new Error('No link is asked for')) } });
  const answer = await deliver(released('deliver', OPTIONAL_CALLBACK_CONTRACT, 'without-callback'), attempt);
  expect(JSON.parse(JSON.stringify(answer))).toEqual(released('deliver', OPTIONAL_CALLBACK_CONTRACT, 'without-callback.answer'));
  expect(receiver.requests).toEqual([]);
  expect(JSON.parse(attempt.lines[0])).toMatchObject({ Outcome: 'NoCallback' });
  expect(JSON.parse(attempt.lines[0])).not.toHaveProperty('CallbackStatus');
});

describe('the request', () => {
  test('is a POST to the path and query of the URL, with the headers of the contract and no others', async () => {
    receiver.answer = status(204);
    await expect(deliver(releasedEvent('succeeded'), services(receiver.network))).resolves.toMatchObject({ CallbackStatusCode: 204 });
    const [{ requestLine, headers, body }] = receiver.requests;
    expect(requestLine).toBe('POST /athena?tenant=7 HTTP/1.1');
    expect(receiver.resolved).toEqual([HOST]);
    expect(headers).toEqual({
      // Only the tests' receiver is not on 443, the port that goes without saying.
      'host': `${HOST}:${receiver.port}`,
      'connection': 'close',
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'cdk-data-workflows',
      'webhook-id': releasedEvent('succeeded').QueryId,
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
    });
  });

  test('is verified by an independent implementation, with the time of the attempt', async () => {
    const now = Date.now();
    await deliver(releasedEvent('failed'), services(receiver.network, { now: () => now }));
    const [{ headers, body }] = receiver.requests;
    expect(new Webhook(SECRET).verify(body, headers)).toEqual(releasedCallback('failed'));
  });

  test('carries text beyond ASCII unharmed', async () => {
    const event = releasedEvent('start-error');
    const cause = 'Spalte „größe“ fehlt — 列 🦉';
    const changed = { ...event, State: { ...event.State, StartError: { Error: 'Athena.InvalidRequestException', Cause: cause } } };
    const now = Date.now();
    await deliver(changed, services(receiver.network, { now: () => now }));
    const [{ headers, body }] = receiver.requests;
    expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({ Reason: `Athena.InvalidRequestException: ${cause}` });
  });
});

describe('every attempt', () => {
  test('has a link, a timestamp and a signature of its own, and the same id', async () => {
    let now = NOW;
    const signed: string[] = [];
    const attempt = services(receiver.network, {
      now: () => now,
      linkCloud: {
        signGetObject: async (_credentials, _request, { signingDate }) => {
          signed.push(signingDate.toISOString());
          return 'https://link.example.com/';
        },
        assumeRole: async () => ({
          credentials: { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' }, expiration: new Date(now + 3_600_000),
        }),
      },
    });
    await deliver(releasedEvent('succeeded'), attempt);
    now += 60_000;
    await deliver(releasedEvent('succeeded'), attempt);
    const [first, second] = receiver.requests.map(({ headers }) => headers);
    expect(signed).toEqual(['2026-11-24T08:00:10.000Z', '2026-11-24T08:01:10.000Z']);
    expect(second['webhook-id']).toBe(first['webhook-id']);
    expect(Number(second['webhook-timestamp']) - Number(first['webhook-timestamp'])).toBe(60);
    expect(second['webhook-signature']).not.toBe(first['webhook-signature']);
  });
});

describe('no link is made', () => {
  test.each(['failed', 'cancelled', 'start-error', 'time-out', 'ctas'])('for %s', async (name) => {
    const never = async (): Promise<never> => {
      throw new Error('A link was made');
    };
    const attempt = services(receiver.network, { linkCloud: { assumeRole: never, headObject: never, signGetObject: never } });
    await deliver(releasedEvent(name), attempt);
    expect(JSON.parse(receiver.requests[0].body)).not.toHaveProperty('QueryResult');
  });

  test('when the callback URL is not allowed: no service is called at all', async () => {
    const calls: string[] = [];
    const attempt = services(receiver.network, {
      config: { callbackRules: { hosts: ['other.example.com'] } },
      readSecret: async (stage) => {
        calls.push(stage);
        return SECRET;
      },
      linkCloud: {
        assumeRole: async () => {
          calls.push('AssumeRole');
          throw new Error('unexpected');
        },
      },
    });
    expect((await outcomeOf(deliver(releasedEvent('succeeded'), attempt))).name).toBe(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
    expect([...calls, ...receiver.resolved]).toEqual([]);
  });
});

describe('a failing dependency is named, is retried, and nothing is sent', () => {
  const fails = (name: string, code: number) => async (): Promise<never> => {
    throw serviceError(name, code, 'User: arn:aws:sts::111122223333:assumed-role/x is not authorized on s3://results-bucket');
  };
  test.each([
    ['STS', { linkCloud: { assumeRole: fails('AccessDenied', 403) } }, 'STS AssumeRole failed (AccessDenied)'],
    ['S3', { linkCloud: { headObject: fails('SlowDown', 503) } }, 'S3 HeadObject failed (SlowDown)'],
    ['presigner', { linkCloud: { signGetObject: fails('CredentialsProviderError', 0) } }, 'S3 presigning failed (CredentialsProviderError)'],
    ['secret', { readSecret: fails('ThrottlingException', 400) }, 'SecretsManager GetSecretValue failed (ThrottlingException)'],
    ['previous secret', {
      readSecret: async (stage: string) => (stage === 'AWSCURRENT' ? SECRET : fails('AccessDeniedException', 400)()),
    }, 'SecretsManager GetSecretValue failed (AccessDeniedException)'],
    ['unusable secret', { readSecret: async () => 'dG9vIHNob3J0' }, 'The signing secret is not base64 text of 24 to 64 bytes'],
  ])('%s', async (_dependency, overrides, message) => {
    const attempt = services(receiver.network, overrides);
    const outcome = await outcomeOf(deliver(releasedEvent('succeeded'), attempt));
    expect(outcome).toEqual({ name: DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, message });
    expect(FINAL_DELIVERY_ERRORS).not.toContain(outcome.name);
    expect(receiver.requests).toEqual([]);
  });

  test('a bug is one too, and its message is swallowed', async () => {
    const outcome = await outcomeOf(deliver(releasedEvent('failed'), { ...services(receiver.network), now: failAfter(1) }));
    expect(outcome).toEqual({ name: DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, message: 'The delivery function failed (RangeError)' });
  });
});

/** A clock that breaks at the second look. */
function failAfter(looks: number): () => number {
  let count = 0;
  return () => {
    if (count++ === looks) throw new RangeError('Broken at https://receiver.example.com');
    return NOW;
  };
}

describe('the log', () => {
  test('has one line per delivery, with the id, the outcome and the class of the answer', async () => {
    const attempt = services(receiver.network);
    // Of contract 1, for which there are no metrics: those are in `delivery-line.test.ts`.
    const event = released<DeliveryEvent1>('deliver', 1, 'succeeded');
    await deliver(event, attempt);
    receiver.answer = status(503);
    await outcomeOf(deliver(event, attempt));
    await outcomeOf(deliver({ contract: 99 }, attempt));
    const { QueryId } = event;
    expect(attempt.lines.map((line) => JSON.parse(line))).toEqual([
      { QueryId, Outcome: 'Delivered', CallbackStatus: '2xx', DurationMilliseconds: 0 },
      { QueryId, Outcome: 'CallbackUnavailable', CallbackStatus: '5xx', DurationMilliseconds: 0 },
      { Outcome: 'InvalidDeliveryEvent', DurationMilliseconds: 0 },
    ]);
  });
});

describe('files', () => {
  const told = async (event: object, linkCloud: Partial<LinkCloud> = {}): Promise<CallbackBody> => {
    receiver.reset();
    await deliver(event, services(receiver.network, { linkCloud }));
    return JSON.parse(receiver.requests[0].body);
  };
  const unload = released<DeliveryEvent4>('deliver', RESULT_FORMAT_CONTRACT, 'unload');
  const ofCaller = { ...unload, Request: { Query: '' as const, CallbackUrl: unload.Request.CallbackUrl } };
  const manifestAt = (location: string) => {
    const event = structuredClone(ofCaller);
    Object.assign(event.State.AthenaResult?.QueryExecution.Statistics ?? {}, { DataManifestLocation: location });
    return event;
  };
  const gone = { readRange: () => Promise.reject(serviceError('NoSuchKey', 404)), listObjects: async () => ({}) };

  test('that a statement of the caller\'s wrote are those of Athena\'s list, without sizes', async () => {
    const readRange = async () => Buffer.from('s3://results-bucket/results/mine/a\ns3://sales-bucket/sales/b\n');
    expect((await told(ofCaller, { readRange })).QueryResult).toMatchObject({ Files: [{ PresignedUrl: 'https://link.example.com/results/mine/a?signed' }], FileCount: 2 });
  });

  test('of which nothing is known do not keep the callback back: the query has ended as it has', async () => {
    for (const location of ['s3://other-bucket/results/x-manifest.csv', 's3://results-bucket/results/another-manifest.csv', 'x']) {
      const { QueryResult, ...others } = await told(manifestAt(location));
      expect([QueryResult, others]).toEqual([undefined, expect.objectContaining({ ResultKind: 'FILES', State: expect.objectContaining({ State: 'SUCCEEDED' }) })]);
    }
    expect(await told(ofCaller, gone)).not.toHaveProperty('QueryResult');
  });

  test('that were asked for and are gone end the delivery', async () => {
    const attempt = services(receiver.network, { linkCloud: gone });
    expect((await outcomeOf(deliver(unload, attempt))).name).toBe(DeliveryErrorName.RESULT_EXPIRED);
    expect(receiver.requests).toEqual([]);
  });

  test('make no body larger than 256 KiB, whatever else it says', async () => {
    const upTo = (max: number) => fc.integer({ min: 0, max });
    await fc.assert(fc.asyncProperty(upTo(200_000), upTo(3_000), upTo(300), async (statistics, link, count) => {
      const event = structuredClone(unload);
      Object.assign(event.State.AthenaResult?.QueryExecution.Statistics ?? {}, { Notes: 'ä'.repeat(statistics / 2) });
      const Contents = Array.from({ length: count }, (_, index) => ({ Key: `results/${event.QueryId}/${String(index).padStart(5, '0')}`, Size: 1 }));
      const { QueryResult } = await told(event, { listObjects: async () => ({ Contents }), signGetObject: async () => `https://link.example.com/${'x'.repeat(link)}` });
      expect(Buffer.byteLength(receiver.requests[0].body)).toBeLessThanOrEqual(LARGEST_FILES_BODY);
      expect(QueryResult).toMatchObject({ FileCount: count });
    }), { numRuns: 20 });
  });
});

describe('where Athena does not say what a statement was', () => {
  const event = released<DeliveryEvent4>('deliver', RESULT_FORMAT_CONTRACT, 'kind-not-said');

  test('an object is looked for, and where there is none the query has left nothing', async () => {
    const listed: unknown[] = [];
    const attempt = services(receiver.network, {
      linkCloud: {
        listObjects: async (_credentials, request) => {
          listed.push(request);
          return {};
        },
      },
    });
    const answer = await deliver(event, attempt);
    expect(answer).toMatchObject({ Outcome: { ResultKind: 'NONE', State: { State: 'SUCCEEDED' } } });
    expect(answer).not.toHaveProperty('OutputLocation');
    expect(JSON.parse(receiver.requests[0].body)).not.toHaveProperty('QueryResult');
    expect(listed).toEqual([expect.objectContaining({ Bucket: 'results-bucket', Prefix: `results/${event.State.AthenaRequest?.QueryExecutionId}.csv`, MaxKeys: 1 })]);
  });

  test('what cannot be looked for is tried again', async () => {
    const attempt = services(receiver.network, { linkCloud: { listObjects: () => Promise.reject(serviceError('AccessDenied', 403)) } });
    expect(await outcomeOf(deliver(event, attempt))).toEqual({ name: DeliveryErrorName.DELIVERY_DEPENDENCY_FAILED, message: 'S3 ListObjectsV2 failed (AccessDenied)' });
  });

  test('what may have expired is not taken for nothing', async () => {
    const late = NOW + 15 * 86_400_000;
    const linkCloud = { listObjects: async () => ({}), headObject: () => Promise.reject(serviceError('Forbidden', 403)) };
    const attempt = services(receiver.network, { now: () => late, linkCloud });
    expect((await outcomeOf(deliver(event, attempt))).name).toBe(DeliveryErrorName.RESULT_EXPIRED);
  });
});
