import { SubmitAccessBinding } from './binding';
import { iamAccess } from './iam';
import { IAM } from './option-kinds';
import { IamSubmitAccessOptions } from './submit-access-options';
import { checkOptions } from '../../private/synth/option-kinds';

/** Who may submit queries. */
export class SubmitAccess {
  /**
   * Callers sign their requests with AWS credentials (Signature Version 4) and need `execute-api:Invoke`.
   *
   * Choose this, the default, for callers that have a role in AWS or can assume one. `grantInvoke` gives them the right; `accounts` lets
   * other accounts in.
   *
   * @example
   * declare const reports: iam.IRole;
   *
   * const queries = new AsyncAthenaQueryApi(this, 'Queries', { submitAccess: SubmitAccess.iam() });
   * queries.grantInvoke(reports);
   */
  public static iam(options: IamSubmitAccessOptions = {}): SubmitAccess {
    return new SubmitAccess(iamAccess(checkOptions('SubmitAccess.iam', options, IAM)));
  }

  /** @internal */
  public readonly _binding: SubmitAccessBinding;

  private constructor(binding: SubmitAccessBinding) {
    this._binding = binding;
  }
}
