import { PolicyDocument } from '../aws/service';
import { assertPolicy, toPolicyDocument } from '../iam/policy-document';
import { isObject, JsonObject, JsonValue } from '../json';
import { NotImplemented } from '../not-implemented';
import { GatewayFailure } from './gateway-response';
import { FunctionAnswer } from './lambda-integration';

/** What the function of an authorizer says of a caller. */
export interface AuthorizerAnswer {
  readonly policy: PolicyDocument;
  /** `$context.authorizer`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** In characters. Source: API Gateway developer guide, "Output from an API Gateway Lambda authorizer". */
const MAX_RESOURCE_LENGTH = 512;

/**
 * Reads what the function came to. An error `Unauthorized` is 401, any other error and any answer that is none are 500.
 * Sources: API Gateway developer guide, "Use API Gateway Lambda authorizers" and "Output from an API Gateway Lambda authorizer".
 */
export async function readAuthorizerAnswer({ errorMessage, payload }: FunctionAnswer): Promise<AuthorizerAnswer> {
  if (errorMessage === 'Unauthorized') throw new GatewayFailure('UNAUTHORIZED');
  const answer: JsonValue = JSON.parse(payload);
  if (errorMessage !== undefined || !isObject(answer)) throw unusable();
  // It is ignored or refused, depending on what an API says of its keys.
  if (answer.usageIdentifierKey !== undefined) throw new NotImplemented('API Gateway', 'usageIdentifierKey in the answer of an authorizer');
  const policy = await readPolicy(answer.policyDocument);
  return { policy, variables: { ...readContext(answer.context), ...readPrincipal(answer.principalId) } };
}

/** AWS documents it as required, but was seen to let a request in without one: then there is no such variable. */
function readPrincipal(principalId: JsonValue | undefined): { readonly principalId?: string } {
  if (principalId === undefined || principalId === null) return {};
  if (typeof principalId !== 'string') throw unusable();
  return { principalId };
}

function readContext(context: JsonValue | undefined): Record<string, string> {
  if (context === undefined) return {};
  if (!isObject(context)) throw unusable();
  return Object.fromEntries(Object.entries(context).map(([name, value]) => {
    // "You can't set a JSON object or array as a valid value of any key in the context map."
    if (typeof value === 'object') throw unusable();
    return [name, String(value)];
  }));
}

async function readPolicy(value: JsonValue | undefined): Promise<PolicyDocument> {
  const where = 'policyDocument of an authorizer';
  const policy = await wellFormed(value, where);
  const resources = [policy.Statement].flat().filter(isObject).flatMap(resourcesOf);
  if (resources.some((resource) => String(resource).length > MAX_RESOURCE_LENGTH)) {
    throw new NotImplemented(where, `a resource of more than ${MAX_RESOURCE_LENGTH} characters`);
  }
  return policy;
}

async function wellFormed(value: JsonValue | undefined, where: string): Promise<PolicyDocument> {
  try {
    const policy = toPolicyDocument(value, where);
    await assertPolicy(policy, 'identity', where);
    if ([policy.Statement].flat().some((statement) => !isObject(statement) || resourcesOf(statement).length === 0)) throw unusable();
    return policy;
  } catch (error) {
    if (error instanceof NotImplemented) throw error;
    throw unusable();
  }
}

function resourcesOf({ Resource, NotResource }: JsonObject): JsonValue[] {
  return [Resource ?? NotResource ?? []].flat();
}

function unusable(): GatewayFailure {
  return new GatewayFailure('AUTHORIZER_CONFIGURATION_ERROR');
}
