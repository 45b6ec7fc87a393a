/** Mistakes that newcomers make, each with what they are told. */
import { Stack, Token } from 'aws-cdk-lib';
import { CognitoUserPoolsAuthorizer, TokenAuthorizer, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, AnyPrincipal, ArnPrincipal, CompositePrincipal, Group, IGrantable, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ApiEndpoint, AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, QueryableData, SubmitAccess } from '../../src';
import { refusal } from '../support/refusal';
import { synth } from '../support/synth-queries';

const ENV = { account: '111122223333', region: 'eu-central-1' };

type Props = ((stack: Stack) => AsyncAthenaQueryApiProps) | undefined;
type Then = (queries: AsyncAthenaQueryApi, stack: Stack) => void;

const tables = (options: { database?: string; tables?: string[] }) => (stack: Stack): AsyncAthenaQueryApiProps => ({
  queryableData: [QueryableData.glueTables({ database: 'sales', bucket: Bucket.fromBucketName(stack, 'Data', 'data'), ...options })],
});
const grantTo = (grantee: (stack: Stack) => IGrantable): Then => (queries, stack) => void queries.grantInvoke(grantee(stack));
const roleOf = (account: string) => (stack: Stack) => Role.fromRoleArn(stack, 'Caller', `arn:aws:iam::${account}:role/caller`);

const LOWER_CASE = 'in lower case';

const ROLE = 'arn:aws:iam::111122223333:role/readers';
const refused: [message: string, props?: (stack: Stack) => AsyncAthenaQueryApiProps, then?: Then][] = [
  [`database must be ${LOWER_CASE}, got "Sales"; Glue stores names in lower case: write sales`, () => ({ database: 'Sales' })],
  [`database must be ${LOWER_CASE}, got "Sales"; Glue stores names in lower case: write sales`, () => ({ database: 'Sales', catalog: 'awsdatacatalog' })],
  ['database must be a name without its catalog before it, got "AwsDataCatalog.sales"; write sales', () => ({ database: 'AwsDataCatalog.sales' })],
  ['database must be a name without its catalog before it, got "lake.Sales"; write Sales', () => ({ database: 'lake.Sales', catalog: 'lake' })],
  [`database of QueryableData.glueTables must be ${LOWER_CASE}, got "Sales"; Glue stores names in lower case: write sales`, tables({ database: 'Sales' })],
  ['database of QueryableData.glueTables must be a name without its catalog before it, got "awsdatacatalog.sales"; write sales', tables({ database: 'awsdatacatalog.sales' })],
  [`every table of QueryableData.glueTables must be ${LOWER_CASE}, got "Orders"; Glue stores names in lower case: write orders`, tables({ tables: ['items', 'Orders'] })],
  ['every table of QueryableData.glueTables must be a name without its database before it, got "sales.orders"; write orders', tables({ tables: ['sales.orders'] })],
  [
    'the account of every one of queryReaders must be 111122223333, got "444455556666"; make a role in this account that the caller may assume '
      + '(new Role with assumedBy), and name that role',
    (stack) => ({ queryReaders: [roleOf('444455556666')(stack)] }),
  ],
  ...[roleOf('444455556666'), () => new AccountPrincipal('444455556666')].map((grantee): [string, undefined, Then] => [
    'the account of the grantee of grantInvoke must be 111122223333, got "444455556666"; make a role in this account that the caller may assume '
      + '(new Role with assumedBy), and name that role',
    undefined, grantTo(grantee),
  ]),
  ...[roleOf('444455556666'), () => new AccountPrincipal('444455556666')].map((grantee): [string, Props, Then] => [
    'the account of the grantee of grantInvoke must be 111122223333, got "444455556666"; accounts of SubmitAccess.iam lets it in already: in that account, '
      + 'allow the caller execute-api:Invoke on the methods of the API',
    () => ({ submitAccess: SubmitAccess.iam({ accounts: ['444455556666'] }) }), grantTo(grantee),
  ]),
  [
    'accounts of SubmitAccess.iam must be other accounts than that of the API, got "111122223333"; leave it out: grantInvoke lets callers of this account in',
    () => ({ submitAccess: SubmitAccess.iam({ accounts: ['444455556666', '111122223333'] }) }),
  ],
];

const keys = (stack: Stack) => SubmitAccess.apiKey({ plans: [new UsagePlan(stack, 'Plan')] });
const people = (stack: Stack) => SubmitAccess.cognito({ userPools: [new UserPool(stack, 'People')] });
const decider = (stack: Stack) => new TokenAuthorizer(stack, 'Authorizer', { handler: LambdaFunction.fromFunctionName(stack, 'WhoAsks', 'who-asks') });
/** Ways of access that do not ask IAM, and how they let a caller in. */
const withoutIam: [factory: string, access: (stack: Stack) => SubmitAccess, instead: string][] = [
  ['SubmitAccess.apiKey', keys, 'add its key to one of the plans: plan.addApiKey(key)'],
  ['SubmitAccess.authorizer', (stack) => SubmitAccess.authorizer({ authorizer: decider(stack) }), 'have the function of the authorizer allow its requests'],
  ['SubmitAccess.cognito', people, 'give it a token of one of the user pools'],
];

test.each(withoutIam)('with %s nothing is granted, and nobody is a reader', (factory, access, instead) => {
  expect(() => synth((stack) => ({ submitAccess: access(stack) }), grantTo((stack) => new User(stack, 'Caller')))).toThrow(refusal(
    `submitAccess of a construct whose grantInvoke is called must be SubmitAccess.iam(…), got "${factory}"; to let a caller in, ${instead}`,
  ));
  expect(() => synth((stack) => ({ submitAccess: access(stack), queryReaders: [new User(stack, 'Reader')] }))).toThrow(refusal(
    `queryReaders must be left out with ${factory}, got [an instance of User]; `
      + 'readers are known by the ARN of their role or user, which callers have only with SubmitAccess.iam',
  ));
  expect(() => synth((stack) => ({ submitAccess: access(stack), queryReaders: [] }))).not.toThrow();
});

test('keys need plans that can be given a stage', () => {
  expect(() => SubmitAccess.apiKey({ plans: [] })).toThrow(refusal(
    'plans of SubmitAccess.apiKey must be one plan or more, got []; make one with new UsagePlan(…): keys that are in no plan of the API are refused',
  ));
  // In plain JavaScript, where no compiler refuses it.
  const imported = [{ plans: [UsagePlan.fromUsagePlanId(new Stack(), 'Plan', 'abc123')] }];
  expect(() => Reflect.apply(SubmitAccess.apiKey, SubmitAccess, imported)).toThrow(/every entry in plans of SubmitAccess\.apiKey must be a usage plan of the app, got .*; make it with new UsagePlan/);
});

test('an authorizer is a function', () => {
  const stack = new Stack();
  const pools = new CognitoUserPoolsAuthorizer(stack, 'Pools', { cognitoUserPools: [new UserPool(stack, 'People')] });
  expect(() => SubmitAccess.authorizer({ authorizer: pools })).toThrow(refusal(
    'authorizer of SubmitAccess.authorizer must be a TokenAuthorizer or a RequestAuthorizer, got "COGNITO_USER_POOLS"; '
      + 'for user pools there is SubmitAccess.cognito({ userPools: […] })',
  ));
  expect(() => SubmitAccess.authorizer({ authorizer: { authorizerId: 'abc123' } })).toThrow(/must be a TokenAuthorizer or a RequestAuthorizer, got undefined; make it with/);
});

test('an authorizer is of one API', () => {
  const stack = new Stack();
  const submitAccess = SubmitAccess.authorizer({ authorizer: decider(stack) });
  new AsyncAthenaQueryApi(stack, 'One', { submitAccess });
  expect(() => new AsyncAthenaQueryApi(stack, 'Two', { submitAccess })).toThrow(/two different rest APIs/);
});

const ENDPOINT = 'vpce-0aaa1111bbb2222cc';
const endpointsRefused: [message: string, ids: string[]][] = [
  ['vpcEndpoints of ApiEndpoint.privateEndpoint must be 1 to 50 VPC endpoints, got "0 VPC endpoints"; nobody could call the API: name one, or use ApiEndpoint.regional()', []],
  [
    'vpcEndpoints of ApiEndpoint.privateEndpoint must be 1 to 50 VPC endpoints, got "51 VPC endpoints"; have VPCs share an endpoint, such as over a transit gateway',
    Array.from({ length: 51 }, (_, index) => `vpce-${index}`),
  ],
  [
    'every one of vpcEndpoints of ApiEndpoint.privateEndpoint must be one with an id such as vpce-0123456789abcdef0, got "vpc-1"; give the id, and not its DNS name',
    [ENDPOINT, 'vpc-1'],
  ],
  [`every one of vpcEndpoints of ApiEndpoint.privateEndpoint must be there once, got "${ENDPOINT}"; leave out the others`, [ENDPOINT, ENDPOINT]],
];

test.each(endpointsRefused)('is refused: %s', (message, ids) => {
  const vpcEndpoints = ids.map((vpcEndpointId, index) => (
    InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(new Stack(), `Endpoint${index}`, { vpcEndpointId, port: 443 })
  ));
  expect(() => ApiEndpoint.privateEndpoint({ vpcEndpoints })).toThrow(refusal(message));
});

const poolsRefused: [message: string, pools: number, scopes?: string[]][] = [
  ['userPools of SubmitAccess.cognito must be one user pool or more, got []; make one with new UserPool(…), or look it up with UserPool.fromUserPoolId(…)', 0],
  ['scopes of SubmitAccess.cognito must be one scope or more, got []; leave it out if callers send identity tokens', 1, []],
  ...['a b', '', 'a"b'].map((scope): [string, number, string[]] => [
    `every scope in scopes of SubmitAccess.cognito must be a scope without spaces and quotes, got ${JSON.stringify(scope)}; write it as \`server/scope\`, one entry for each`,
    1, ['queries/submit', scope],
  ]),
];

test.each(poolsRefused.map(([message, pools, scopes]) => ({ message, pools, scopes })))('is refused: $message', ({ message, pools, scopes }) => {
  const userPools = Array.from({ length: pools }, () => UserPool.fromUserPoolId(new Stack(), 'People', 'eu-west-1_People'));
  expect(() => SubmitAccess.cognito({ userPools, scopes })).toThrow(refusal(message));
});

type Accounts = string[];
const accountsRefused: [message: string, accounts: Accounts][] = [
  ['accounts of SubmitAccess.iam must be 1 to 100 accounts, got "0 accounts"; leave it out if only this account may call', []],
  ['accounts of SubmitAccess.iam must be 1 to 100 accounts, got "101 accounts"; have callers of the others assume a role of this account', Array(101).fill('444455556666')],
  ['every account in accounts of SubmitAccess.iam must be the 12 digits of an account, got "4444-5555-6666"; write them in quotes, without hyphens', ['4444-5555-6666']],
  ['accounts of SubmitAccess.iam must be known at synthesis, got "a token"; write the list out; its entries may be tokens', Token.asList({ Ref: 'Accounts' })],
];

test.each(accountsRefused)('is refused: %s', (message, accounts) => {
  expect(() => SubmitAccess.iam({ accounts })).toThrow(refusal(message));
});

test.each(refused.map(([message, props, then]) => ({ message, props, then })))('is refused: $message', ({ message, props, then }) => {
  expect(() => synth(props, then, { env: ENV })).toThrow(refusal(message));
});

const right: [name: string, props?: (stack: Stack) => AsyncAthenaQueryApiProps, then?: Then][] = [
  ['a database of another catalog', () => ({ database: 'Sales', catalog: 'lake' })],
  ['a database of a catalog that is known at deployment', () => ({ database: 'Sales', catalog: Token.asString({ Ref: 'Catalog' }) })],
  ['a database that is known at deployment', () => ({ database: Token.asString({ Ref: 'Database' }) })],
  ['tables that are known at deployment', tables({ database: Token.asString({ Ref: 'Database' }), tables: [Token.asString({ Ref: 'Table' })] })],
  ['readers', (stack) => ({
    queryReaders: [
      new Role(stack, 'New', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }), new User(stack, 'User'),
      Role.fromRoleArn(stack, 'Token', Token.asString({ Ref: 'RoleArn' })), Role.fromRoleName(stack, 'Named', 'named'),
    ],
  })],
  ['a role of this account', undefined, grantTo(roleOf(ENV.account))],
  ['accounts, and a role of this one', () => ({ submitAccess: SubmitAccess.iam({ accounts: ['444455556666'] }) }), grantTo(roleOf(ENV.account))],
  ['an account that is known at deployment', () => ({ submitAccess: SubmitAccess.iam({ accounts: [Token.asString({ Ref: 'Account' })] }) })],
];

test.each(right.map(([name, props, then]) => ({ name, props, then })))('is right: $name', ({ props, then }) => {
  expect(() => synth(props, then, { env: ENV })).not.toThrow();
});

test('is right: a role of some account, in a stack for any account', () => {
  expect(() => synth(undefined, grantTo(roleOf('444455556666')))).not.toThrow();
});

const NO_READERS: [what: string, reader: (stack: Stack) => IGrantable][] = [
  ['everybody', () => new AnyPrincipal()],
  ['a whole account', () => new AccountPrincipal(ENV.account)],
  ['a service', () => new ServicePrincipal('lambda.amazonaws.com')],
  ['a group by name', (stack) => Group.fromGroupName(stack, 'Group', 'people')],
  ['a new group', (stack) => new Group(stack, 'Group')],
  ['all roles', () => new ArnPrincipal('arn:aws:iam::111122223333:role/*')],
  ['a role under a condition', () => new ArnPrincipal(ROLE).withConditions({ Bool: { 'aws:SecureTransport': 'true' } })],
  ['two roles at once', () => new CompositePrincipal(new ArnPrincipal(ROLE), new ArnPrincipal('arn:aws:iam::111122223333:role/others'))],
];

test.each(NO_READERS)('is no reader: %s', (_what, reader) => {
  expect(() => synth((stack) => ({ queryReaders: [reader(stack)] }), undefined, { env: ENV }))
    .toThrow(expect.objectContaining({
      name: 'InvalidPropError',
      message: expect.stringMatching(/every one of queryReaders must be a role or a user, got ".+"; name each role and user by itself, as in Role\.fromRoleArn\(…\)$/),
    }));
});
