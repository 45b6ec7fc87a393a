import { randomBytes } from 'node:crypto';
import { parseArn } from '../aws/arn';
import { AwsEnvironment, Caller, PolicyDocument } from '../aws/service';
import { Clock } from '../clock';
import { Role } from '../iam/roles';

/** What a caller signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present for a session. */
  readonly sessionToken?: string;
  /** Epoch milliseconds, on a whole second; absent for a user's own key. */
  readonly expiresAt?: number;
}

export interface SessionCredentials extends Credentials {
  readonly sessionToken: string;
  readonly expiresAt: number;
}

/** Credentials together with whom they stand for. */
export interface IssuedCredentials extends Credentials {
  readonly caller: Caller;
}

export interface RoleSession {
  readonly role: Role;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly sessionPolicies?: readonly PolicyDocument[];
}

/** Every key that was ever issued, so that a signature tells who calls. */
export class CredentialStore {
  private readonly issued = new Map<string, IssuedCredentials>();

  constructor(private readonly environment: AwsEnvironment, private readonly clock: Clock) {}

  /** A long-lived key for a user. */
  issueForUser(user: Caller): Credentials {
    return this.issue({ accessKeyId: keyId('AKIA'), secretAccessKey: secret(), caller: user });
  }

  /** Temporary credentials for a session of a role; whether the caller may have them, `Sts` decides. */
  issueForRole(session: RoleSession): SessionCredentials {
    const credentials = {
      accessKeyId: keyId('ASIA'),
      secretAccessKey: secret(),
      sessionToken: randomBytes(180).toString('base64'),
      expiresAt: (Math.floor(this.clock.now() / 1000) + session.durationSeconds) * 1000,
    };
    this.issue({ ...credentials, caller: roleSessionCaller(session, this.environment) });
    return credentials;
  }

  find(accessKeyId: string): IssuedCredentials | undefined {
    return this.issued.get(accessKeyId);
  }

  private issue({ caller, ...credentials }: IssuedCredentials): Credentials {
    this.issued.set(credentials.accessKeyId, { ...credentials, caller });
    return credentials;
  }
}

/** A session of a role as a caller, for services that act with a role's rights and need no signature. */
export function roleSessionCaller(session: Omit<RoleSession, 'durationSeconds'>, environment: AwsEnvironment): Caller {
  const { partition } = environment;
  const { account: accountId } = parseArn(session.role.arn);
  return {
    arn: `arn:${partition}:sts::${accountId}:assumed-role/${session.role.name}/${session.sessionName}`,
    accountId,
    principalId: `${session.role.id}:${session.sessionName}`,
    roleArn: session.role.arn,
    sessionPolicies: session.sessionPolicies,
  };
}

function keyId(prefix: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + [...randomBytes(16)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function secret(): string {
  return randomBytes(30).toString('base64');
}
