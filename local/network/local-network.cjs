'use strict';

/**
 * Puts a local network (see local-network.ts) in place of the real one, in the process that loads it. Names are answered from a table.
 * Connections are rerouted where all of them pass, below net, tls, http and fetch: in the handle that asks the operating system.
 */

const dgram = require('node:dgram');
const dns = require('node:dns');
const { syncBuiltinESMExports } = require('node:module');
const net = require('node:net');
const { constants: { errno } } = require('node:os');
const { promisify } = require('node:util');

const DEFAULT_PORT = 443;

/** What no network leads to from the internet. */
const PRIVATE = new net.BlockList();
for (const [address, prefix] of [['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['100.64.0.0', 10], ['fc00::', 7]]) {
  PRIVATE.addSubnet(address, prefix, familyOf(address));
}

/**
 * Replaces name resolution and connections. The answer's `use` sets the hosts, which are none until then, the loopback ports, and from where the process sees
 * them all: without that, from a VPC with IPv6.
 */
exports.install = function install() {
  let hosts = new Map();
  /** Loopback ports that can be reached; undefined: all. */
  let openPorts;
  let place;
  const lookups = new Map();

  /** Addresses of a name, or undefined when nobody has it. */
  const addressesOf = (name) => {
    const key = String(name).toLowerCase().replace(/\.$/, '');
    if (key === 'localhost') return ['127.0.0.1'];
    const host = hosts.get(key);
    const earlier = lookups.get(key) ?? 0;
    lookups.set(key, earlier + 1);
    return earlier > 0 ? host?.laterAddresses ?? host?.addresses : host?.addresses;
  };

  /** Where a connection really goes; a negative number of the operating system when nowhere. */
  const route = (address, port) => {
    const at = [...hosts.values()].filter((host) => [...host.addresses, ...(host.laterAddresses ?? [])].includes(address));
    const listening = at.find((host) => (host.port ?? DEFAULT_PORT) === port && host.connectTo !== undefined);
    if (!isLoopback(address) && !isInReach(address, listening)) return -errno.ENETUNREACH;
    if (listening !== undefined) return listening.connectTo;
    if (!isLoopback(address)) return at.length > 0 ? -errno.ECONNREFUSED : -errno.ENETUNREACH;
    return openPorts?.includes(port) ?? true ? { host: address, port } : -errno.ECONNREFUSED;
  };

  const isInReach = (address, host) => (
    place === undefined || ((place.ipv6 || !net.isIPv6(address)) && (place.inVpc || host?.fromAnywhere || !PRIVATE.check(address, familyOf(address))))
  );

  replaceNameResolution(addressesOf);
  replaceConnections(route);
  refuseDatagrams();
  syncBuiltinESMExports();
  return {
    use(network, loopbackPorts, from) {
      openPorts = loopbackPorts;
      place = from;
      hosts = new Map(Object.entries(network).map(([name, host]) => [name.toLowerCase(), host]));
      lookups.clear();
    },
  };
};

function familyOf(address) {
  return net.isIPv6(address) ? 'ipv6' : 'ipv4';
}

function isLoopback(address) {
  return address === '::1' || (net.isIPv4(address) && address.startsWith('127.'));
}

function replaceNameResolution(addressesOf) {
  const find = (hostname, family, syscall) => {
    const addresses = net.isIP(hostname) ? [hostname] : addressesOf(hostname) ?? [];
    const found = addresses.map((address) => ({ address, family: net.isIP(address) })).filter((entry) => !family || entry.family === family);
    if (found.length > 0) return found;
    throw Object.assign(new Error(`${syscall} ENOTFOUND ${hostname}`), { code: 'ENOTFOUND', errno: -3008, syscall, hostname });
  };
  const families = { IPv4: 4, IPv6: 6 };
  const lookup = async (hostname, options) => {
    const { all, family } = typeof options === 'object' && options !== null ? options : { family: options };
    const found = find(hostname, families[family] ?? family, 'getaddrinfo');
    return all ? found : found[0];
  };
  const resolve = async (hostname, type, family, ttl) => (
    find(hostname, family, `query${type}`).map(({ address }) => (ttl ? { address, ttl: 60 } : address))
  );
  const resolve4 = async (hostname, options) => resolve(hostname, 'A', 4, options?.ttl);
  const resolve6 = async (hostname, options) => resolve(hostname, 'Aaaa', 6, options?.ttl);
  const nothing = (syscall) => async (hostname) => find(hostname, -1, syscall);
  const resolvers = {
    resolve4,
    resolve6,
    resolve: async (hostname, type = 'A') => ({ A: resolve4, AAAA: resolve6 }[type] ?? nothing(`query${type}`))(hostname),
    lookupService: nothing('getnameinfo'),
  };
  for (const name of Object.getOwnPropertyNames(dns.Resolver.prototype)) {
    if (/^(resolve|reverse)/.test(name)) resolvers[name] ??= nothing(`query${name.replace('resolve', '')}`);
  }

  Object.assign(dns.promises, resolvers, { lookup });
  Object.assign(dns.promises.Resolver.prototype, resolvers);
  const withCallbacks = Object.fromEntries(Object.entries(resolvers).map(([name, method]) => [name, callingBack(method)]));
  Object.assign(dns.Resolver.prototype, withCallbacks);
  const lookupCallingBack = (hostname, options, callback) => {
    const done = callback ?? options;
    lookup(hostname, callback === undefined ? {} : options).then(
      (found) => (Array.isArray(found) ? done(null, found) : done(null, found.address, found.family)),
      (error) => done(error),
    );
  };
  // As in Node: promisified, it answers both the address and its family.
  Object.defineProperty(lookupCallingBack, promisify.custom, { value: lookup });
  Object.assign(dns, withCallbacks, { lookup: lookupCallingBack });
}

function callingBack(method) {
  return (...parameters) => {
    const callback = parameters.pop();
    method(...parameters).then((result) => callback(null, result), (error) => callback(error));
  };
}

function replaceConnections(route) {
  const tcp = handlePrototype({ host: '127.0.0.1', port: 1 });
  const { connect, connect6, getpeername } = tcp;
  const reached = new WeakMap();
  // `function`, because the handle is `this`.
  function connectElsewhere(request, address, port) {
    const target = route(address, port);
    if (typeof target === 'number') return target;
    reached.set(this, { address, port, family: net.isIPv6(address) ? 'IPv6' : 'IPv4' });
    return (net.isIPv6(target.host) ? connect6 : connect).call(this, request, target.host, target.port);
  }
  tcp.connect = connectElsewhere;
  tcp.connect6 = connectElsewhere;
  // `socket.remoteAddress` is what the caller thinks it is connected to: a guard may check it.
  tcp.getpeername = function getPeerName(out) {
    const peer = reached.get(this);
    if (peer === undefined) return getpeername.call(this, out);
    Object.assign(out, peer);
    return 0;
  };
  // Unix sockets lead to other programs of this machine.
  handlePrototype({ path: '/nonexistent' }).connect = () => -errno.EACCES;
}

/** The prototype of the handle below a socket. It has no public name: a socket that is given up at once shows it. */
function handlePrototype(target) {
  const socket = net.connect(target);
  socket.on('error', () => {});
  const prototype = Object.getPrototypeOf(socket._handle);
  socket.destroy();
  return prototype;
}

function refuseDatagrams() {
  for (const method of ['bind', 'connect', 'send']) {
    dgram.Socket.prototype[method] = () => {
      throw Object.assign(new Error(`${method} EACCES: the local network has no datagrams`), { code: 'EACCES', syscall: method });
    };
  }
}
