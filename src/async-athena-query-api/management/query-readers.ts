import { IGrantable, IPrincipal, IRole, IUser, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkAccount } from '../../private/synth/place';
import { InvalidPropError } from '../../private/synth/validation';

/** ARNs of the roles and users by which the management function knows readers. */
export function readerArns(scope: Construct, readers: readonly IGrantable[]): string[] {
  return readers.map((reader) => {
    checkAccount('the account of every one of queryReaders', scope, reader);
    const principal = reader.grantPrincipal;
    if (isRole(principal)) return principal.roleArn;
    if (isUser(principal)) return principal.userArn;
    throw new InvalidPropError('every one of queryReaders', principal.toString(), 'a role or a user', 'name each role and user by itself, as in Role.fromRoleArn(…)');
  });
}

/**
 * Gives readers the right to call methods, by a policy beside the API: one beside a role of another stack would have each of the two stacks wait for the
 * other.
 */
export function letReadersCall(scope: Construct, readers: readonly IGrantable[], methodArns: readonly string[]): void {
  if (readers.length === 0) return;
  const policy = new Policy(scope, 'QueryReaders', {
    statements: [new PolicyStatement({ actions: ['execute-api:Invoke'], resources: [...methodArns] })],
  });
  for (const { grantPrincipal: principal } of readers) {
    if (isRole(principal)) policy.attachToRole(principal);
    if (isUser(principal)) policy.attachToUser(principal);
  }
}

function isRole(principal: IPrincipal): principal is IRole {
  return 'roleArn' in principal;
}

function isUser(principal: IPrincipal): principal is IUser {
  return 'userArn' in principal;
}
