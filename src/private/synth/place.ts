import { IResource, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { InvalidPropError } from './validation';

/** Whether both are known, and differ. One that is known only at deployment may be the same. */
export function differs(ours: string, theirs: string): boolean {
  return Token.compareStrings(ours, theirs) === TokenComparison.DIFFERENT;
}

/** Whether something is known to be in another account than the construct. */
export function isOfAnotherAccount(scope: Construct, account: string): boolean {
  return differs(Stack.of(scope).account, account);
}

/** Refuses something that is known to be in another Region than the construct. */
export function checkRegion(what: string, scope: Construct, { env }: IResource, fix: string): void {
  if (differs(Stack.of(scope).region, env.region)) throw misplaced(what, scope, env, fix);
}

/** Refuses something that is known to be in another account or Region than the construct. */
export function checkPlace(what: string, scope: Construct, resource: IResource, fix: string): void {
  checkRegion(what, scope, resource, fix);
  if (isOfAnotherAccount(scope, resource.env.account)) throw misplaced(what, scope, resource.env, fix);
}

function misplaced(what: string, scope: Construct, theirs: IResource['env'], fix: string): InvalidPropError {
  const { region, account } = Stack.of(scope);
  return new InvalidPropError(`the place of ${what}`, `${theirs.region} of ${theirs.account}`, `${region} of ${account}`, fix);
}

/**
 * Refuses a caller who is known to be of another account. API Gateway lets callers of other accounts in only by a policy of the API, which it has not.
 * Source: API Gateway developer guide, "Authorization flow".
 */
export function checkAccount(what: string, scope: Construct, { grantPrincipal: { principalAccount: account } }: IGrantable): void {
  if (account === undefined || !isOfAnotherAccount(scope, account)) return;
  throw new InvalidPropError(
    what, account, Stack.of(scope).account, 'make a role in this account that the caller may assume (new Role with assumedBy), and name that role',
  );
}
