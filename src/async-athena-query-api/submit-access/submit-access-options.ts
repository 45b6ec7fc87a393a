/** Whose a query is: who may look at it, fetch its result and cancel it. */
export enum QueryOwnership {
  /** All sessions of a role are one owner: whoever can assume the role. A user is an owner. */
  PRINCIPAL = 'PRINCIPAL',
  /**
   * Each session of a role is an owner of its own, known by its name: nobody else who assumes the role sees the query, nor does the same program once it runs
   * in another session, such as after a restart. Idempotency keys cannot be used by roles then.
   */
  SESSION = 'SESSION',
}

/** Options of `SubmitAccess.iam`. */
export interface IamSubmitAccessOptions {
  /**
   * Whose a query is. A user is always an owner; this is about sessions of roles, such as those of Lambda functions, and of people who sign in by
   * IAM Identity Center, where everybody with the same permission set has the same role.
   *
   * @default QueryOwnership.PRINCIPAL
   */
  readonly ownership?: QueryOwnership;
}
