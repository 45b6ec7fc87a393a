import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, Server } from 'node:http';
import { AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificates } from '../../../local/http/certificates';
import { FunctionConfiguration } from '../../../local/lambda/function-configuration';
import { LocalNetwork } from '../../../local/network/local-network';
import { Receiver } from '../../../local/network/receiver';
import { Fixture } from '../lambda/fixtures';

const HOST = 'receiver.example.com';
const ADDRESS = '93.184.216.34';

/** Functions of a handler under test; each test names one in its event. */
const HANDLER = `
  const dns = require('node:dns'); const https = require('node:https'); const http = require('node:http'); const net = require('node:net');
  const post = (url, options = {}) => new Promise((resolve, reject) => {
    const request = https.request(url, { method: 'POST', agent: false, ...options }, (response) => {
      const { remoteAddress, remotePort } = response.socket;
      response.resume().on('end', () => resolve({ status: response.statusCode, remoteAddress, remotePort })).on('error', reject);
    });
    request.on('error', reject).end('{"a":1}');
  });
  const connect = (options) => new Promise((resolve, reject) => {
    const socket = net.connect(options, () => { socket.destroy(); resolve('connected'); }).on('error', reject);
  });
  const actions = {
    post: ({ url }) => post(url),
    postGuarded: ({ url, forbidden }) => post(url, { lookup: (name, options, done) => dns.lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error);
      if (found.some(({ address }) => forbidden.includes(address))) return done(new Error('guarded'));
      return options.all ? done(null, found) : done(null, found[0].address, found[0].family);
    }) }),
    postToAddress: ({ address }) => post('https://' + address + '/', { servername: '${HOST}', headers: { host: '${HOST}' } }),
    fetch: async ({ url }) => (await fetch(url, { method: 'POST', body: 'x' })).status,
    get: ({ url }) => new Promise((resolve, reject) => http.get(url, (r) => r.resume().on('end', () => resolve(r.statusCode))).on('error', reject)),
    connect: ({ options }) => connect(options),
    lookups: async ({ name }) => ({
      callback: await new Promise((resolve) => dns.lookup(name, (error, address, family) => resolve([address, family]))),
      promisified: await require('node:util').promisify(dns.lookup)(name),
      all: await dns.promises.lookup(name, { all: true }),
      four: await require('dns/promises').lookup(name, { family: 4 }),
      imported: await (await import('node:dns/promises')).lookup(name),
      resolve4: await dns.promises.resolve4(name),
      resolve6: await new Promise((resolve, reject) => dns.resolve6(name, (error, found) => error ? reject(error) : resolve(found))),
      resolver: await new dns.promises.Resolver().resolve(name, 'AAAA'),
    }),
    times: async ({ name, count }) => {
      const found = [];
      while (found.length < count) found.push((await dns.promises.lookup(name)).address);
      return found;
    },
    lookup: ({ name, options }) => dns.promises.lookup(name, options),
    resolve: ({ name, type }) => dns.promises.resolve(name, type),
    reverse: () => dns.promises.reverse('8.8.8.8'),
    datagram: () => require('node:dgram').createSocket('udp4').send('x', 53, '8.8.8.8'),
  };
  exports.handler = async (event) => {
    try {
      return { result: await actions[event.action](event) };
    } catch (error) {
      return { code: error.cause?.code ?? error.code ?? error.message };
    }
  };`;

let folder: string;
let receiver: Receiver;
let fixture: Fixture;
let network: LocalNetwork;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'network-test-'));
  const { caPem, certPem, keyPem } = await createCertificates({ hosts: [HOST] });
  writeFileSync(join(folder, 'ca.pem'), caPem);
  receiver = await Receiver.start({ certPem, keyPem });
  fixture = new Fixture({ network: () => network, extraEnvironment: () => ({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') }) });
  await fixture.create('client', HANDLER);
});
beforeEach(() => {
  receiver.requests.length = 0;
  receiver.answer([{ status: 204 }]);
  network = { [HOST]: { addresses: [ADDRESS], connectTo: receiver.connectTo } };
});
afterAll(async () => {
  await fixture.close();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

const act = async (action: string, event: object = {}) => fixture.answer('client', { action, ...event });

describe('a host of the local network', () => {
  test('is reached over TLS under its own name, by every client', async () => {
    expect(await act('post', { url: `https://${HOST}/hook?a=b` })).toEqual({ result: { status: 204, remoteAddress: ADDRESS, remotePort: 443 } });
    expect(await act('fetch', { url: `https://${HOST}/fetch` })).toEqual({ result: 204 });
    expect(await act('postToAddress', { address: ADDRESS })).toMatchObject({ result: { status: 204 } });
    expect(receiver.requests).toMatchObject([
      { method: 'POST', path: '/hook?a=b', body: '{"a":1}', serverName: HOST, headers: { host: HOST } },
      { path: '/fetch', serverName: HOST },
      { path: '/', serverName: HOST },
    ]);
  });

  test('is reached through a guard of the handler\'s own, which sees the addresses', async () => {
    expect(await act('postGuarded', { url: `https://${HOST}/`, forbidden: [] })).toMatchObject({ result: { status: 204 } });
    expect(await act('postGuarded', { url: `https://${HOST}/`, forbidden: [ADDRESS] })).toEqual({ code: 'guarded' });
    expect(receiver.requests).toHaveLength(1);
  });

  test('may have any address, such as one that a guard must refuse', async () => {
    network = { [HOST]: { addresses: [ADDRESS, '169.254.169.254'], connectTo: receiver.connectTo } };
    expect(await act('postGuarded', { url: `https://${HOST}/`, forbidden: ['169.254.169.254'] })).toEqual({ code: 'guarded' });
    expect(receiver.requests).toHaveLength(0);
    // Without the guard the request arrives: so the test above shows that the guard works.
    network = { [HOST]: { addresses: ['169.254.169.254'], connectTo: receiver.connectTo } };
    expect(await act('post', { url: `https://${HOST}/` })).toMatchObject({ result: { status: 204, remoteAddress: '169.254.169.254' } });
  });

  test('is refused by the client when its certificate is for another name', async () => {
    network = { 'other.example.com': { addresses: [ADDRESS], connectTo: receiver.connectTo } };
    expect(await act('post', { url: 'https://other.example.com/' })).toEqual({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  test('is tried at its next address when the first has nobody listening', async () => {
    network = {
      [HOST]: { addresses: ['198.51.100.1', ADDRESS] },
      'listening.example.com': { addresses: [ADDRESS], connectTo: receiver.connectTo },
    };
    expect(await act('post', { url: `https://${HOST}/` })).toMatchObject({ result: { status: 204, remoteAddress: ADDRESS } });
  });

  test('resolves alike for every way to ask', async () => {
    network = { [HOST]: { addresses: [ADDRESS, '2606:2800::1'] } };
    expect(await act('lookups', { name: HOST })).toEqual({
      result: {
        callback: [ADDRESS, 4],
        promisified: { address: ADDRESS, family: 4 },
        all: [{ address: ADDRESS, family: 4 }, { address: '2606:2800::1', family: 6 }],
        four: { address: ADDRESS, family: 4 },
        imported: { address: ADDRESS, family: 4 },
        resolve4: [ADDRESS],
        resolve6: ['2606:2800::1'],
        resolver: ['2606:2800::1'],
      },
    });
  });

  test('may change its address between two look-ups, in each invocation', async () => {
    network = { [HOST]: { addresses: [ADDRESS], laterAddresses: ['10.0.0.1'] } };
    for (let invocation = 0; invocation < 2; invocation++) {
      expect(await act('times', { name: HOST, count: 3 })).toEqual({ result: [ADDRESS, '10.0.0.1', '10.0.0.1'] });
    }
  });
});

describe('from its place, a function reaches', () => {
  const VPC = { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] };
  const PLACES: Readonly<Record<string, Partial<FunctionConfiguration>>> = {
    'no VPC': {}, 'a VPC': { vpc: VPC }, 'a VPC with IPv6': { vpc: { ...VPC, ipv6: true } },
  };
  const ADDRESSES = [ADDRESS, '10.20.1.1', '172.31.0.1', '192.168.0.1', '100.64.0.1', '169.254.169.254', '172.32.0.1', '2606:2800::1', 'fd12::1'];

  beforeAll(async () => {
    for (const [place, settings] of Object.entries(PLACES)) await fixture.create(place.replaceAll(' ', '-'), HANDLER, settings);
  });

  test.each([
    ['no VPC', [ADDRESS, '169.254.169.254', '172.32.0.1', '2606:2800::1']],
    ['a VPC', ADDRESSES.filter((address) => !address.includes(':'))],
    ['a VPC with IPv6', ADDRESSES],
  ])('%s: %j', async (place, reached) => {
    network = { [HOST]: { addresses: ADDRESSES, connectTo: receiver.connectTo } };
    for (const address of ADDRESSES) {
      const answer = await fixture.answer(place.replaceAll(' ', '-'), { action: 'connect', options: { host: address, port: 443 } });
      expect([address, answer]).toEqual([address, reached.includes(address) ? { result: 'connected' } : { code: 'ENETUNREACH' }]);
    }
  });

  test('what is said to be reached from anywhere', async () => {
    network = { [HOST]: { addresses: ['10.20.1.1'], connectTo: receiver.connectTo, fromAnywhere: true } };
    expect(await act('connect', { options: { host: '10.20.1.1', port: 443 } })).toEqual({ result: 'connected' });
    expect(await act('connect', { options: { host: '10.20.1.2', port: 443 } })).toEqual({ code: 'ENETUNREACH' });
  });
});

describe('nothing else', () => {
  test.each([
    ['resolves', 'lookup', { name: 'example.org' }, 'ENOTFOUND'],
    ['resolves in another family', 'lookup', { name: HOST, options: { family: 6 } }, 'ENOTFOUND'],
    ['resolves to other records', 'resolve', { name: HOST, type: 'TXT' }, 'ENOTFOUND'],
    ['has a name', 'reverse', {}, 'ENOTFOUND'],
    ['is reached by name', 'post', { url: 'https://example.org/' }, 'ENOTFOUND'],
    ['is reached by fetch', 'fetch', { url: 'https://example.org/' }, 'ENOTFOUND'],
    ['is reached by address', 'postToAddress', { address: '198.51.100.7' }, 'ENETUNREACH'],
    ['is reached by IPv6 address', 'connect', { options: { host: '2001:db8::1', port: 443 } }, 'ENETUNREACH'],
    ['is reached at the metadata address', 'get', { url: 'http://169.254.169.254/latest/meta-data/' }, 'ENETUNREACH'],
    ['is reached at another port of a host', 'connect', { options: { host: ADDRESS, port: 80 } }, 'ECONNREFUSED'],
    ['is reached by datagram', 'datagram', {}, 'EACCES'],
  ])('%s: %s', async (_, action, event, code) => {
    expect(await act(action, event)).toEqual({ code });
    expect(receiver.requests).toHaveLength(0);
  });

  test('is reached by a socket of this machine', async () => {
    const path = join(folder, 'socket');
    const server = createServer((socket) => socket.end()).listen(path);
    expect(await act('connect', { options: { path } })).toEqual({ code: 'EACCES' });
    server.close();
  });

  test('but loopback, where the local services listen', async () => {
    const server: Server = createHttpServer((_, response) => response.writeHead(418).end()).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await act('get', { url: `http://127.0.0.1:${port}/` })).toEqual({ result: 418 });
    expect(await act('get', { url: `http://localhost:${port}/` })).toEqual({ result: 418 });
    server.closeAllConnections();
    server.close();
  });

  test('after the network has changed: a host that is gone is unknown', async () => {
    expect(await act('post', { url: `https://${HOST}/` })).toMatchObject({ result: { status: 204 } });
    network = {};
    expect(await act('post', { url: `https://${HOST}/` })).toEqual({ code: 'ENOTFOUND' });
    expect(await act('postToAddress', { address: ADDRESS })).toEqual({ code: 'ENETUNREACH' });
  });
});

describe('a receiver', () => {
  test('answers in the order of its script, the last answer for ever', async () => {
    receiver.answer([{ status: 503, headers: { 'retry-after': '1' } }, 'close', { status: 302, headers: { location: 'https://example.org/' } }]);
    const answers = [];
    for (let count = 0; count < 4; count++) answers.push(await act('post', { url: `https://${HOST}/` }));
    expect(answers).toMatchObject([{ result: { status: 503 } }, { code: 'ECONNRESET' }, { result: { status: 302 } }, { result: { status: 302 } }]);
    expect(receiver.requests).toHaveLength(4);
  });

  test('may look at the request, take its time, or never answer', async () => {
    await fixture.create('impatient', HANDLER, { timeoutSeconds: 1 });
    receiver.answer(({ path }) => (path === '/late' ? { status: 200, delayMilliseconds: 50 } : 'hang'));
    expect(await act('post', { url: `https://${HOST}/late` })).toMatchObject({ result: { status: 200 } });
    expect(await fixture.failure('impatient', { action: 'post', url: `https://${HOST}/never` })).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(receiver.requests.map(({ path }) => path)).toEqual(['/late', '/never']);
  });
});
