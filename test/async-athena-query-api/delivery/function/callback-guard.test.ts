import { BlockList, isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import * as ipaddr from 'ipaddr.js';
import { outcomeOf } from './harness';
import { CallbackRules } from '../../../../src/async-athena-query-api/contracts/deliver';
import { DeliveryErrorName } from '../../../../src/async-athena-query-api/contracts/error-names';
import { checkAddresses, checkCallbackUrl } from '../../../../src/async-athena-query-api/delivery/function/callback-guard';

/** [why it is refused, the URL]. Every URL would be accepted, or mean something else, to a careless check. */
const HOSTILE: readonly (readonly [string, string])[] = [
  // Scheme
  ['not encrypted', 'http://example.com/'],
  ['another protocol', 'ftp://example.com/'],
  ['a local file', 'file:///etc/passwd'],
  ['no network at all', 'data:text/plain,hello'],
  ['code', 'javascript:alert(1)'],
  ['a socket protocol', 'wss://example.com/'],
  ['an old protocol that talks to anything', 'gopher://example.com:6379/_INFO'],
  ['no scheme', 'example.com/callback'],
  ['scheme of the page', '//example.com/callback'],
  ['no authority, yet URL makes example.com of it', 'https:example.com'],
  ['one slash', 'https:/example.com'],
  ['three slashes, yet URL makes example.com of it', 'https:///example.com'],
  ['backslashes for slashes', 'https:\\\\example.com\\a'],
  ['backslash ends the host for URL, not for others', 'https://example.com\\@127.0.0.1/'],
  ['nothing', ''],
  ['only a scheme', 'https://'],
  ['a query for a host', 'https://?example.com'],
  ['a fragment for a host', 'https://#example.com'],
  // Characters
  ['leading space', ' https://example.com/'],
  ['trailing newline', 'https://example.com/\n'],
  ['tab within the host, which URL drops', 'https://exa\tmple.com/'],
  ['newline within the path: header injection', 'https://example.com/\r\nX-Injected: 1'],
  ['NUL', 'https://example.com/\0'],
  ['DEL', 'https://example.com/\x7f'],
  ['fullwidth letters, which URL maps to ASCII', 'https://ｅxample.com/'],
  ['ideographic full stop', 'https://example。com/'],
  ['circled digits, which URL reads as 127.0.0.1', 'https://①②⑦.⓪.⓪.①/'],
  ['non-ASCII host', 'https://bücher.example.com/'],
  ['soft hyphen', 'https://local\u00adhost/'],
  ['right-to-left override', 'https://example.com/\u202emoc'],
  // User information
  ['user and password', 'https://user:secret@example.com/'],
  ['user only', 'https://user@example.com/'],
  ['empty user', 'https://@example.com/'],
  ['empty user and password', 'https://:@example.com/'],
  ['allowed host as a user name', 'https://example.com@127.0.0.1/'],
  ['encoded slash before the real host', 'https://example.com%2f@evil.example.net/'],
  ['two at signs', 'https://a@b@example.com/'],
  // Port
  ['plain HTTP port', 'https://example.com:80/'],
  ['another service', 'https://example.com:8443/'],
  ['port zero', 'https://example.com:0/'],
  ['port out of range', 'https://example.com:65536/'],
  ['port that is no number', 'https://example.com:4a3/'],
  ['negative port', 'https://example.com:-443/'],
  // IPv4 literals in every notation
  ['loopback', 'https://127.0.0.1/'],
  ['loopback, short', 'https://127.1/'],
  ['loopback as one number', 'https://2130706433/'],
  ['loopback, hexadecimal', 'https://0x7f000001/'],
  ['loopback, partly hexadecimal', 'https://0x7f.1/'],
  ['loopback, octal', 'https://0177.0.0.1/'],
  ['loopback with a trailing dot', 'https://127.0.0.1./'],
  ['loopback, percent-encoded', 'https://%31%32%37.0.0.1/'],
  ['instance metadata', 'https://169.254.169.254/latest/meta-data/'],
  ['container credentials', 'https://169.254.170.2/v2/credentials'],
  ['Lambda runtime API', 'https://127.0.0.1:9001/2018-06-01/runtime/invocation/next'],
  ['private network', 'https://10.0.0.1/'],
  ['any address', 'https://0.0.0.0/'],
  ['zero', 'https://0/'],
  ['a public address, which no certificate of a receiver names', 'https://8.8.8.8/'],
  ['number too large', 'https://4294967296/'],
  ['last label numeric', 'https://example.1/'],
  // IPv6 literals
  ['IPv6 loopback', 'https://[::1]/'],
  ['IPv6 any', 'https://[::]/'],
  ['IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/'],
  ['IPv4 in IPv6, hexadecimal', 'https://[::ffff:7f00:1]/'],
  ['IPv6 metadata', 'https://[fd00:ec2::254]/'],
  ['NAT64 of the metadata address', 'https://[64:ff9b::a9fe:a9fe]/'],
  ['link-local', 'https://[fe80::1]/'],
  ['link-local with zone', 'https://[fe80::1%25eth0]/'],
  ['public IPv6', 'https://[2606:4700::1111]/'],
  ['unbracketed IPv6', 'https://::1/'],
  // Names
  ['loopback name', 'https://localhost/'],
  ['loopback name, capitals', 'https://LOCALHOST/'],
  ['below the loopback name', 'https://foo.localhost/'],
  ['loopback name with a dot', 'https://localhost./'],
  ['loopback name, percent-encoded', 'https://%6cocalhost/'],
  ['a single label', 'https://metadata/'],
  ['multicast DNS', 'https://printer.local/'],
  ['AWS internal name', 'https://ip-10-0-0-1.ec2.internal/'],
  ['cloud metadata name', 'https://metadata.google.internal/'],
  ['home network', 'https://router.lan/'],
  ['home network by RFC', 'https://router.home.arpa/'],
  ['reverse zone', 'https://1.0.0.127.in-addr.arpa/'],
  ['old Unix habit', 'https://localhost.localdomain/'],
  ['corporate habit', 'https://wiki.corp/'],
  ['a reserved name alone', 'https://intranet/'],
  ['not in the DNS', 'https://abcdef.onion/'],
  ['trailing dot, which a list or a certificate does not know', 'https://example.com./'],
  ['internal name with trailing dot', 'https://db.internal./'],
  ['empty label', 'https://example..com/'],
  ['leading dot', 'https://.example.com/'],
  ['broken punycode', 'https://xn--/'],
  ['NUL in the host', 'https://example.com%00.evil.example.net/'],
  ['encoded space in the host', 'https://exam%20ple.com/'],
  // Length
  ['too long', `https://example.com/${'a'.repeat(2029)}`],
];

const refusal = (url: string, rules: CallbackRules = {}) => outcomeOf(Promise.resolve().then(() => checkCallbackUrl(url, rules)));

describe('a hostile callback URL', () => {
  test('stands in a table that has no entry twice', () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(60);
    expect(new Set(HOSTILE.map(([, url]) => url)).size).toBe(HOSTILE.length);
  });

  test.each(HOSTILE)('%s: %j', async (_why, url) => {
    expect((await refusal(url)).name).toBe(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
  });

  test.each(HOSTILE)('is refused with a list of hosts as well, %s: %j', async (_why, url) => {
    expect((await refusal(url, { hosts: ['localhost', '127.0.0.1', '[::1]', '*.internal', '*.com.'] })).name)
      .toBe(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
  });
});

test.each(['https://127.0.0.1/', 'https://0x7f.1/', 'https://[::1]/', 'https://[2606:4700::1111]/'])('%s is told to be an IP address', async (url) => {
  expect((await refusal(url)).message).toBe('The callback URL has an IP address for a host');
});

describe('a good callback URL', () => {
  test.each([
    ['https://example.com', 'https://example.com/'],
    ['https://example.com:443/a', 'https://example.com/a'],
    ['HTTPS://Example.COM/A?b=C&d=%20', 'https://example.com/A?b=C&d=%20'],
    ['https://a-b.c_d.example.co.uk/x', 'https://a-b.c_d.example.co.uk/x'],
    ['https://xn--bcher-kva.example.com/', 'https://xn--bcher-kva.example.com/'],
    ['https://internal.example.com/', 'https://internal.example.com/'],
    ['https://example.com/@user', 'https://example.com/@user'],
    ['https://example.com?x=@', 'https://example.com/?x=@'],
    ['https://example.com/http://127.0.0.1/', 'https://example.com/http://127.0.0.1/'],
    ['https://10.0.0.1.example.com/', 'https://10.0.0.1.example.com/'],
    [`https://example.com/${'a'.repeat(2028)}`, `https://example.com/${'a'.repeat(2028)}`],
  ])('%s', (text, meaning) => {
    expect(checkCallbackUrl(text, {}).href).toBe(meaning);
  });
});

describe('a list of hosts', () => {
  test.each([
    ['example.com', 'https://example.com/', true],
    ['example.com', 'https://EXAMPLE.com/', true],
    ['Example.com', 'https://example.com/', true],
    ['example.com', 'https://www.example.com/', false],
    ['example.com', 'https://notexample.com/', false],
    ['example.com', 'https://example.com.evil.net/', false],
    ['*.example.com', 'https://www.example.com/', true],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['*.example.com', 'https://example.com/', false],
    ['*.example.com', 'https://evilexample.com/', false],
    ['*.example.com', 'https://example.com.evil.net/', false],
    ['*.example.com', 'https://evil.net/.example.com', false],
    ['*.example.com', 'https://evil.net#.example.com', false],
  ])('%s and %s: %p', async (rule, url, allowed) => {
    expect((await refusal(url, { hosts: ['first.example.org', rule] })).name).toBe(allowed ? 'Delivered' : DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
  });

  test('that is empty lets nobody through', async () => {
    expect((await refusal('https://example.com/', { hosts: [] })).name).toBe(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
  });
});

describe('addresses of a host', () => {
  const check = (...addresses: string[]) => outcomeOf(Promise.resolve().then(() => checkAddresses(addresses, {})));

  test.each([
    '0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '169.254.170.2', '172.16.0.1', '172.31.255.255',
    '192.0.0.8', '192.0.2.1', '192.168.0.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255',
    '::', '::1', '::2', '::7f00:1', '::8.8.8.8', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '64:ff9b::a9fe:a9fe', '64:ff9b:1::a00:1', '100::1', '2001::1', '2001:db8::1',
    '2002:7f00:1::', '3fff::1', '4000::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '', 'example.com',
  ])('%s is not public', async (address) => {
    expect((await check(address)).name).toBe(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
    expect((await check('8.8.8.8', address)).name).toBe(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
    expect((await check(address, '2600::1')).message).toBe('The callback URL has a host with an address that is not public');
  });

  test.each(['8.8.8.8', '172.32.0.1', '192.167.255.255', '2600::1', '2a00:1450::200e'])('%s is', async (address) => {
    expect((await check(address)).name).toBe('Delivered');
  });
});

describe('listed private ranges', () => {
  const listed = ['10.20.0.0/16', '192.168.7.7/32', 'fd12::/16', '100.64.8.0/21'];
  const check = (privateAddresses: string[], ...addresses: string[]) => (
    outcomeOf(Promise.resolve().then(() => checkAddresses(addresses, { hosts: ['example.com'], privateAddresses })))
  );

  test.each([
    '10.20.0.0', '10.20.255.255', '::ffff:10.20.3.4', '::ffff:0a14:0304', '192.168.7.7', '100.64.15.255', 'fd12::1', 'fd12:ffff::1', 'FD12:0:0::7', '8.8.8.8', '2600::1',
  ])('let %s through', async (address) => {
    expect((await check(listed, address)).name).toBe('Delivered');
    expect((await check(listed, address, '10.20.1.1', 'fd12::2', '9.9.9.9')).name).toBe('Delivered');
  });

  test.each([
    '10.19.255.255', '10.21.0.0', '192.168.7.8', '100.64.16.0', 'fd13::1', 'fc12::1', '::ffff:10.21.0.1', '64:ff9b::a14:1', '2002:a14:1::', '::10.20.0.1',
    '127.0.0.1', '169.254.169.254', '169.254.100.1', '0.0.0.0', '224.0.0.1', '::', '::1', 'fe80::1', 'fd00:ec2::254', 'ff02::1', '', 'example.com',
  ])('do not let %s through', async (address) => {
    expect((await check(listed, address)).name).toBe(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
    expect((await check(listed, '10.20.1.1', address)).message).toBe('The callback URL has a host with an address that is neither public nor in a listed range');
  });

  // The construct refuses such ranges.
  test.each([
    ['0.0.0.0/0', '127.0.0.1'], ['0.0.0.0/0', '169.254.169.254'], ['0.0.0.0/0', '0.0.0.0'], ['0.0.0.0/0', '224.0.0.1'], ['127.0.0.0/8', '127.0.0.1'],
    ['169.254.0.0/16', '169.254.169.254'], ['::/0', '::1'], ['::/0', 'fe80::1'], ['::/0', '::'], ['::/0', 'fd00:ec2::254'], ['fd00::/8', 'fd00:ec2::254'],
    ['::/0', '64:ff9b::a9fe:a9fe'], ['::/0', '::ffff:127.0.0.1'], ['::ffff:0:0/96', '10.20.0.1'],
  ])('of %s do not reach %s', async (range, address) => {
    expect((await check([range], address)).name).toBe(DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED);
  });

  test('let an address through if it is in one of them and no other ever is, as BlockList of Node.js says', async () => {
    const blocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fd00::/8'];
    const special = [...blocks, '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '0.0.0.0/8', '::/127', 'fe80::/10', 'ff00::/8', 'fd00:ec2::/32', '8.8.0.0/16', '2600::/12'];
    const listOf = (ranges: readonly string[]) => {
      const list = new BlockList();
      for (const [address, prefix] of ranges.map((range) => range.split('/'))) list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
      return (address: string) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
    };
    const [isPublic, never] = [listOf(['8.8.0.0/16', '2600::/12']), listOf(['fd00:ec2::/32'])];
    let [inside, outside] = [0, 0];
    await fc.assert(fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom(...blocks).chain((block) => subnetOf(block)), { minLength: 1, maxLength: 4 }),
      fc.nat(),
      fc.constantFrom(...special).chain((block) => addressIn(block)),
      fc.boolean(),
      async (ranges, which, anywhere, mapped) => {
        // Half of them hit the ranges, or nearly.
        const [near] = fc.sample(addressIn(ranges[which % ranges.length]), { seed: which, numRuns: 1 });
        for (const address of [anywhere, near]) {
          const written = mapped && !isIPv6(address) ? `::ffff:${address}` : address;
          const allowed = isPublic(address) || (listOf(ranges)(address) && !never(address));
          if (allowed) inside++; else outside++;
          expect([address, ranges, (await check(ranges, written)).name]).toEqual([address, ranges, allowed ? 'Delivered' : DeliveryErrorName.CALLBACK_URL_NOT_ALLOWED]);
        }
      },
    ), { numRuns: 500 });
    expect(Math.min(inside, outside)).toBeGreaterThan(50);
  });
});

/** The bits of an address, by ipaddr.js. */
const bitsOf = (address: string) => ipaddr.parse(address).toByteArray().map((byte) => byte.toString(2).padStart(8, '0')).join('');
const addressOf = (bits: string) => ipaddr.fromByteArray((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))).toString();

/** An address with those first bits. */
function addressIn(range: string): fc.Arbitrary<string> {
  const [first, prefix] = range.split('/');
  const fixed = bitsOf(first).slice(0, Number(prefix));
  const length = bitsOf(first).length - fixed.length;
  return fc.array(fc.constantFrom('0', '1'), { minLength: length, maxLength: length }).map((others) => addressOf(fixed + others.join('')));
}

/** A range within that one, with its first address. */
function subnetOf(range: string): fc.Arbitrary<string> {
  const [first, text] = range.split('/');
  const [bits, prefix] = [bitsOf(first).length, Number(text)];
  return fc.tuple(addressIn(range), fc.integer({ min: prefix, max: Math.min(bits, prefix + 24) }))
    .map(([address, length]) => `${addressOf(bitsOf(address).slice(0, length).padEnd(bits, '0'))}/${length}`);
}
