import { Authorizer } from './iam/authorize';
import { iamResourceChanges, iamResources } from './iam/resources';
import { Roles } from './iam/roles';
import { Users } from './iam/users';
import { CloudContext, ServiceModule } from './service-module';

/** IAM: only templates speak to it. */
export function iamModule({ roles, users, authorizer }: CloudContext): ServiceModule<{
  readonly roles: Roles; readonly users: Users; readonly authorizer: Authorizer;
}> {
  return { provides: { roles, users, authorizer }, resources: iamResources(roles), changes: iamResourceChanges(roles) };
}
