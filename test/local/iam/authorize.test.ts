import { roleSessionCaller } from '../../../local/account/credentials';
import { CallContext, PolicyDocument, ServiceError } from '../../../local/aws/service';
import { Role } from '../../../local/iam/roles';
import { Account, createAccount, environment } from '../http/small-cloud';

const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:letters';
const RULE = 'arn:aws:events:eu-west-1:111122223333:rule/failed';

function policy(...statements: Record<string, string | string[] | Record<string, Record<string, string | string[]>>>[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

function trust(service: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] };
}

function createRole(account: Account, document: PolicyDocument, name = 'Worker'): Role {
  return account.roles.create({ name, trustPolicy: trust('lambda.amazonaws.com'), inlinePolicies: [{ name: 'Inline', document }] });
}

function session(role: Role, ...sessionPolicies: PolicyDocument[]): CallContext {
  return { caller: roleSessionCaller({ role, sessionName: 'one', sessionPolicies }, environment) };
}

const READ = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/results/*' });

describe('what the evaluator does not know by itself', () => {
  const TABLE = 'arn:aws:glue:eu-west-1:111122223333:table/air/flights';
  const request = { action: 'glue:BatchGetTable', resource: TABLE };
  const statement = (Action: string | string[], Effect = 'Allow') => ({ Effect, Action, Resource: '*' });
  const notAction = (NotAction: string | string[], Effect = 'Allow') => ({ Effect, NotAction, Resource: '*' });

  test.each([
    ['its name', true, [statement('glue:BatchGetTable')]],
    ['its name in another case', true, [statement('glue:batchgettable')]],
    ['a pattern', true, [statement(['s3:GetObject', 'glue:BatchGet*'])]],
    ['an action that is like it', false, [statement(['glue:GetTable', 'glue:BatchGetPartition'])]],
    ['another pattern', false, [statement('glue:Get*')]],
    ['all but it', false, [notAction('glue:BatchGetTable')]],
    ['all but another', true, [notAction('glue:GetTable')]],
    ['all, and a deny of it', false, [statement('*'), statement('glue:BatchGet?able', 'Deny')]],
    ['all, and a deny of another', true, [statement('*'), statement('glue:GetTable', 'Deny')]],
  ])('glue:BatchGetTable is decided by %s', async (_, allowed, statements) => {
    const account = createAccount();
    const call = account.authorize(request, session(createRole(account, policy(...statements))));
    await (allowed ? expect(call).resolves.toBeUndefined() : expect(call).rejects.toThrow('not authorized to perform: glue:BatchGetTable'));
  });

  test('and its use is counted under the name that a policy gives it', async () => {
    const account = createAccount();
    const role = createRole(account, policy(statement(['glue:BatchGet*', 'glue:GetTable'])));
    await account.authorize(request, session(role));
    expect(account.authorizer.unusedPermissions()).toEqual([{ roleArn: role.arn, grants: [{ policy: 'Inline', statement: 1, action: 'glue:GetTable' }] }]);
  });

  test.each([
    ['the context that is asked for', { 'kms:EncryptionContext:aws:states:stateMachineArn': 'one' }, true],
    ['another value', { 'kms:EncryptionContext:aws:states:stateMachineArn': 'two' }, false],
    ['another member', { 'kms:EncryptionContext:SourceArn': 'one', 'kms:EncryptionContext:aws:states:stateMachineArn': [] }, false],
  ])('a key is used with %s', async (_, conditions, allowed) => {
    const account = createAccount();
    const Condition = { StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': 'one' } };
    const context = session(createRole(account, policy({ ...statement('kms:Decrypt'), Condition })));
    const resourcePolicy: PolicyDocument = {
      Version: '2012-10-17', Statement: [{ ...statement('kms:*'), Principal: { AWS: 'arn:aws:iam::111122223333:root' } }],
    };
    const call = account.authorize({ action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:111122223333:key/1', resourcePolicy, conditions }, context);
    await (allowed ? expect(call).resolves.toBeUndefined() : expect(call).rejects.toThrow('kms:Decrypt'));
  });
});

describe('a role', () => {
  test('may do what its policy allows, and nothing else', async () => {
    const account = createAccount();
    const context = session(createRole(account, READ));
    await account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/results/a.csv' }, context);
    await expect(account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/other/a.csv' }, context)).rejects.toMatchObject({
      code: 'AccessDenied',
      httpStatus: 403,
      message: 'User: arn:aws:sts::111122223333:assumed-role/Worker/one is not authorized to perform: s3:GetObject on resource: '
        + 'arn:aws:s3:::bucket/other/a.csv because no identity-based policy allows the s3:GetObject action',
    });
    await expect(account.authorize({ action: 's3:PutObject', resource: 'arn:aws:s3:::bucket/results/a.csv' }, context)).rejects.toThrow('s3:PutObject');
  });

  test('of another account has no rights here through its own policies alone', async () => {
    const account = createAccount();
    const context = session(createRole(account, READ));
    const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/results/a', resourceAccount: '999988887777' };
    await expect(account.authorize(request, context)).rejects.toBeInstanceOf(ServiceError);
    const resourcePolicy: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' }],
    };
    await account.authorize({ ...request, resourcePolicy }, context);
  });

  test('takes an asterisk in a key for an asterisk', async () => {
    const account = createAccount();
    const context = session(createRole(account, policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/results/a' })));
    await expect(account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/results/*' }, context)).rejects.toThrow('not authorized');
  });

  test.each([
    ['allows when TLS is used', true, undefined, true],
    ['refuses without TLS', false, undefined, false],
    ['refuses when Athena calls on its behalf', true, ['athena.amazonaws.com'], false],
  ])('%s', async (_, secureTransport, calledVia, allowed) => {
    const account = createAccount();
    const context = session(createRole(account, policy(
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
      { Effect: 'Deny', Action: 'lambda:*', Resource: '*', Condition: { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } } },
    )));
    const call = account.authorize(
      { action: 'lambda:InvokeFunction', resource: 'arn:aws:lambda:eu-west-1:111122223333:function:f' }, { ...context, secureTransport, calledVia },
    );
    if (allowed) await call;
    else await expect(call).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });

  test('is told of an explicit deny', async () => {
    const account = createAccount();
    const context = session(createRole(account, policy(
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      { Effect: 'Deny', Action: 's3:GetObject', Resource: '*', Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } } },
    )));
    await expect(account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' }, context))
      .rejects.toThrow('on resource: arn:aws:s3:::b/k with an explicit deny in an identity-based policy');
  });

  test('may do in a session only what the session policy allows too', async () => {
    const account = createAccount();
    const role = createRole(account, READ);
    const narrow = policy({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::bucket/results/a' });
    const elsewhere = policy({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::bucket/secret' });
    await account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/results/a' }, session(role, narrow));
    await account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/results/a' }, session(role, elsewhere, narrow));
    await expect(account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/results/b' }, session(role, narrow)))
      .rejects.toThrow('because no session policy allows the s3:GetObject action');
    await expect(account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/secret' }, session(role, elsewhere)))
      .rejects.toThrow('no identity-based policy');
  });
});

describe('a policy of a resource', () => {
  const fromRule: PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QUEUE,
      Condition: { ArnEquals: { 'aws:SourceArn': RULE }, StringEquals: { 'aws:SourceAccount': '111122223333' } },
    }],
  };
  const request = { action: 'sqs:SendMessage', resource: QUEUE, resourcePolicy: fromRule };
  const events = { caller: { service: 'events.amazonaws.com' }, sourceArn: RULE, sourceAccount: '111122223333' };

  test('lets in the service it names, from the source it names', async () => {
    const { authorize } = createAccount();
    await authorize(request, events);
    await expect(authorize(request, { ...events, sourceArn: `${RULE}2` })).rejects.toThrow('because no identity-based policy');
    await expect(authorize(request, { ...events, caller: { service: 's3.amazonaws.com' } })).rejects.toThrow('s3.amazonaws.com is not authorized');
    await expect(authorize({ ...request, resourcePolicy: undefined }, events)).rejects.toThrow('not authorized');
  });

  test('can let in a role that has no policies, and anybody', async () => {
    const account = createAccount();
    const role = account.roles.create({ name: 'Bare', trustPolicy: trust('lambda.amazonaws.com') });
    const grant = (principal: Record<string, string> | string): PolicyDocument => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }],
    });
    const get = (resourcePolicy: PolicyDocument) => ({ action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', resourcePolicy });
    await account.authorize(get(grant({ AWS: role.arn })), session(role));
    await account.authorize(get(grant('*')), { caller: {} });
    await expect(account.authorize(get(grant({ AWS: role.arn })), { caller: {} })).rejects.toThrow('User: anonymous');
  });

  test('that denies wins over an administrator', async () => {
    const account = createAccount();
    const caller = account.users.createAdministrator('root-like');
    const resourcePolicy: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    };
    const request2 = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', resourcePolicy };
    await account.authorize(request2, { caller });
    await expect(account.authorize(request2, { caller, secureTransport: false })).rejects.toThrow('explicit deny in a resource-based policy');
  });
});

test('a user may invoke the API its policy names', async () => {
  const account = createAccount();
  const api = 'arn:aws:execute-api:eu-west-1:111122223333:abc/prod/POST/queries';
  const caller = account.users.create('caller', [{ name: 'Invoke', document: policy({ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: api }) }]);
  await account.authorize({ action: 'execute-api:Invoke', resource: api }, { caller });
  await expect(account.authorize({ action: 'execute-api:Invoke', resource: `${api}/x` }, { caller })).rejects.toMatchObject({ httpStatus: 403 });
});

describe('what cannot be decided is an error, never a decision', () => {
  test.each([
    ['an unknown action', { action: 's3:GetObjekt', resource: 'arn:aws:s3:::b/k' }, 'IAM cannot decide s3:GetObjekt'],
    ['a resource left open', { action: 's3:GetObject', resource: '*' }, 's3:GetObject must be asked for one resource'],
    ['a condition key the action does not have', { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', conditions: { 's3:prefix': 'a' } },
      's3:GetObject has no condition key s3:prefix'],
  ])('%s', async (_, request, message) => {
    const account = createAccount();
    const caller = account.users.createAdministrator('any');
    const call = account.authorize(request, { caller });
    await expect(call).rejects.toThrow(message);
    await expect(call).rejects.not.toBeInstanceOf(ServiceError);
  });

  test('a policy that asks for a key the request does not state', async () => {
    const account = createAccount();
    const context = session(createRole(account, policy({
      Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::b', Condition: { StringNotEquals: { 's3:prefix': 'secret/' } },
    })));
    const request = { action: 's3:ListBucket', resource: 'arn:aws:s3:::b' };
    await expect(account.authorize(request, context)).rejects.toThrow('asks for s3:prefix at s3:ListBucket, which the local cloud does not model');
    await account.authorize({ ...request, conditions: { 's3:prefix': [] } }, context);
    await expect(account.authorize({ ...request, conditions: { 's3:prefix': 'secret/' } }, context)).rejects.toBeInstanceOf(ServiceError);
  });
});

test('permissions that no allowed call used are reported', async () => {
  const account = createAccount();
  const role = createRole(account, policy(
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:Put*'], Resource: 'arn:aws:s3:::b/*' },
    { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE },
  ));
  account.roles.attachManagedPolicy('Worker', 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole');
  await account.authorize({ action: 's3:PutObject', resource: 'arn:aws:s3:::b/k' }, session(role));
  await account.authorize({ action: 'sqs:SendMessage', resource: QUEUE }, session(role));
  const logs = { action: 'logs:PutLogEvents', resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:g:log-stream:s' };
  await account.authorize(logs, session(role));
  await account.authorize({ action: 's3:GetObject', resource: 'arn:aws:s3:::other/k' }, session(role)).catch(() => undefined);
  const managed = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  expect(account.authorizer.unusedPermissions()).toEqual([{
    roleArn: role.arn,
    grants: [
      { policy: 'Inline', statement: 1, action: 's3:GetObject' },
      { policy: managed, statement: 1, action: 'logs:CreateLogGroup' },
      { policy: managed, statement: 1, action: 'logs:CreateLogStream' },
    ],
  }]);
});
