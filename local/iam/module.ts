import { Authorizer } from './authorize';
import { iamResources } from './resources';
import { Roles } from './roles';
import { Users } from './users';
import { CloudContext, ServiceModule } from '../service-module';

/** IAM: only templates speak to it. */
export function iamModule({ roles, users, authorizer }: CloudContext): ServiceModule<{
  readonly roles: Roles; readonly users: Users; readonly authorizer: Authorizer;
}> {
  return { provides: { roles, users, authorizer }, resources: iamResources(roles) };
}
