/** Ranges of private addresses, as they are checked when the app is synthesised. */
import { Token } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import * as fc from 'fast-check';
import * as ipaddr from 'ipaddr.js';
import { CallbackPolicy } from '../../../src';
import { refusal } from '../../support/refusal';
import { deliveryEnvironment, synth } from '../../support/synth-queries';

const policy = (...privateAddresses: string[]) => CallbackPolicy.hosts({ hosts: ['hooks.example.com'], privateAddresses });

const BLOCKS = '10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, fc00::/7';
const every = (allowed: string, got: string, fix: string) => `every range in privateAddresses of CallbackPolicy.hosts must be ${allowed}, got "${got}"; ${fix}`;
const notPrivate = (range: string) => every(
  `within one of ${BLOCKS}`, range, 'public addresses are allowed anyhow; loopback, link-local and other special addresses never are',
);
const notApart = (range: string) => every(
  'apart from fd00:ec2::/32', range, 'AWS serves metadata and credentials there: list only the ranges that your receivers are in',
);
const notCidr = (range: string) => every('a range in CIDR notation', range, 'such as 10.20.0.0/16; a single address is a range too, such as 10.20.0.7/32');
const hostBits = (range: string, meant: string) => every('a range that is written with its first address', range, `if you mean all of the range, write ${meant}`);

test.each([
  ...[
    '', '10.20.0.0', '10.20.0.0/', '10.20.0.0/33', '10.20.0.0/08', '10.20.0.0/-8', '10.20.0.0/8.0', '10.20.0.0/255.255.0.0', '010.20.0.0/16', '10.20/16', '10.20.0.0/16 ',
    'fd12::', 'fd12::/129', 'fd12::1::/64', 'fd12/16', 'fe80::%eth0/10', 'intranet', '10.20.0.0-10.20.255.255', '*',
  ].map((range) => [range, notCidr(range)]),
  ...[
    ['10.20.0.1/16', '10.20.0.0/16'], ['10.20.0.0/8', '10.0.0.0/8'], ['192.168.1.1/31', '192.168.1.0/31'], ['fd12::1/16', 'fd12::/16'], ['FD12:3:4::/32', 'fd12:3::/32'],
    ['169.254.169.254/16', '169.254.0.0/16'], ['fd12:3::10.20.0.1/112', 'fd12:3::a14:0/112'],
  ].map(([range, meant]) => [range, hostBits(range, meant)]),
  ...[
    '0.0.0.0/0', '::/0', '8.0.0.0/7', '10.0.0.0/7', '8.8.8.0/24', '172.0.0.0/8', '172.32.0.0/16', '192.168.0.0/15', '192.0.0.0/24', '198.18.0.0/15', '127.0.0.0/8', '127.0.0.1/32',
    '169.254.0.0/16', '169.254.169.254/32', '0.0.0.0/32', '224.0.0.0/4', '255.255.255.255/32', '::1/128', '::/128', 'fe80::/10', 'ff00::/8', 'fc00::/6', '2600::/16', '2000::/3',
    '::ffff:10.20.0.0/112', '64:ff9b::/96', '2002:a14::/32',
  ].map((range) => [range, notPrivate(range)]),
  ...['fc00::/7', 'fd00::/8', 'fd00:ec2::/32', 'fd00:ec2::254/128', 'fd00:ec2:1::/48', 'fd00:0ec2::/31'].map((range) => [range, notApart(range)]),
])('%j is refused', (range, message) => {
  expect(() => policy(range)).toThrow(refusal(message));
  expect(() => policy('10.20.0.0/16', range)).toThrow(refusal(message));
});

test('a list has an entry, is known at synthesis, and has room beside the hosts', () => {
  expect(() => policy()).toThrow(refusal(
    'privateAddresses of CallbackPolicy.hosts must be a list of at least one range, got []; leave it out to allow public addresses only',
  ));
  for (const range of [[Token.asString({ Ref: 'Range' })], Token.asList({ Ref: 'Ranges' })]) {
    expect(() => policy(...range)).toThrow(refusal(
      'privateAddresses of CallbackPolicy.hosts must be known at synthesis, got "a token"; write the ranges out: they are checked, lest one opens more than was meant',
    ));
  }
  expect(() => policy(...Array.from({ length: 200 }, (_, index) => `10.20.${index}.0/24`))).toThrow(refusal(
    'privateAddresses of CallbackPolicy.hosts must be a list of up to 2500 characters together with the hosts, got "200 ranges of 3290 characters"; '
      + 'name neighbouring ranges together, such as 10.20.0.0/15',
  ));
});

test('the delivery function is told the ranges in lower case, each once', () => {
  const ranges = ['10.20.0.0/16', 'FD12::/16', 'fd12::/16', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '10.0.0.0/8', '10.20.0.7/32', 'fd00::/24', 'fd00:ec3::/32'];
  const { template } = synth((stack) => ({ callbackPolicy: policy(...ranges), deliveryNetwork: { vpc: new Vpc(stack, 'Vpc'), ipv6AllowedForDualStack: true } }));
  expect(JSON.parse(String(deliveryEnvironment(template).CALLBACK_RULES))).toEqual({
    hosts: ['hooks.example.com'], privateAddresses: [...new Set(ranges.map((range) => range.toLowerCase()))],
  });
});

test('a range is taken if it is private as ipaddr.js has it from its first address to its last, and has nothing of AWS in it', () => {
  const start = fc.oneof(
    fc.constantFrom('10.0.0.0', '172.16.0.0', '192.168.0.0', '100.64.0.0', '169.254.0.0', '127.0.0.0', 'fc00::', 'fd00::', 'fd00:ec2::', 'fe80::', '::'),
    fc.ipV4(), fc.ipV6(),
  ).map((address) => ipaddr.parse(address).toByteArray());
  let taken = 0;
  fc.assert(fc.property(start, fc.nat(128), fc.nat(15), fc.option(fc.nat(255)), (bytes, length, changed, value) => {
    const bits = bytes.length * 8;
    const prefix = Math.min(length, bits);
    const written = bytes.map((byte, index) => (index === changed % bytes.length ? value ?? byte : byte));
    const text = `${ipaddr.fromByteArray(written)}/${prefix}`;
    const family = bits === 32 ? ipaddr.IPv4 : ipaddr.IPv6;
    const [first, last] = [family.networkAddressFromCIDR(text), family.broadcastAddressFromCIDR(text)];
    const ec2 = ipaddr.IPv6.parseCIDR('fd00:ec2::/32');
    const isApart = bits === 32 || !(first.match(ec2) || ec2[0].match(ipaddr.parseCIDR(`${first}/${prefix}`)));
    const kinds = ['private', 'carrierGradeNat', 'uniqueLocal'];
    // 10.0.0.0/8, 172.16.0.0/12 and so on are far apart, so a range from one to another is one whose ends differ in the first byte.
    const isPrivate = [first, last].every((end) => kinds.includes(end.range())) && Math.abs(first.toByteArray()[0] - last.toByteArray()[0]) <= 1;
    const expected = isPrivate && isApart && first.toByteArray().join() === written.join();
    if (expected) taken++;
    const attempt = () => policy(text);
    if (expected) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(/^every range in privateAddresses of CallbackPolicy\.hosts must be /);
  }), { numRuns: 2000 });
  expect(taken).toBeGreaterThan(50);
});
