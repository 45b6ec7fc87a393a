import * as fc from 'fast-check';
import { CallbackPolicy } from '../../../src';
import { callbackUrlPattern, deliveryEnvironment, synth } from '../../support/synth-queries';
import { only } from '../../support/template';

const publicHosts = synth();
const someHosts = synth(() => ({ callbackPolicy: CallbackPolicy.hosts({ hosts: ['Hooks.Example.com', '*.example.org', 'hooks.example.com'] }) }));
const [anyPublic, listed] = [publicHosts, someHosts].map(({ template }) => callbackUrlPattern(template));

/** Refused under every policy; each would reach `hooks.example.com` or an address if it were not. */
const NEVER = [
  '', 'hooks.example.com', '//hooks.example.com/x', 'http://hooks.example.com/x', 'ftp://hooks.example.com/x', 'https:/hooks.example.com/x',
  'https:hooks.example.com', ' https://hooks.example.com/x', 'https://hooks.example.com/x ', 'https://hooks.example.com/x y', 'https://hooks.example.com/\n',
  'https://hooks.example.com/\u00e4', 'https://hooks.example.com:80/x', 'https://hooks.example.com:4433/x', 'https://hooks.example.com:/x',
  'https://hooks.example.com:0443/x', 'https://user@hooks.example.com/x', 'https://user:pass@hooks.example.com/x', 'https://@hooks.example.com/x',
  'https://evil.example.net@hooks.example.com', 'https://hooks.example.com\\@evil.example.net/x', 'https://hooks.example.com\\.evil.example.net/x',
  'https://hooks.example.com%2eevil.example.net/x', 'https://hooks.example.com%00.evil.example.net/x', 'https://hooks%2eexample.com/x',
  'https://hooks.example.com./x', 'https://hooks..example.com/x', 'https://.example.com/x', 'https://-hooks.example.com/x', 'https://hooks-.example.com/x',
  'https://hooks_.example.com/x', 'https://h\u00f6oks.example.com/x', 'https://hooks\u3002example\u3002com/x', 'https://\uff48ooks.example.com/x',
  // Allowed by no standard, and read as a slash by some.
  'https://hooks.example.com/a\\b', 'https://hooks.example.com?a\\b', 'https://hooks.example.com#\\', 'https://hooks.example.com\\x',
  'https://localhost/x', 'https://internal/x', 'https:///x', 'https://?x', `https://${'a'.repeat(64)}.example.com/x`,
];

const ADDRESSES = [
  '127.0.0.1', '10.0.0.1', '169.254.169.254', '8.8.8.8', '127.1', '0x7f.0.0.1', '0x7f000001', '2130706433', '017700000001', '0177.0.0.1', '1.2.3.0x4',
  '[::1]', '[::ffff:127.0.0.1]', '[fe80::1%25eth0]', '::1',
];

const LOOK_ALIKES = [
  'https://evil.example.net/x', 'https://hooks.example.com.evil.example.net/x', 'https://evil-hooks.example.com/x', 'https://hooksXexample.com/x',
  'https://hooks.example.comm/x', 'https://hooks.example.co/x', 'https://sub.hooks.example.com/x', 'https://example.com/x', 'https://example.org/x',
  'https://evilexample.org/x', 'https://a.example.org.evil.example.net/x', 'https://evil.example.net/hooks.example.com', 'https://evil.example.net?hooks.example.com',
  'https://evil.example.net#.example.org', 'https://xn--hoks-5qa.example.com/x',
];

describe('any public host', () => {
  test.each([
    'https://hooks.example.com', 'https://hooks.example.com/', 'https://hooks.example.com:443/x?y=z#w', 'https://hooks.example.com?x=1',
    'HTTPS://HOOKS.EXAMPLE.COM/X', 'https://a.b.c.example.co.uk/x', 'https://xn--hks-4na.example.com/', 'https://1.example.com/', 'https://3com.example/x',
    `https://${'a'.repeat(63)}.example.com/`, 'https://hooks.example.com/a@b:c/~%20\'"<>{}|^`', 'https://hooks.example.com/![]_\x7e',
  ])('accepts %j', (url) => expect(anyPublic.test(url)).toBe(true));

  test.each([...NEVER, ...ADDRESSES.map((address) => `https://${address}/x`)])('refuses %j', (url) => expect(anyPublic.test(url)).toBe(false));

  test('is no list for the delivery function', () => expect(deliveryEnvironment(publicHosts.template).CALLBACK_RULES).toBe('{}'));
});

describe('listed hosts', () => {
  test.each([
    'https://hooks.example.com/x', 'https://HOOKS.example.COM:443', 'hTTps://hooks.example.com?x', 'https://a.example.org/x', 'https://A.B.EXAMPLE.ORG/x',
  ])('accept %j', (url) => expect(listed.test(url)).toBe(true));

  test.each([...NEVER, ...LOOK_ALIKES, ...ADDRESSES.map((address) => `https://${address}/x`)])('refuse %j', (url) => expect(listed.test(url)).toBe(false));

  test('are listed for the delivery function in lower case, each once', () => {
    expect(JSON.parse(String(deliveryEnvironment(someHosts.template).CALLBACK_RULES))).toEqual({ hosts: ['hooks.example.com', '*.example.org'] });
  });

  test('are deployed when they change', () => {
    const deployment = (hosts: string[]) => only(synth(() => ({ callbackPolicy: CallbackPolicy.hosts({ hosts }) })).template, 'AWS::ApiGateway::Deployment').id;
    expect(deployment(['a.example.com'])).not.toBe(deployment(['b.example.com']));
  });
});

test('whatever a pattern accepts, a URL parser sends to the host that was meant, on port 443, without user info', () => {
  const piece = fc.constantFrom(
    'https://', 'hooks', '.', 'example', 'com', 'org', 'evil', '@', ':', '443', '80', '/', '\\', '?', '#', '%2e', '-', '[', ']', '\t', '1', 'X', '\u3002',
  );
  const url = fc.array(piece, { maxLength: 8 }).map((pieces) => `https://${pieces.join('')}`);
  let accepted = 0;
  fc.assert(fc.property(fc.oneof(url, url.map((text) => text.replace('https://', 'https://hooks.example.com'))), (text) => {
    for (const pattern of [anyPublic, listed]) {
      if (!pattern.test(text)) continue;
      accepted++;
      const { protocol, hostname, port, username, password } = new URL(text);
      expect({ protocol, port, username, password }).toEqual({ protocol: 'https:', port: '', username: '', password: '' });
      expect(hostname).toMatch(pattern === listed ? /^(hooks\.example\.com|.+\.example\.org)$/ : /^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/);
    }
  }), { numRuns: 3000, seed: 7 });
  expect(accepted).toBeGreaterThan(100);
});
