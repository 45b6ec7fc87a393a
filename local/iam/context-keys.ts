import { AwsEnvironment, CallContext } from '../aws/service';
import { Clock } from '../clock';

type ContextKeys = Record<string, string | readonly string[]>;

/** Keys that a call inside one plain account never carries: no organisation, no MFA, no federation, no tags. */
const ABSENT = [
  'aws:MultiFactorAuthAge', 'aws:MultiFactorAuthPresent', 'aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:ResourceOrgID',
  'aws:ResourceOrgPaths', 'aws:SourceOrgID', 'aws:SourceOrgPaths', 'aws:FederatedProvider',
  'aws:SourceIdentity',
];

/** The global condition keys of a call. An empty list states that the key is absent. */
export function globalContextKeys(context: CallContext, resourceAccount: string, environment: AwsEnvironment, clock: Clock): ContextKeys {
  const now = clock.now();
  const calledVia = context.calledVia ?? [];
  return {
    ...Object.fromEntries(ABSENT.map((key) => [key, []])),
    ...networkKeys(context),
    ...principalKeys(context),
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:RequestedRegion': environment.region,
    'aws:ResourceAccount': resourceAccount,
    'aws:SecureTransport': String(context.secureTransport ?? true),
    'aws:SourceArn': optional(context.sourceArn),
    'aws:SourceAccount': optional(context.sourceAccount),
    'aws:CalledVia': calledVia,
    'aws:CalledViaFirst': calledVia.slice(0, 1),
    'aws:CalledViaLast': calledVia.slice(-1),
    'aws:ViaAWSService': String(calledVia.length > 0),
  };
}

/** Where a call came from. The VPC of an endpoint, and the address there, are not known here: a policy that asks for them is an error. */
function networkKeys({ sourceVpce, sourceIp, calledVia = [] }: CallContext): ContextKeys {
  if (sourceVpce !== undefined) return { 'aws:SourceVpce': sourceVpce, 'aws:SourceIp': [] };
  return { 'aws:SourceVpce': [], 'aws:SourceVpc': [], 'aws:VpcSourceIp': [], 'aws:SourceIp': calledVia.length === 0 ? optional(sourceIp) : [] };
}

function principalKeys({ caller }: CallContext): ContextKeys {
  return {
    'aws:PrincipalIsAWSService': String(caller.service !== undefined),
    'aws:PrincipalServiceName': optional(caller.service),
    'aws:PrincipalArn': optional(caller.roleArn ?? caller.arn),
    'aws:PrincipalAccount': optional(caller.accountId),
    'aws:PrincipalType': principalType(caller.arn, caller.roleArn),
    'aws:username': optional(caller.roleArn === undefined ? /:user\/(?:.*\/)?([^/]+)$/.exec(caller.arn ?? '')?.[1] : undefined),
  };
}

function principalType(arn: string | undefined, roleArn: string | undefined): string {
  if (roleArn !== undefined) return 'AssumedRole';
  return arn === undefined ? 'Anonymous' : 'User';
}

function optional(value: string | undefined): string | readonly string[] {
  return value ?? [];
}
