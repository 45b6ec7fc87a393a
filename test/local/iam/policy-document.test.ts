import { assertPolicy, PolicyKind } from '../../../local/iam/policy-document';
import { Roles } from '../../../local/iam/roles';
import { JsonObject, JsonValue } from '../../../local/json';
import { environment } from '../http/small-cloud';

const document = (...Statement: JsonObject[]) => ({ Version: '2012-10-17', Statement });
const allow = (fields: JsonObject = {}) => document({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*', ...fields });
const when = (operator: string, key: string) => allow({ Condition: { [operator]: { [key]: 'true' } } });
const trust = (Principal: JsonValue, Action = 'sts:AssumeRole') => document({ Effect: 'Allow', Principal, Action });

test.each<[string, PolicyKind, ReturnType<typeof document>]>([
  ['a condition', 'identity', when('StringEquals', 'aws:SourceArn')],
  ['key names in any case', 'identity', when('ArnLikeIfExists', 'AWS:SourceArn')],
  ['a set operator', 'identity', when('ForAllValues:StringLike', 'aws:TagKeys')],
  ['a key of a service', 'identity', when('StringEquals', 's3:x-amz-acl')],
  ['a key that names a tag', 'identity', when('Null', 'aws:PrincipalTag/team')],
  ['any resource', 'identity', allow({ Resource: '*' })],
  ['wildcards in an ARN', 'identity', allow({ Resource: ['arn:aws:s3:::*', 'arn:*:logs:*:*:*'] })],
  ['a service', 'trust', trust({ Service: ['lambda.amazonaws.com', 'states.eu-west-1.amazonaws.com'] })],
  ['an account', 'trust', trust({ AWS: ['111122223333', 'arn:aws-cn:iam::444455556666:root'] })],
  ['a session', 'resource', document({ Effect: 'Allow', Principal: { AWS: 'arn:aws:sts::111122223333:assumed-role/r/s' }, Action: 's3:*', Resource: '*' })],
  ['everybody', 'resource', document({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Sid: 'Not over HTTP' })],
])('IAM takes %s', async (_, kind, policy) => {
  await expect(assertPolicy(policy, kind, 'P')).resolves.toBeUndefined();
});

test.each<[string, PolicyKind, ReturnType<typeof document>, string]>([
  ['an unknown operator', 'identity', when('StringEqual', 'aws:SourceArn'), 'condition operator StringEqual'],
  ['Null that may be absent', 'identity', when('NullIfExists', 'aws:SourceArn'), 'condition operator NullIfExists'],
  ['an unknown global key', 'identity', when('StringEquals', 'aws:SourceArm'), 'condition key aws:SourceArm'],
  ['an unknown key of a service', 'resource', document({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*', Condition: { Bool: { 's3:secure': 'true' } } }),
    'condition key s3:secure'],
  ['a resource that is no ARN', 'identity', allow({ Resource: 'bucket' }), 'must be in ARN format'],
  ['an ARN of any service', 'identity', allow({ Resource: 'arn:aws:*:::b' }), 'must be in ARN format'],
  ['two statements of one name', 'identity', document({ Sid: 'A', Effect: 'Allow', Action: 's3:*', Resource: '*' }, { Sid: 'A', Effect: 'Deny', Action: 's3:*', Resource: '*' }),
    'must be unique'],
  ['a name with a space', 'identity', allow({ Sid: 'a b' }), 'alpha-numeric'],
  ['a service by half its name', 'trust', trust({ Service: 'lambda' }), '"Service":"lambda"'],
  ['a service elsewhere', 'trust', trust({ Service: 'lambda.example.com' }), 'Invalid principal'],
  ['all roles of an account', 'trust', trust({ AWS: 'arn:aws:iam::111122223333:role/*' }), 'Invalid principal'],
  ['a name for a principal', 'trust', trust({ AWS: 'me' }), 'Invalid principal'],
  ['a principal without its kind', 'trust', trust('lambda.amazonaws.com'), 'Invalid principal'],
  ['nobody', 'trust', trust({}), 'Invalid principal'],
  ['another action than to assume', 'trust', trust({ Service: 'lambda.amazonaws.com' }, 's3:GetObject'), 'may only specify STS AssumeRole actions'],
])('IAM refuses %s', async (_, kind, policy, message) => {
  await expect(assertPolicy(policy, kind, 'P')).rejects.toThrow(message);
});

test('a role of the account can be trusted when it is there', () => {
  const roles = new Roles(environment);
  const first = `arn:aws:iam::${environment.accountId}:role/first`;
  const create = (name: string, AWS: string) => () => roles.create({ name, trustPolicy: trust({ AWS }) });
  expect(create('second', first)).toThrow(`Invalid principal in policy: "AWS":"${first}"`);
  roles.create({ name: 'first', trustPolicy: trust({ Service: 'lambda.amazonaws.com' }) });
  expect(create('second', first)).not.toThrow();
  expect(create('third', 'arn:aws:iam::444455556666:role/elsewhere')).not.toThrow();
});
