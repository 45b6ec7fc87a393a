import { AuthorizerAnswer, readAuthorizerAnswer } from './authorizer-answer';
import { AuthorizedRequest, authorizerEvent } from './authorizer-event';
import { FunctionAuthorizer } from './function-authorizer';
import { GatewayFailure } from './gateway-response';
import { IntegrationTargets } from './integration';
import { FunctionAnswer, invokeFunction } from './lambda-integration';
import { readSource } from './parameter-mapping';
import { AwsEnvironment, CallContext, PolicyDocument } from '../aws/service';
import { globalContextKeys } from '../iam/context-keys';
import { evaluate, Verdict } from '../iam/evaluate';
import { NotImplemented } from '../not-implemented';
import { javaRegex, matchesWhole } from './vtl/java-regex';

/** How long API Gateway waits, in milliseconds: as for the target of a method, because nothing else is documented. */
const TIMEOUT = 29_000;

export interface AuthorizerEnvironment extends IntegrationTargets {
  readonly environment: AwsEnvironment;
}

/** How a request came, and what the API itself says of that. */
export interface Arrival extends AuthorizedRequest {
  readonly stageName: string;
  readonly callContext: CallContext;
  readonly resourcePolicy?: PolicyDocument;
}

/** Asks the functions of authorizers, and remembers their answers as each authorizer says, in virtual time. */
export class FunctionAuthorizers {
  private readonly remembered = new Map<string, { readonly until: number; readonly answer: AuthorizerAnswer }>();

  constructor(private readonly gateway: AuthorizerEnvironment) {}

  /**
   * `$context.authorizer` of a request that may come in; throws for every other. A deny of the API's policy counts before the function is asked, and what
   * either policy allows after it. Source: API Gateway developer guide, "How API Gateway resource policies affect authorization workflow".
   */
  async authorize(authorizer: FunctionAuthorizer, arrival: Arrival): Promise<Readonly<Record<string, string>>> {
    const { resourcePolicy } = arrival;
    const apiSays = resourcePolicy && await this.verdict(arrival, { resourcePolicy });
    if (apiSays?.outcome === 'ExplicitlyDenied') {
      throw denied(`User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${arrival.methodArn} with an explicit deny`);
    }
    const { policy, variables } = await this.answer(authorizer, arrival);
    const authorizerSays = await this.verdict(arrival, { policy });
    if (authorizerSays.outcome === 'ExplicitlyDenied') throw denied('User is not authorized to access this resource with an explicit deny');
    if (authorizerSays.outcome !== 'Allowed' && apiSays?.outcome !== 'Allowed') throw denied('User is not authorized to access this resource');
    return variables;
  }

  /** A policy that is remembered from another method is asked about this one too. */
  private async answer(authorizer: FunctionAuthorizer, arrival: Arrival): Promise<AuthorizerAnswer> {
    const { clock } = this.gateway;
    const sources = identity(authorizer, arrival);
    const key = JSON.stringify([arrival.stageName, authorizer.id, ...sources]);
    const known = this.remembered.get(key);
    if (known !== undefined && clock.now() < known.until) return known.answer;
    const answer = await readAuthorizerAnswer(await this.ask(authorizer, sources, arrival));
    if (authorizer.ttlSeconds > 0) this.remembered.set(key, { until: clock.now() + authorizer.ttlSeconds * 1_000, answer });
    return answer;
  }

  private async ask({ id, target, ...rest }: FunctionAuthorizer, sources: readonly string[], arrival: Arrival): Promise<FunctionAnswer> {
    const { partition, region, accountId } = this.gateway.environment;
    const sourceArn = `arn:${partition}:execute-api:${region}:${accountId}:${String(arrival.input.context.apiId)}/authorizers/${id}`;
    const payload = JSON.stringify(authorizerEvent({ id, target, ...rest }, sources, arrival));
    const { functionArn, roleArn } = target;
    try {
      return await invokeFunction({ functionArn, roleArn, sourceArn, payload }, TIMEOUT, this.gateway);
    } catch (error) {
      if (!(error instanceof GatewayFailure)) throw error;
      throw new GatewayFailure(error.type === 'API_CONFIGURATION_ERROR' ? 'AUTHORIZER_CONFIGURATION_ERROR' : 'AUTHORIZER_FAILURE');
    }
  }

  /** What one policy alone says. */
  private async verdict(
    { methodArn, callContext }: Arrival, { policy, resourcePolicy }: { readonly policy?: PolicyDocument; readonly resourcePolicy?: PolicyDocument },
  ): Promise<Verdict> {
    const { environment, clock } = this.gateway;
    const { partition, accountId } = environment;
    return evaluate({
      // An authorizer's policy names nobody: it is about whoever asks.
      principal: policy && `arn:${partition}:iam::${accountId}:user/caller`,
      action: 'execute-api:Invoke',
      resource: methodArn,
      resourceAccount: accountId,
      identityPolicies: policy === undefined ? [] : [{ name: 'authorizer', document: policy }],
      resourcePolicy,
      context: { ...globalContextKeys(callContext, accountId, environment, clock) },
    });
  }
}

/** What shows who the caller is; throws where some of it is missing, or is no token. */
function identity({ identitySources, validation }: FunctionAuthorizer, { input }: Arrival): string[] {
  const values = identitySources.map((source) => readSource(source, input) ?? '');
  if (values.includes('')) throw new GatewayFailure('UNAUTHORIZED');
  if (validation !== undefined && !matchesWhole(validation, values[0])) {
    if (javaRegex(validation).test(values[0])) throw new NotImplemented('API Gateway', 'an IdentityValidationExpression that matches only a part of the token');
    throw new GatewayFailure('UNAUTHORIZED');
  }
  return values;
}

function denied(message: string): GatewayFailure {
  return new GatewayFailure('ACCESS_DENIED', message);
}
