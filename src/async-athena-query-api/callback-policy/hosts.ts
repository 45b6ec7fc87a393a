import { Token } from 'aws-cdk-lib';
import { CallbackPolicyBinding } from './binding';
import type { CallbackHostsOptions } from './callback-policy-options';
import { FULL_NAME, LABELS } from './host-name';
import { checkPrivateRanges } from './private-ranges';
import { checkText, InvalidPropError, refuseToken } from '../../private/synth/validation';

/** The lists are an environment variable of the delivery function, and Lambda allows 4 KB for all of them together. */
export const MAX_HOSTS_BYTES = 2_500;

/** The listed names and subdomains. */
export function hosts(options: CallbackHostsOptions): CallbackPolicyBinding {
  const isToken = Token.isUnresolved(options.hosts) || options.hosts.some((host) => Token.isUnresolved(host));
  refuseToken('hosts of CallbackPolicy.hosts', isToken, 'write the names out: the request model is made from them');
  if (options.hosts.length === 0) {
    throw new InvalidPropError('hosts of CallbackPolicy.hosts', [], 'a list of at least one host', 'name a host, or use CallbackPolicy.publicHosts()');
  }
  const host = new RegExp(`^(?:\\*\\.)?${FULL_NAME}$`);
  for (const name of options.hosts) {
    checkText(
      'every host of CallbackPolicy.hosts', name, host, 'a fully qualified name, or one after `*.`', 'leave out scheme, port and path, such as hooks.example.com',
    );
  }
  const bytes = charactersOf(options.hosts);
  if (bytes > MAX_HOSTS_BYTES) {
    throw new InvalidPropError(
      'hosts of CallbackPolicy.hosts', `${options.hosts.length} hosts of ${bytes} characters`, `a list of up to ${MAX_HOSTS_BYTES} characters in all`,
      'name subdomains together, such as *.example.com',
    );
  }
  const privateAddresses = options.privateAddresses && checkPrivateRanges(options.privateAddresses);
  const rangeBytes = charactersOf(privateAddresses ?? []);
  if (bytes + rangeBytes > MAX_HOSTS_BYTES) {
    throw new InvalidPropError(
      'privateAddresses of CallbackPolicy.hosts', `${privateAddresses?.length} ranges of ${rangeBytes} characters`,
      `a list of up to ${MAX_HOSTS_BYTES} characters together with the hosts`, 'name neighbouring ranges together, such as 10.20.0.0/15',
    );
  }
  const names = [...new Set(options.hosts.map((name) => name.toLowerCase()))];
  return { rules: { hosts: names, ...(privateAddresses !== undefined && { privateAddresses }) }, hostPattern: `(?:${names.map(anyCase).join('|')})` };
}

/** As JSON, with quotes and commas. */
function charactersOf(texts: readonly string[]): number {
  return texts.reduce((sum, entry) => sum + entry.length + 3, 0);
}

/** Host names know no case, but neither JSON schema nor Java patterns have a flag for it here. */
function anyCase(host: string): string {
  const [prefix, name] = host.startsWith('*.') ? [LABELS, host.slice(2)] : ['', host];
  return prefix + [...name].map((c) => (/[a-z]/.test(c) ? `[${c}${c.toUpperCase()}]` : c.replace('.', '\\.'))).join('');
}
