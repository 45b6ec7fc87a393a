import { CallbackPolicyBinding } from './binding';
import { CallbackHostsOptions } from './callback-policy-options';
import { hosts } from './hosts';
import { HOSTS_KINDS } from './option-kinds';
import { publicHosts } from './public-hosts';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * Who may be called back.
 *
 * Under every policy a callback URL is https on port 443 without user info, its host is a name and not an address, and every address
 * that the name resolves to at the moment of delivery is public, or in a private range that is listed.
 */
export class CallbackPolicy {
  /**
   * Any host with public addresses.
   *
   * Choose this, the default, only where the hosts are not known when the app is synthesised and you trust whoever may submit: they can send results to any
   * place on the internet.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { callbackPolicy: CallbackPolicy.publicHosts() });
   */
  public static publicHosts(): CallbackPolicy {
    return new CallbackPolicy(publicHosts());
  }

  /**
   * Only the listed hosts, checked when a query is submitted and again when its result is delivered.
   *
   * Choose this wherever the receivers are known. To add a host is a deployment; queries that wait for their delivery then use the new list. With
   * `privateAddresses` the hosts can be inside your network.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', {
   *   callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com', '*.partner.example'] }),
   * });
   */
  public static hosts(options: CallbackHostsOptions): CallbackPolicy {
    return new CallbackPolicy(hosts(checkOptions('CallbackPolicy.hosts', options, HOSTS_KINDS)));
  }

  /** @internal */
  public readonly _binding: CallbackPolicyBinding;

  private constructor(binding: CallbackPolicyBinding) {
    this._binding = binding;
  }
}
