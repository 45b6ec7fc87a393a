import { createResource } from './create-resource';
import { roleSessionCaller } from '../../../local/account/credentials';
import { iamResources } from '../../../local/iam/resources';
import { JsonObject } from '../../../local/json';
import { Account, createAccount, environment } from '../http/small-cloud';

const TRUST: JsonObject = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

function allow(action: string): JsonObject {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] };
}

function may(account: Account, roleArn: string, action: string, resource: string): Promise<boolean> {
  const role = account.roles.find(roleArn);
  if (role === undefined) throw new Error(`no role ${roleArn}`);
  return account.authorize({ action, resource }, { caller: roleSessionCaller({ role, sessionName: 's1' }, environment) }).then(() => true, () => false);
}

test('a role gets its rights from inline, attached and managed policies', async () => {
  const account = createAccount();
  const providers = iamResources(account.roles);
  const role = await createResource(providers, 'AWS::IAM::Role', {
    AssumeRolePolicyDocument: TRUST,
    Policies: [{ PolicyName: 'Read', PolicyDocument: allow('s3:GetObject') }],
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    Description: 'worker',
  }, 'Worker');
  expect(role).toMatchObject({ ref: 'Stack-Worker-X', attributes: { Arn: 'arn:aws:iam::111122223333:role/Stack-Worker-X' } });
  const arn = role.attributes?.Arn ?? '';
  expect(await may(account, arn, 's3:PutObject', 'arn:aws:s3:::b/k')).toBe(false);
  await createResource(providers, 'AWS::IAM::Policy', { PolicyName: 'Write', PolicyDocument: allow('s3:PutObject'), Roles: [role.ref] });
  expect(await may(account, arn, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe(true);
  expect(await may(account, arn, 's3:PutObject', 'arn:aws:s3:::b/k')).toBe(true);
  expect(await may(account, arn, 'logs:CreateLogStream', 'arn:aws:logs:eu-west-1:111122223333:log-group:g:*')).toBe(false);
  expect(await may(account, arn, 'logs:CreateLogGroup', 'arn:aws:logs:eu-west-1:111122223333:log-group:g')).toBe(true);
  const own = await createResource(providers, 'AWS::IAM::ManagedPolicy', { PolicyDocument: allow('s3:ListBucket'), Roles: [role.ref] }, 'Own');
  expect(own.ref).toBe('arn:aws:iam::111122223333:policy/Stack-Own-X');
  expect(await may(account, arn, 's3:ListBucket', 'arn:aws:s3:::b')).toBe(true);
});

test.each<[string, string, JsonObject, string]>([
  ['an unknown managed policy', 'AWS::IAM::Role', { AssumeRolePolicyDocument: TRUST, ManagedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    'does not know the managed policy arn:aws:iam::aws:policy/ReadOnlyAccess'],
  ['a permissions boundary', 'AWS::IAM::Role', { AssumeRolePolicyDocument: TRUST, PermissionsBoundary: 'arn:x' }, 'does not implement PermissionsBoundary'],
  ['a malformed trust policy', 'AWS::IAM::Role', { AssumeRolePolicyDocument: allow('sts:AssumeRole') }, 'MalformedPolicyDocument'],
  ['a malformed policy', 'AWS::IAM::Policy', { PolicyName: 'P', Roles: ['R'], PolicyDocument: { Statement: [{ Effect: 'Alow', Action: 's3:*', Resource: '*' }] } },
    'MalformedPolicyDocument'],
  ['a policy for users', 'AWS::IAM::Policy', { PolicyName: 'P', Users: ['U'], PolicyDocument: allow('s3:*') }, 'attaching a policy to IAM users or groups'],
  ['a policy for nobody', 'AWS::IAM::Policy', { PolicyName: 'P', PolicyDocument: allow('s3:*') }, 'at least one of Groups, Roles or Users'],
  ['a session longer than IAM allows', 'AWS::IAM::Role', { AssumeRolePolicyDocument: TRUST, MaxSessionDuration: 60 }, 'between 3600 and 43200'],
])('%s is refused', async (_, type, properties, message) => {
  await expect(createResource(iamResources(createAccount().roles), type, properties)).rejects.toThrow(message);
});

/** A policy of about this many characters. */
function sized(characters: number): JsonObject {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${'b'.repeat(characters)}` }] };
}

describe('quotas of IAM', () => {
  async function createRole(account: Account, properties: JsonObject = {}): Promise<string> {
    return (await createResource(iamResources(account.roles), 'AWS::IAM::Role', { AssumeRolePolicyDocument: TRUST, ...properties }, 'Role')).ref;
  }

  test('all inline policies of a role count together', async () => {
    const account = createAccount();
    const role = await createRole(account, { Policies: [{ PolicyName: 'One', PolicyDocument: sized(5_000) }] });
    const attach = (PolicyName: string, characters: number) =>
      createResource(iamResources(account.roles), 'AWS::IAM::Policy', { PolicyName, PolicyDocument: sized(characters), Roles: [role] }, PolicyName);
    await attach('Two', 5_000);
    await expect(attach('Three', 100)).rejects.toThrow('Maximum policy size of 10240 bytes exceeded');
    // The same policy again replaces itself.
    await attach('Two', 4_000);
    await attach('Three', 900);
  });

  test('a managed policy and a trust policy have quotas of their own', async () => {
    const account = createAccount();
    await expect(createResource(iamResources(account.roles), 'AWS::IAM::ManagedPolicy', { PolicyDocument: sized(6_200), Roles: [] }, 'Own'))
      .rejects.toThrow('Maximum policy size of 6144 bytes exceeded');
    const Condition = { StringEquals: { 'aws:SourceAccount': '1'.repeat(2_000) } };
    const AssumeRolePolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole', Condition }],
    };
    await expect(createRole(account, { AssumeRolePolicyDocument })).rejects.toThrow('Maximum policy size of 2048 bytes exceeded');
  });

  test('a role has up to ten managed policies', async () => {
    const account = createAccount();
    const role = await createRole(account);
    const attach = (number: number) =>
      createResource(iamResources(account.roles), 'AWS::IAM::ManagedPolicy', { PolicyDocument: sized(10), Roles: [role] }, `Own${number}`);
    for (let number = 0; number < 10; number++) await attach(number);
    await expect(attach(10)).rejects.toThrow('PoliciesPerRole');
  });
});
