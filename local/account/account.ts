import { Authorize, AwsEnvironment } from '../aws/service';
import { Clock } from '../clock';
import { CredentialStore } from './credentials';
import { ServiceSessions } from './service-sessions';
import { Authorizer, createAuthorizer } from '../iam/authorize';
import { Roles } from '../iam/roles';
import { Users } from '../iam/users';

/** Everything that decides who may do what. */
export interface Account {
  readonly roles: Roles;
  readonly users: Users;
  readonly authorizer: Authorizer;
  readonly authorize: Authorize;
  readonly credentials: CredentialStore;
  readonly sessions: ServiceSessions;
}

export function createAccount(environment: AwsEnvironment, clock: Clock): Account {
  const roles = new Roles(environment);
  const users = new Users(environment);
  const authorizer = createAuthorizer({ environment, clock, roles, users });
  const { authorize } = authorizer;
  const credentials = new CredentialStore(environment, clock);
  return { roles, users, authorizer, authorize, credentials, sessions: new ServiceSessions({ environment, roles, credentials, authorize }) };
}
