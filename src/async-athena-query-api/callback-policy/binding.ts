import { CallbackRules } from '../contracts/deliver';

/** Who may be called back. */
export interface CallbackPolicyBinding {
  readonly rules: CallbackRules;
  /** Regular expression for the host part of a callback URL, in the subset that JSON schema and Java share. */
  readonly hostPattern: string;
}
