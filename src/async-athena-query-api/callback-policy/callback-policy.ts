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
 * that the name resolves to at the moment of delivery is public.
 */
export class CallbackPolicy {
  /** Any host with public addresses. Whoever may submit can then send query results anywhere on the internet. */
  public static publicHosts(): CallbackPolicy {
    return new CallbackPolicy(publicHosts());
  }

  /** Only the listed hosts: the strongest control, checked both when a query is submitted and when its result is delivered. */
  public static hosts(options: CallbackHostsOptions): CallbackPolicy {
    return new CallbackPolicy(hosts(checkOptions('CallbackPolicy.hosts', options, HOSTS_KINDS)));
  }

  /** @internal */
  public readonly _binding: CallbackPolicyBinding;

  private constructor(binding: CallbackPolicyBinding) {
    this._binding = binding;
  }
}
