import { Duration, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat, AuthorizationType, IntegrationOptions, LambdaIntegration, LogGroupLogDestination, PassthroughBehavior, RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { AccountRootPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ApiClient } from '../../../local/client/api-client';
import { DeployedStack } from '../../../local/client/deployed-stack';
import { LocalCloud } from '../../../local/cloud';
import { expectObject, expectString } from '../../../local/json';
import { deploy } from '../deploy';

const IDENTITY = ['caller', 'user', 'userArn', 'accountId', 'accessKey'];
const TEMPLATE = `{ "id": "$input.params('id')", "page": "$input.params('page')",
  "identity": {${IDENTITY.map((name) => `"${name}": "$context.identity.${name}"`).join(', ')}} }`;

function build(stack: Stack): void {
  const handler = (id: string) => new Function(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(`exports.handler = async (event) => {
      if (event.id === 'gone') throw new Error('Gone: it is gone');
      if (event.id === 'slow') await new Promise((resolve) => setTimeout(resolve, 60 * 60_000));
      return event;
    };`),
    timeout: Duration.minutes(15),
  });
  const api = new RestApi(stack, 'Api', {
    deployOptions: {
      stageName: 'dev',
      accessLogDestination: new LogGroupLogDestination(new LogGroup(stack, 'AccessLog')),
      accessLogFormat: AccessLogFormat.custom('$context.requestId $context.identity.caller $context.identity.user $context.identity.userArn $context.status'),
    },
    cloudWatchRole: true,
    defaultMethodOptions: {
      authorizationType: AuthorizationType.IAM,
      requestParameters: { 'method.request.path.id': true },
      methodResponses: [{ statusCode: '200' }, { statusCode: '410', responseParameters: { 'method.response.header.X-Why': true } }],
    },
  });
  const options: IntegrationOptions = {
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': TEMPLATE },
    integrationResponses: [
      { statusCode: '200' },
      { statusCode: '410', selectionPattern: 'Gone.*', responseParameters: { 'method.response.header.X-Why': '\'gone\'' }, responseTemplates: { 'application/json': '{"Code":"Gone"}' } },
    ],
  };
  const granted = handler('Granted');
  const role = new Role(stack, 'Invoker', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
  granted.grantInvoke(role);
  const query = api.root.addResource('queries').addResource('{id}');
  query.addMethod('GET', new LambdaIntegration(granted, { ...options, proxy: false, credentialsRole: role }));
  query.addMethod('DELETE', new LambdaIntegration(handler('Permitting'), { ...options, proxy: false }));
  const powerless = new Role(stack, 'Powerless', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
  query.addMethod('PUT', new LambdaIntegration(granted, { ...options, proxy: false, credentialsRole: powerless }));
  query.addResource('slow').addMethod('GET', new LambdaIntegration(granted, { ...options, proxy: false, credentialsRole: role, timeout: Duration.millis(50) }));
  for (const name of ['Analysts', 'Others']) {
    const caller = new Role(stack, name, { assumedBy: new AccountRootPrincipal() });
    caller.addToPrincipalPolicy(new PolicyStatement({ actions: ['execute-api:Invoke'], resources: ['*'] }));
  }
}

let cloud: LocalCloud;
let deployment: DeployedStack;
let client: ApiClient;

beforeAll(async () => {
  cloud = await LocalCloud.start();
  deployment = new DeployedStack(cloud, await deploy(cloud, 'Callers', build));
  const url = `https://${deployment.physicalId('AWS::ApiGateway::RestApi', 'Api')}.execute-api.us-east-1.amazonaws.com/dev/queries`;
  client = new ApiClient({
    url: cloud.localUrl(url),
    region: cloud.environment.region,
    credentials: await deployment.assumeRole('Analysts', 'morning'),
    clock: cloud.clock,
    caPem: cloud.certificates.caPem,
  });
}, 120_000);
afterAll(() => cloud.close());

const roleId = (name: string) => String(deployment.resource('AWS::IAM::Role', name).attributes?.RoleId);

test('a session of a role is told by the id of the role, the name of the session and its key', async () => {
  const credentials = await deployment.assumeRole('Analysts', 'me@example.com');
  const { status, body } = await client.as(credentials).get('/abc?page=2');
  expect(status).toBe(200);
  const principalId = `${roleId('Analysts')}:me@example.com`;
  const { ref } = deployment.resource('AWS::IAM::Role', 'Analysts');
  const userArn = `arn:aws:sts::111122223333:assumed-role/${ref}/me@example.com`;
  expect(body).toEqual({
    id: 'abc', page: '2', identity: { caller: principalId, user: principalId, userArn, accountId: '111122223333', accessKey: credentials.accessKeyId },
  });
  const [line] = cloud.logs.lines(deployment.physicalId('AWS::Logs::LogGroup', 'AccessLog')).slice(-1);
  expect(line.message.split(' ').slice(1)).toEqual([principalId, principalId, userArn, '200']);
});

test('sessions of one role share its id, another role has another', async () => {
  const callerOf = async (role: string, session: string) => {
    const { body } = await client.as(await deployment.assumeRole(role, session)).get('/abc');
    return expectString(expectObject(body.identity, 'identity').caller, 'caller');
  };
  const callers = [await callerOf('Analysts', 'one'), await callerOf('Analysts', 'two'), await callerOf('Others', 'one')];
  expect(callers.map((caller) => caller.split(':')[1])).toEqual(['one', 'two', 'one']);
  const ids = callers.map((caller) => caller.split(':')[0]);
  expect(ids[0]).toMatch(/^AROA[A-Z2-7]{17}$/);
  expect([ids[0] === ids[1], ids[0] === ids[2]]).toEqual([true, false]);
});

test('a user is told by an id of its own', async () => {
  const user = deployment.createUserLike('Analysts', 'somebody');
  const { body } = await client.as(user).get('/abc');
  expect(body.identity).toEqual({
    caller: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    user: expect.stringMatching(/^AIDA/),
    userArn: 'arn:aws:iam::111122223333:user/somebody',
    accountId: '111122223333',
    accessKey: user.accessKeyId,
  });
});

test('without a role the policy of the function decides, which knows the method', async () => {
  expect(await client.delete('/abc')).toMatchObject({ status: 200, body: { id: 'abc' } });
});

test('a role that may not invoke is a wrong configuration', async () => {
  expect(await client.send('PUT', '/abc')).toMatchObject({ status: 500, body: { message: 'Internal server error' } });
});

test('an error of the function selects the response, whose headers the client sees', async () => {
  const answer = await client.get('/gone');
  expect(answer).toMatchObject({ status: 410, body: { Code: 'Gone' } });
  expect(answer.headers['x-why']).toBe('gone');
});

test('a path with an escape is signed, routed and handed on as it is', async () => {
  expect(await client.get('/a%2Fb')).toMatchObject({ status: 200, body: { id: 'a%2Fb' } });
});

test('a function that takes too long', async () => {
  expect(await client.get('/slow/slow')).toMatchObject({ status: 504, body: { message: 'Endpoint request timed out' } });
});

test('nothing of this is a fault of the local cloud', () => {
  expect(cloud.faults).toEqual([]);
});
