import { assertPolicy, readPolicy, toPolicyDocument } from './policy-document';
import { NamedPolicy, Roles } from './roles';
import { ResourceProviders, ResourceRequest } from '../template/resource';

/** Resource types of IAM. Users, groups and permission boundaries are refused by name. */
export function iamResources(roles: Roles): ResourceProviders {
  return {
    'AWS::IAM::Role': async (request) => {
      const { properties, logicalId } = request;
      const role = roles.create({
        name: properties.optionalString('RoleName') ?? request.physicalName(64),
        path: properties.optionalString('Path'),
        trustPolicy: await readPolicy(properties, 'AssumeRolePolicyDocument', 'trust', logicalId),
        maxSessionDuration: properties.number('MaxSessionDuration'),
        inlinePolicies: await inlinePolicies(request),
        managedPolicyArns: properties.strings('ManagedPolicyArns'),
      });
      // Neither has an effect here: the evaluator is given no principal tags, and a policy that asks for them is an error.
      properties.notModelled('Description', 'Tags');
      return { ref: role.name, attributes: { Arn: role.arn, RoleId: role.id } };
    },

    'AWS::IAM::Policy': async (request) => {
      const { properties, logicalId } = request;
      const name = properties.string('PolicyName');
      const document = await readPolicy(properties, 'PolicyDocument', 'identity', logicalId);
      for (const role of attachedRoles(request)) roles.putInlinePolicy(role, { name, document });
      return { ref: name };
    },

    'AWS::IAM::ManagedPolicy': async (request) => {
      const { properties, logicalId } = request;
      const document = await readPolicy(properties, 'PolicyDocument', 'identity', logicalId);
      const name = properties.optionalString('ManagedPolicyName') ?? request.physicalName(128);
      const arn = roles.createManagedPolicy({ name, document }, properties.optionalString('Path'));
      for (const role of properties.strings('Roles') ?? []) roles.attachManagedPolicy(role, arn);
      properties.notModelled('Description');
      assertNoUsersOrGroups(properties);
      return { ref: arn, attributes: { PolicyArn: arn } };
    },
  };
}

async function inlinePolicies({ properties, logicalId }: ResourceRequest): Promise<readonly NamedPolicy[]> {
  const policies = properties.list('Policies', (policy) => ({
    name: policy.string('PolicyName'),
    document: toPolicyDocument(policy.json('PolicyDocument'), `${logicalId}.Policies`),
  })) ?? [];
  for (const { name, document } of policies) await assertPolicy(document, 'identity', `${logicalId}.Policies ${name}`);
  return policies;
}

function attachedRoles({ properties, logicalId }: ResourceRequest): string[] {
  assertNoUsersOrGroups(properties);
  const names = properties.strings('Roles') ?? [];
  if (names.length === 0) throw new Error(`${logicalId}: at least one of Groups, Roles or Users must be given`);
  return names;
}

function assertNoUsersOrGroups(properties: ResourceRequest['properties']): void {
  for (const name of ['Users', 'Groups']) {
    if ((properties.strings(name) ?? []).length > 0) properties.unsupported(name, 'attaching a policy to IAM users or groups');
  }
}
