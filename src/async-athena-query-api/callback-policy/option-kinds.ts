import { CallbackHostsOptions } from './callback-policy-options';
import { list, optional, OptionKinds, text } from '../../private/synth/option-kinds';

export const HOSTS_KINDS: OptionKinds<CallbackHostsOptions> = { hosts: list(text), privateAddresses: optional(list(text)) };
