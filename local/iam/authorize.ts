import { Authorize, AuthorizationRequest, AwsEnvironment, Caller, PolicyDocument, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { globalContextKeys } from './context-keys';
import { evaluate, Verdict } from './evaluate';
import { PermissionUsage, UnusedPermissions } from './permission-usage';
import { NamedPolicy, Roles } from './roles';
import { Users } from './users';

export interface AuthorizerOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly roles: Roles;
  readonly users: Users;
}

export interface Authorizer {
  readonly authorize: Authorize;
  /** For each role, what its policies allow and no allowed call used. */
  unusedPermissions(): readonly UnusedPermissions[];
}

/** Decides calls by the policies of the caller, of its session and of the resource. */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { environment, clock, roles, users } = options;
  const usage = new PermissionUsage();
  const authorize: Authorize = async (request, context) => {
    const { caller } = context;
    const resourceAccount = request.resourceAccount ?? environment.accountId;
    const verdict = await evaluate({
      principal: caller.service ?? caller.arn,
      action: request.action,
      resource: request.resource,
      resourceAccount,
      identityPolicies: identityPolicies(caller, roles, users),
      sessionPolicy: sessionPolicy(caller.sessionPolicies),
      resourcePolicy: request.resourcePolicy,
      context: { ...globalContextKeys(context, resourceAccount, environment, clock), ...request.conditions },
    });
    if (verdict.outcome !== 'Allowed') throw denial(request, caller, verdict);
    if (caller.roleArn !== undefined) usage.record(caller.roleArn, verdict.grants);
  };
  return { authorize, unusedPermissions: () => usage.unused(roles) };
}

/** A service principal or an anonymous caller has no policies; every other caller must be someone the account knows. */
function identityPolicies(caller: Caller, roles: Roles, users: Users): readonly NamedPolicy[] {
  if (caller.service !== undefined || caller.arn === undefined) return [];
  if (caller.roleArn !== undefined) return roles.policiesOf(caller.roleArn);
  const policies = users.policiesOf(caller.arn);
  if (policies === undefined) throw new Error(`There is no user ${caller.arn}`);
  return policies;
}

/** Session policies are one set of statements: each of them may allow, any of them may deny. */
function sessionPolicy(policies: readonly PolicyDocument[] | undefined): PolicyDocument | undefined {
  if (policies === undefined || policies.length === 0) return undefined;
  return { Version: '2012-10-17', Statement: policies.flatMap(({ Statement }) => Statement) };
}

/** Services that answer a refusal with another name or status than the JSON protocols do (`AccessDeniedException`, 400). */
const REFUSALS: Readonly<Record<string, { code: string; status: number }>> = {
  's3': { code: 'AccessDenied', status: 403 },
  'sts': { code: 'AccessDenied', status: 403 },
  'iam': { code: 'AccessDenied', status: 403 },
  'lambda': { code: 'AccessDeniedException', status: 403 },
  'execute-api': { code: 'AccessDeniedException', status: 403 },
};

function denial(request: AuthorizationRequest, caller: Caller, verdict: Verdict): ServiceError {
  const { code, status } = REFUSALS[request.action.split(':')[0]] ?? { code: 'AccessDeniedException', status: 400 };
  const who = caller.service ?? caller.arn ?? 'anonymous';
  const on = request.resource === '*' ? '' : ` on resource: ${request.resource}`;
  return new ServiceError(code, `User: ${who} is not authorized to perform: ${request.action}${on} ${reason(request, verdict)}`, status);
}

function reason({ action }: AuthorizationRequest, { outcome, deniedBy, identityAllows, sessionAllows }: Verdict): string {
  if (outcome === 'ExplicitlyDenied') return `with an explicit deny in ${deniedBy === 'identity' ? 'an identity-based' : `a ${deniedBy}`} policy`;
  if (!sessionAllows) return `because no session policy allows the ${action} action`;
  return `because no ${identityAllows ? 'resource-based' : 'identity-based'} policy allows the ${action} action`;
}
