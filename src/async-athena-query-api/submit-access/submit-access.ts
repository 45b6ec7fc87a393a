import { apiKeyAccess } from './api-key';
import { authorizerAccess } from './authorizer';
import { SubmitAccessBinding } from './binding';
import { cognitoAccess } from './cognito';
import { iamAccess } from './iam';
import { API_KEY, AUTHORIZER, COGNITO, IAM } from './option-kinds';
import { ApiKeySubmitAccessOptions, AuthorizerSubmitAccessOptions, CognitoSubmitAccessOptions, IamSubmitAccessOptions } from './submit-access-options';
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

  /**
   * Callers send an API key in the header `x-api-key`, and are counted by it: usage plans say how many requests a key may make.
   *
   * Choose this only for callers that can neither sign requests nor get tokens, and where a leaked key is bearable: AWS does not count a key as
   * authentication, because it is the same text in every request until somebody deletes it, and it is good for every API in its plan. A caller is known by the
   * id of its key. `grantInvoke` and `queryReaders` are refused.
   *
   * @example
   * const plan = new apigateway.UsagePlan(this, 'Partners', {
   *   throttle: { rateLimit: 1, burstLimit: 5 },
   *   quota: { limit: 1_000, period: apigateway.Period.DAY },
   * });
   * plan.addApiKey(new apigateway.ApiKey(this, 'Partner'));
   *
   * new AsyncAthenaQueryApi(this, 'Queries', { submitAccess: SubmitAccess.apiKey({ plans: [plan] }) });
   */
  public static apiKey(options: ApiKeySubmitAccessOptions): SubmitAccess {
    return new SubmitAccess(apiKeyAccess(checkOptions('SubmitAccess.apiKey', options, API_KEY)));
  }

  /**
   * A Lambda function of yours, a Lambda authorizer, says who a caller is and what it may call.
   *
   * Choose this for callers that a system of your own knows: tokens of another identity provider, signatures of partners. For user pools of Amazon Cognito,
   * `SubmitAccess.cognito` takes no code. A caller is known by the `principalId` that the function answers: it has to be the same for every request of one
   * caller, and another one for everybody else. Requests without one are answered 500. `grantInvoke` and `queryReaders` are refused.
   *
   * @example
   * declare const authorizer: apigateway.TokenAuthorizer;
   *
   * new AsyncAthenaQueryApi(this, 'Queries', { submitAccess: SubmitAccess.authorizer({ authorizer }) });
   */
  public static authorizer(options: AuthorizerSubmitAccessOptions): SubmitAccess {
    return new SubmitAccess(authorizerAccess(checkOptions('SubmitAccess.authorizer', options, AUTHORIZER)));
  }

  /**
   * Callers send a token of an Amazon Cognito user pool in the header `Authorization`, as it is: an access token if there are `scopes`, else an identity token.
   *
   * Choose this for people who sign in to an application of yours, and for programs outside of AWS, with `scopes`. A caller is known by `sub` of its token: the
   * user, or the app client of a program. Without `scopes`, every user of the pools may call, also those who signed up by themselves. `grantInvoke` and
   * `queryReaders` are refused. User pools are not there in the Regions of China.
   *
   * @example
   * declare const people: cognito.IUserPool;
   *
   * new AsyncAthenaQueryApi(this, 'Queries', {
   *   submitAccess: SubmitAccess.cognito({ userPools: [people], scopes: ['queries/submit'] }),
   * });
   */
  public static cognito(options: CognitoSubmitAccessOptions): SubmitAccess {
    return new SubmitAccess(cognitoAccess(checkOptions('SubmitAccess.cognito', options, COGNITO)));
  }

  /** @internal */
  public readonly _binding: SubmitAccessBinding;

  private constructor(binding: SubmitAccessBinding) {
    this._binding = binding;
  }
}
