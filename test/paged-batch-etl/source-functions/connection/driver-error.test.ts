import * as fc from 'fast-check';
import { MongoAPIError, MongoError, MongoInvalidArgumentError, MongoNetworkError, MongoNetworkTimeoutError, MongoParseError, MongoServerError } from 'mongodb';
import { RETRIED_SOURCE_ERRORS } from '../../../../src/paged-batch-etl/contracts/error-names';
import { asSourceError, breaksConnection, isAuthenticationFailure } from '../../../../src/paged-batch-etl/source-functions/connection/driver-error';

const server = (code: number, message = 'Told by the server', more: object = {}) => new MongoServerError({ code, message, codeName: 'SomeName', ...more });

const coded = (code: string) => Object.assign(new Error(`connect ${code} 10.0.0.1`), { code });

describe('what passes by itself is tried again', () => {
  test.each<[string, unknown, string, string]>([
    ['a network error', new MongoNetworkError('10.0.0.1 closed'), 'SourceUnavailable', 'The source could not be reached (MongoNetworkError)'],
    ['its cause', new MongoNetworkError('10.0.0.1', { cause: coded('ECONNRESET') }), 'SourceUnavailable', 'The source could not be reached (ECONNRESET)'],
    ['no answer', new MongoNetworkTimeoutError('10.0.0.1'), 'SourceTimedOut', 'The source took too long (no answer)'],
    ['a seed list that cannot be looked up', coded('ESERVFAIL'), 'SourceUnavailable', 'The source could not be reached (ESERVFAIL)'],
    ['a primary that steps down', server(189), 'SourceUnavailable', 'The source gave up (SomeName, code 189)'],
    ['a chunk that moves to another shard', server(272), 'SourceUnavailable', 'The source gave up (SomeName, code 272)'],
    ['a capped collection that is overwritten', server(136), 'SourceUnavailable', 'The source gave up (SomeName, code 136)'],
    ['a label of newer servers', server(4_711, '', { errorLabels: ['SystemOverloadedError'] }), 'SourceUnavailable', 'The source gave up (SomeName, code 4711)'],
    ['the end of its time', server(50), 'SourceTimedOut', 'The source took too long (SomeName, code 50)'],
  ])('%s', (_what, thrown, expected, message) => {
    const error = asSourceError(thrown);
    expect(error.name).toBe(expected);
    expect(error.message).toContain(message);
    expect(RETRIED_SOURCE_ERRORS).toContain(error.name);
  });
});

describe('what does not is final', () => {
  test.each<[string, unknown, string]>([
    ['a code that is not known', server(4_711), 'The source refused (SomeName, code 4711)'],
    ['an answer without a code', new MongoServerError({ message: 'x' }), 'The source refused (no code)'],
    ['a certificate', new MongoNetworkError('x', { cause: coded('CERT_HAS_EXPIRED') }), 'The certificate of the source is not trusted (CERT_HAS_EXPIRED)'],
    ['another name in it', new MongoNetworkError('x', { cause: coded('ERR_TLS_CERT_ALTNAME_INVALID') }), 'not trusted (ERR_TLS_CERT_ALTNAME_INVALID)'],
    ['how the driver was called', new MongoInvalidArgumentError('x'), 'The source could not be read (MongoInvalidArgumentError)'],
    ['a bug', new TypeError('x'), 'The source could not be read (TypeError)'],
    ['nothing', undefined, 'The source could not be read'],
  ])('%s', (_what, thrown, message) => {
    const error = asSourceError(thrown);
    expect(error.name).toBe('SourceRefused');
    expect(error.message).toContain(message);
    expect(RETRIED_SOURCE_ERRORS).not.toContain(error.name);
  });
});

test('whatever was thrown, its words are not shown', () => {
  const word = fc.stringMatching(/^zq[a-z]{8}$/);
  const kinds: ReadonlyArray<(is: string, code: number) => unknown> = [
    (is, code) => new MongoServerError({ code, message: `unknown thing ${is}: { a: "$${is}" } at ${is}:27017`, codeName: 'BadValue', errmsg: is }),
    (is, code) => new MongoServerError({ code, message: is, codeName: `is ${is}` }),
    (is, code) => new MongoServerError({ code, message: `Tree: a $eq "$${is}" unknown operator: $${is}` }),
    (is) => new MongoNetworkError(`connection 1 to ${is}:27017 closed`),
    (is) => new MongoAPIError(is),
    (is) => new MongoParseError(`mongodb://user:${is}@host`),
    (is) => Object.assign(new Error(is), { code: is, name: is }),
    (is) => is,
  ];
  fc.assert(fc.property(word, fc.constantFrom(2, 9, 13, 18, 26, 27, 50, 189, 8_000, 4_711), fc.constantFrom(...kinds), (is, code, kind) => {
    expect(asSourceError(kind(is, code)).message).not.toContain(is);
  }));
});

test('authentication fails in the way of each vendor', () => {
  expect([server(18), server(8_000, 'bad auth : authentication failed'), server(8_000, 'other'), server(13), new MongoNetworkError('auth')].map(isAuthenticationFailure))
    .toEqual([true, true, false, false, false]);
});

test('only what is not an answer breaks a connection', () => {
  expect([new MongoNetworkError('x'), new MongoError('x'), server(11_600), new TypeError('x')].map(breaksConnection)).toEqual([true, true, false, false]);
});
