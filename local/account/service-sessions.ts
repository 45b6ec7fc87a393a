import { CredentialStore, RoleSession, roleSessionCaller, SessionCredentials } from './credentials';
import { Authorize, AwsEnvironment, CallContext, Caller, ServiceError } from '../aws/service';
import { Roles } from '../iam/roles';

export interface ServiceSessionsOptions {
  readonly environment: AwsEnvironment;
  readonly roles: Roles;
  readonly credentials: CredentialStore;
  readonly authorize: Authorize;
}

/** On whose behalf a service assumes a role: trust policies can ask for it. */
export type SessionSource = Pick<CallContext, 'sourceArn' | 'sourceAccount'>;

/** An hour: services renew their sessions by themselves. */
const SESSION_SECONDS = 3600;

/** Sessions of roles that services act with, such as Lambda with a function's role. The role must trust the service. */
export class ServiceSessions {
  constructor(private readonly options: ServiceSessionsOptions) {}

  /** Who the service is when it acts with the role, for calls inside the cloud. */
  async caller(roleArn: string, service: string, sessionName: string, source?: SessionSource): Promise<Caller> {
    return roleSessionCaller(await this.session(roleArn, service, sessionName, source), this.options.environment);
  }

  /** What the service hands to a process that acts with the role. */
  async credentialsFor(roleArn: string, service: string, sessionName: string): Promise<SessionCredentials> {
    return this.options.credentials.issueForRole(await this.session(roleArn, service, sessionName));
  }

  private async session(roleArn: string, service: string, sessionName: string, source?: SessionSource): Promise<RoleSession> {
    const role = this.options.roles.find(roleArn);
    if (role === undefined) throw new ServiceError('AccessDeniedException', `The role ${roleArn} cannot be assumed by ${service}`, 403);
    const request = { action: 'sts:AssumeRole', resource: roleArn, resourcePolicy: role.trustPolicy };
    await this.options.authorize(request, { caller: { service }, ...source });
    return { role, sessionName: sessionName.replace(/[^\w+=,.@-]/g, '-').slice(0, 64), durationSeconds: SESSION_SECONDS };
  }
}
