import { IAuthorizer, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { IUserPool } from 'aws-cdk-lib/aws-cognito';

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

  /**
   * Other AWS accounts whose roles and users may call, 1 to 100, each by its 12 digits. A policy of the API lets each account in as a whole; its
   * administrators decide which of its roles and users may call, by allowing them `execute-api:Invoke`. Both are needed. A caller sees its own queries only,
   * as in this account.
   *
   * Choose this for callers that cannot assume a role in this account.
   *
   * @default - only roles and users of the account of the API
   */
  readonly accounts?: string[];
}

/** Options of `SubmitAccess.apiKey`. */
export interface ApiKeySubmitAccessOptions {
  /**
   * Usage plans of the app, which get the stage of the API: all their keys may call, each as often as its plan says. You make the plans and the keys.
   */
  readonly plans: UsagePlan[];
}

/** Options of `SubmitAccess.authorizer`. */
export interface AuthorizerSubmitAccessOptions {
  /**
   * A `TokenAuthorizer` or a `RequestAuthorizer` of the app, for this API alone. Its function answers a `principalId`, the owner of the queries, and a
   * policy. API Gateway keeps an answer for `resultsCacheTtl`, 5 minutes by default, and goes by it at **every** route: with a cache, the policy has to
   * allow all routes that this caller may call, and not only `methodArn` of the request.
   */
  readonly authorizer: IAuthorizer;
}

/** Options of `SubmitAccess.cognito`. */
export interface CognitoSubmitAccessOptions {
  /** Whoever has a token of one of these user pools may call. */
  readonly userPools: IUserPool[];

  /**
   * Scopes, each as `server/scope` of a resource server: a caller sends an access token that has one of them. Name them for programs, which get tokens with
   * the flow `client_credentials`, and wherever not everybody in the user pools may call.
   *
   * @default - a caller sends an identity token, and every user of the pools may call
   */
  readonly scopes?: string[];
}
