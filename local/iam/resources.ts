import { assertPolicy, readPolicy, toPolicyDocument } from './policy-document';
import { NamedPolicy, Role, RoleOptions, Roles } from './roles';
import { CreatedResource, DeletionRefused, formerly, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';

/** Resource types of IAM. Users, groups and permission boundaries are refused by name. */
export function iamResources(roles: Roles): ResourceProviders {
  return {
    'AWS::IAM::Role': async (request) => describeRole(roles.create(await readRole(request))),

    'AWS::IAM::Policy': async (request) => {
      const { name, document, attached } = await readInlinePolicy(request);
      for (const role of attached) roles.putInlinePolicy(role, { name, document });
      return { ref: name };
    },

    'AWS::IAM::ManagedPolicy': async (request) => {
      const { name, path, document, attached } = await readManagedPolicy(request);
      const arn = roles.createManagedPolicy({ name, document }, path);
      for (const role of attached) roles.attachManagedPolicy(role, arn);
      return { ref: arn, attributes: { PolicyArn: arn } };
    },
  };
}

/** What becomes of them in updates. Sessions of a role have from then on what its policies allow. */
export function iamResourceChanges(roles: Roles): ResourceChanges {
  return {
    'AWS::IAM::Role': {
      update: async (request) => describeRole(roles.change(await readRole(request), await readRole(formerly(request)))),
      remove: async (request) => refuseIf(roles.remove(await readRole(formerly(request)))),
    },
    'AWS::IAM::Policy': {
      update: async (request) => {
        const { name, document, attached } = await readInlinePolicy(request);
        const former = await readInlinePolicy(formerly(request));
        for (const role of attached) roles.putInlinePolicy(role, { name, document });
        const gone = former.attached.filter((role) => former.name !== name || !attached.includes(role));
        for (const role of gone) roles.removeInlinePolicy(role, former.name);
        return { ref: name };
      },
      remove: async (request) => {
        const { name, attached } = await readInlinePolicy(formerly(request));
        for (const role of attached) roles.removeInlinePolicy(role, name);
      },
    },
    'AWS::IAM::ManagedPolicy': {
      update: async (request) => {
        const { current: { ref: arn } } = request;
        const { document, attached } = await readManagedPolicy(request);
        const former = await readManagedPolicy(formerly(request));
        roles.changeManagedPolicy(arn, document);
        for (const role of attached) roles.attachManagedPolicy(role, arn);
        for (const role of former.attached.filter((name) => !attached.includes(name))) roles.detachManagedPolicy(role, arn);
        return { ref: arn, attributes: { PolicyArn: arn } };
      },
      remove: async (request) => {
        const { current: { ref: arn } } = request;
        for (const role of (await readManagedPolicy(formerly(request))).attached) roles.detachManagedPolicy(role, arn);
        refuseIf(roles.removeManagedPolicy(arn));
      },
    },
  };
}

function refuseIf(reason: string | undefined): void {
  if (reason !== undefined) throw new DeletionRefused(reason);
}

async function readRole(request: ResourceRequest): Promise<RoleOptions> {
  const { properties, logicalId } = request;
  // Neither has an effect here: the evaluator is given no principal tags, and a policy that asks for them is an error.
  properties.notModelled('Description', 'Tags');
  return {
    name: properties.optionalString('RoleName') ?? request.physicalName(64),
    path: properties.optionalString('Path'),
    trustPolicy: await readPolicy(properties, 'AssumeRolePolicyDocument', 'trust', logicalId),
    maxSessionDuration: properties.number('MaxSessionDuration'),
    inlinePolicies: await inlinePolicies(request),
    managedPolicyArns: properties.strings('ManagedPolicyArns'),
  };
}

function describeRole(role: Role): CreatedResource {
  return { ref: role.name, attributes: { Arn: role.arn, RoleId: role.id } };
}

async function readInlinePolicy(request: ResourceRequest) {
  const { properties, logicalId } = request;
  return {
    name: properties.string('PolicyName'),
    document: await readPolicy(properties, 'PolicyDocument', 'identity', logicalId),
    attached: attachedRoles(request),
  };
}

async function readManagedPolicy(request: ResourceRequest) {
  const { properties, logicalId } = request;
  properties.notModelled('Description');
  assertNoUsersOrGroups(properties);
  return {
    name: properties.optionalString('ManagedPolicyName') ?? request.physicalName(128),
    path: properties.optionalString('Path'),
    document: await readPolicy(properties, 'PolicyDocument', 'identity', logicalId),
    attached: properties.strings('Roles') ?? [],
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
