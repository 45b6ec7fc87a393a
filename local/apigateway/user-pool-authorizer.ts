import { GatewayFailure } from './gateway-response';
import { NotImplemented } from '../not-implemented';

/** A user pool as API Gateway uses it: answers the claims of a token that it has signed and that is still good. */
export interface TokenVerifier {
  verify(token: string): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** Lets requests in by a token of one of these user pools. */
export interface UserPoolAuthorizer {
  /** Name of the header with the token, in lower case. */
  readonly header: string;
  readonly pools: readonly TokenVerifier[];
}

/**
 * The claims of the token in a request; throws where there is no token that is good for a method with these scopes.
 *
 * Without scopes it must be an identity token, with scopes an access token that has one of them. Source: API Gateway developer guide, "Integrate a REST API with an
 * Amazon Cognito user pool"; that both other kinds are 401: AWS re:Post, "401 Unauthorized errors from an API Gateway REST API endpoint".
 */
export async function claimsOfRequest(
  { header, pools }: UserPoolAuthorizer, scopes: readonly string[], headers: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const token = headers[header];
  if (token === undefined || token === '') throw new GatewayFailure('UNAUTHORIZED');
  if (/\s/.test(token)) throw new NotImplemented('API Gateway', 'anything but a token in the header of a user pool authorizer, such as Bearer before it');
  const found = await Promise.all(pools.map(async (pool) => pool.verify(token)));
  const claims = found.find((each) => each !== undefined);
  if (claims === undefined) throw new GatewayFailure('UNAUTHORIZED');
  const granted = String(claims.scope ?? '').split(' ');
  const good = scopes.length === 0 ? claims.token_use === 'id' : claims.token_use === 'access' && scopes.some((scope) => granted.includes(scope));
  if (!good) throw new GatewayFailure('UNAUTHORIZED');
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, String(value)]));
}
