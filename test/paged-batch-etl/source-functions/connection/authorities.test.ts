import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { createCertificates } from '../../../../local/http/certificates';
import { parseAuthorities, trustedAuthorities } from '../../../../src/paged-batch-etl/source-functions/connection/authorities';
import { outcomeOf } from '../harness';

const [first, second] = rootCertificates;

describe('who is trusted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'authorities-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is for Node to say, unless there is more to it', () => {
    expect(trustedAuthorities('mongo', [], { NODE_EXTRA_CA_CERTS: file('extra.pem', 'extra') })).toBeUndefined();
  });

  test('are those of the source, and those that Node trusts or is told to trust', () => {
    const environment = { NODE_EXTRA_CA_CERTS: file('extra.pem', 'extra') };
    expect(trustedAuthorities('mongo', ['own'], environment, file('runtime.pem', 'runtime'))).toEqual([...rootCertificates, 'own', 'extra']);
  });

  test('of a DocumentDB cluster are those of Amazon, too', () => {
    const authorities = trustedAuthorities('documentDb', [], {}, join(folder, 'none')) ?? [];
    expect(authorities).toEqual(expect.arrayContaining([...rootCertificates]));
    expect(authorities.map((certificate) => new X509Certificate(certificate).subject)).toContainEqual(
      expect.stringContaining('Amazon RDS eu-west-1 Root CA RSA2048 G1'),
    );
  });

  test('of a DocumentDB cluster are those that the runtime of Lambda has, too', () => {
    const authorities = trustedAuthorities('documentDb', [], { NODE_EXTRA_CA_CERTS: file('extra.pem', 'extra') }, file('runtime.pem', 'runtime'));
    expect(authorities).toEqual(expect.arrayContaining([first, 'extra', 'runtime']));
  });

  test('do not depend on a file that is not there, as with Node itself', () => {
    expect(trustedAuthorities('mongo', ['own'], { NODE_EXTRA_CA_CERTS: join(folder, 'none') })).toEqual([...rootCertificates, 'own']);
  });
});

describe('the certificates of a secret', () => {
  test.each([
    ['one', first],
    ['several', `${first}\n${second}\n`],
    ['with comments and the line ends of Windows', `# The first\n${first}\n\nSubject: the second\n${second}`.replaceAll('\n', '\r\n')],
  ])('are read: %s', (_what, pem) => {
    const subjects = [first, second].slice(0, pem.split('BEGIN').length - 1).map((certificate) => new X509Certificate(certificate).subject);
    expect(parseAuthorities(pem).map((certificate) => new X509Certificate(certificate).subject)).toEqual(subjects);
  });

  test('are nothing else', async () => {
    const { caPem, keyPem } = await createCertificates({ hosts: ['localhost'] });
    const lines = caPem.trim().split('\n');
    const texts = [
      'zqconfidential', JSON.stringify({ ca: caPem }), lines.slice(1, -1).join('\n'), lines.slice(0, -1).join('\n'), lines.slice(0, -2).concat(lines.slice(-1)).join('\n'),
      keyPem, `${caPem}\n${keyPem}`, `${caPem}\n${lines.slice(0, -1).join('\n')}`, caPem.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE'),
      '-----BEGIN CERTIFICATE-----\nzqconfidential\n-----END CERTIFICATE-----',
    ];
    const outcomes = await Promise.all(texts.map((text) => outcomeOf(() => parseAuthorities(text))));
    const refused = { name: 'ConnectionSecretInvalid', message: 'The secret of the certificate authority is not PEM text of certificates and nothing else' };
    expect(outcomes).toEqual(texts.map(() => refused));
  });
});
