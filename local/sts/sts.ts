import { CredentialStore } from '../account/credentials';
import { Authorize, AwsEnvironment, AwsService, Caller, CallContext, PolicyDocument, ServiceError } from '../aws/service';
import { messageOf } from '../errors';
import { assertPolicy, toPolicyDocument } from '../iam/policy-document';
import { Role, Roles } from '../iam/roles';
import { JsonObject } from '../json';

/** A role assumed by a session of another role lives an hour at most, whatever the role says. */
const ROLE_CHAINING_SECONDS = 3600;
const MAX_SESSION_POLICY_CHARACTERS = 2048;

export interface StsOptions {
  readonly environment: AwsEnvironment;
  readonly roles: Roles;
  readonly credentials: CredentialStore;
  readonly authorize: Authorize;
}

/** AssumeRole and GetCallerIdentity. Inputs are strings, as the query protocol sends them; times in answers are ISO 8601. */
export class Sts implements AwsService {
  readonly name = 'sts';

  constructor(private readonly options: StsOptions) {}

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    switch (operation) {
      case 'AssumeRole': return this.assumeRole(input, context);
      case 'GetCallerIdentity': return this.getCallerIdentity(context.caller);
      default: throw new Error(`The local STS does not implement ${operation}`);
    }
  }

  private async assumeRole(input: JsonObject, context: CallContext): Promise<JsonObject> {
    const { roleArn, sessionName, duration, policyText, externalId } = readAssumeRole(input);
    const role = this.options.roles.find(roleArn);
    await this.options.authorize({
      action: 'sts:AssumeRole',
      resource: roleArn,
      // A role that does not exist trusts nobody, and AWS does not tell the difference.
      resourcePolicy: role?.trustPolicy ?? TRUSTS_NOBODY,
      conditions: { 'sts:RoleSessionName': sessionName, 'sts:ExternalId': externalId ?? [] },
    }, context);
    if (role === undefined) throw new ServiceError('AccessDenied', `Not authorized to perform sts:AssumeRole on resource: ${roleArn}`, 403);
    assertDuration(duration, role, context.caller);
    const sessionPolicies = policyText === undefined ? undefined : [await parseSessionPolicy(policyText)];
    const issued = this.options.credentials.issueForRole({ role, sessionName, durationSeconds: duration, sessionPolicies });
    const { partition, accountId } = this.options.environment;
    return {
      Credentials: {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: new Date(issued.expiresAt).toISOString().replace('.000Z', 'Z'),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${role.id}:${sessionName}`,
        Arn: `arn:${partition}:sts::${accountId}:assumed-role/${role.name}/${sessionName}`,
      },
    };
  }

  private getCallerIdentity(caller: Caller): JsonObject {
    if (caller.arn === undefined) throw new ServiceError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    if (caller.principalId === undefined) throw new Error(`The local STS does not know the unique id of ${caller.arn}`);
    return {
      UserId: caller.principalId,
      Account: caller.accountId ?? this.options.environment.accountId,
      Arn: caller.arn,
    };
  }
}

const TRUSTS_NOBODY: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' }],
};

interface AssumeRoleInput {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly duration: number;
  readonly policyText?: string;
  readonly externalId?: string;
}

function readAssumeRole(input: JsonObject): AssumeRoleInput {
  const { RoleArn: roleArn, RoleSessionName: sessionName, DurationSeconds: duration, Policy: policyText, ExternalId: externalId, ...rest } = input;
  const unknown = Object.keys(rest);
  if (unknown.length > 0) throw new Error(`The local STS does not implement ${unknown.join(', ')} of AssumeRole`);
  if (typeof roleArn !== 'string' || !/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(roleArn)) throw invalid(`${JSON.stringify(roleArn)} is invalid`);
  if (typeof sessionName !== 'string' || !/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw invalid(`Value '${String(sessionName)}' at 'roleSessionName' failed to satisfy constraint: pattern [\\w+=,.@-]*, length 2 to 64`);
  }
  return {
    roleArn,
    sessionName,
    duration: duration === undefined ? 3600 : Number(duration),
    policyText: policyText === undefined ? undefined : String(policyText),
    externalId: externalId === undefined ? undefined : String(externalId),
  };
}

function assertDuration(seconds: number, role: Role, caller: Caller): void {
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43200) {
    throw invalid(`Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: between 900 and 43200`);
  }
  if (caller.roleArn !== undefined && seconds > ROLE_CHAINING_SECONDS) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining');
  }
  if (seconds > role.maxSessionDuration) throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
}

async function parseSessionPolicy(text: string): Promise<PolicyDocument> {
  if (text.length > MAX_SESSION_POLICY_CHARACTERS) {
    throw invalid(`Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${MAX_SESSION_POLICY_CHARACTERS}`);
  }
  try {
    const document = toPolicyDocument(JSON.parse(text), 'Policy');
    await assertPolicy(document, 'identity', 'Policy');
    return document;
  } catch (error) {
    throw new ServiceError('MalformedPolicyDocument', messageOf(error));
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
