import { CallbackPolicyBinding } from './binding';
import { FULL_NAME } from './host-name';

/** Any fully qualified name. Whether its addresses are public is known only at delivery. */
export function publicHosts(): CallbackPolicyBinding {
  return { rules: {}, hostPattern: FULL_NAME };
}
