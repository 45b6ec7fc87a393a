import { SubmitAccessBinding } from './binding';
import { iamAccess } from './iam';

/** Who may submit queries. */
export class SubmitAccess {
  /** Callers sign their requests with AWS credentials (Signature Version 4) and need `execute-api:Invoke`: see `grantInvoke`. */
  public static iam(): SubmitAccess {
    return new SubmitAccess(iamAccess());
  }

  /** @internal */
  public readonly _binding: SubmitAccessBinding;

  private constructor(binding: SubmitAccessBinding) {
    this._binding = binding;
  }
}
