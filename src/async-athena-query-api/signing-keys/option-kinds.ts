import { Ed25519SigningKeysOptions } from './signing-keys-options';
import { logGroup, optional, OptionKinds } from '../../private/synth/option-kinds';

export const ED25519_KINDS: OptionKinds<Ed25519SigningKeysOptions> = { logGroup: optional(logGroup) };
