import { Duration, Size, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { TokenAuthorizer, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AccessLogs, ApiEndpoint, AsyncAthenaQueryApi, QueryCompletion, QueryOwnership, SubmitAccess } from '../../src';
import { testGrants } from '../support/construct-kit/grants';
import { testMetrics } from '../support/construct-kit/metrics';
import { deliveryEnvironment, QUERIES, synth } from '../support/synth-queries';
import { definitionOf, environmentOf, nameOf, only, plain, resources, resourcesOfType, roleStatements, statementsIn } from '../support/template';

const decider = (stack: Stack) => new TokenAuthorizer(stack, 'Authorizer', { handler: LambdaFunction.fromFunctionName(stack, 'WhoAsks', 'who-asks') });

describe('the query', () => {
  test.each([
    [{ database: 'sales' }, { Database: 'sales' }],
    [{ catalog: 'lake' }, { Catalog: 'lake' }],
    [{ catalog: 'lake', database: 'sales' }, { Catalog: 'lake', Database: 'sales' }],
  ])('%j is its context', (props, QueryExecutionContext) => {
    const { Parameters } = definitionOf(synth(() => props).template).States['Start Query'] as { Parameters: object };
    expect(Parameters).toMatchObject({ QueryExecutionContext });
    expect(Parameters).toHaveProperty('QueryExecutionContext', QueryExecutionContext);
  });

  test('its database may be looked up, as Athena does for every query, and another catalog too', () => {
    const statements = roleStatements(synth(() => ({ database: 'sales', catalog: 'lake' })).template, 'QueriesQueryRole');
    const resourcesFor = (action: string) => statements
      .filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource }) => [Resource].flat());
    expect(resourcesFor('glue:GetDatabase').join(' ')).toMatch(/:catalog \S*:database\/default \S*:database\/sales$/);
    expect(resourcesFor('athena:GetDataCatalog').join(' ')).toMatch(/:datacatalog\/lake$/);
  });

  test('queryCompletion and queryTimeout decide the looks', () => {
    const queryCompletion = QueryCompletion.polling({ interval: Duration.seconds(20) });
    const { template } = synth(() => ({ queryCompletion, queryTimeout: Duration.minutes(5) }));
    const { States } = definitionOf(template);
    expect(States['Start Query']).toMatchObject({ Assign: { wait: 20 } });
    const stop = expect.objectContaining({ NumericEquals: 15, Next: 'Stop Query' });
    expect(States['Is Query Finished']).toMatchObject({ Choices: expect.arrayContaining([stop]) });
  });

  test('bytesScannedCutoffPerQuery is the workgroup\'s', () => {
    const { template } = synth(() => ({ bytesScannedCutoffPerQuery: Size.mebibytes(10) }));
    template.hasResourceProperties('AWS::Athena::WorkGroup', { WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 10 * 1024 ** 2 } });
  });

  test('resultPrefix and resultRetention decide where results lie and how long', () => {
    const { template, queries } = synth(() => ({ resultPrefix: 'a/b/', resultRetention: Duration.days(15) }));
    template.hasResourceProperties('AWS::S3::Bucket', { LifecycleConfiguration: { Rules: [{ ExpirationInDays: 15 }] } });
    expect(deliveryEnvironment(template).RESULT_LOCATION).toMatch(/\/a\/b\/$/);
    expect(plain(only(template, 'AWS::Athena::WorkGroup').Properties)).toHaveProperty(
      'WorkGroupConfiguration.ResultConfiguration.OutputLocation', deliveryEnvironment(template).RESULT_LOCATION,
    );
    const written = roleStatements(template, 'QueriesQueryRole').find(({ Action }) => Action.includes('s3:PutObject'));
    expect(written?.Resource).toEqual([expect.stringMatching(/\/a\/b\/\*$/)]);
    expect(queries.resultPrefix).toBe('a/b/');
  });

  test('formerResultPrefixes keep their rights, and everything new goes elsewhere', () => {
    const { template } = synth(() => ({ resultPrefix: 'c/', formerResultPrefixes: ['a/', 'b/'] }));
    const ofObjects = (role: string, action: string) => roleStatements(template, role).find(({ Action }) => Action.includes(action))?.Resource
      .map((arn) => arn.split('.Arn>/')[1]);
    expect(ofObjects('QueriesQueryRole', 's3:PutObject')).toEqual(['c/*', 'a/*', 'b/*']);
    expect(ofObjects('QueriesLinkRole', 's3:GetObject')).toEqual(['c/*', 'a/*', 'b/*']);
    const { RESULT_LOCATION, FORMER_RESULT_LOCATIONS } = deliveryEnvironment(template);
    expect(RESULT_LOCATION).toMatch(/\/c\/$/);
    expect(JSON.parse(FORMER_RESULT_LOCATIONS)).toEqual(['a/', 'b/'].map((prefix) => RESULT_LOCATION.replace(/c\/$/, prefix)));
    expect(deliveryEnvironment(synth().template)).not.toHaveProperty('FORMER_RESULT_LOCATIONS');
  });
});

describe('the API', () => {
  test('throttling limits are the stage\'s, and those of its methods about single queries', () => {
    const { template } = synth(() => ({
      throttlingRateLimit: 1, throttlingBurstLimit: 2, managementThrottlingRateLimit: 3, managementThrottlingBurstLimit: 4,
    }));
    const managed = { ThrottlingRateLimit: 3, ThrottlingBurstLimit: 4 };
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      MethodSettings: [{ ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 }, managed, managed, managed].map((settings) => Match.objectLike(settings)),
    });
  });

  test('access logs go to a new group that is kept as all logs are', () => {
    const { template } = synth(() => ({ accessLogs: AccessLogs.logGroup(), logRetention: RetentionDays.THREE_DAYS }));
    const { Format, DestinationArn } = plain(only(template, 'AWS::ApiGateway::Stage').Properties.AccessLogSetting) as Record<string, string>;
    expect(DestinationArn).toMatch(/^<QueriesAccessLogs\w+\.Arn>$/);
    expect(Object.values(JSON.parse(Format))).toContain('$context.status');
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 3 });
    template.resourceCountIs('AWS::Logs::LogGroup', 4);
  });

  test('stageName is in the URL, in what is granted and nowhere else in the id of anything but the stage', () => {
    const { queries, stack, template } = synth(() => ({ stageName: 'v2' }), (made, parent) => {
      made.grantInvoke(new Role(parent, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    });
    expect(only(template, 'AWS::ApiGateway::Stage')).toMatchObject({ Properties: { StageName: 'v2' }, id: expect.stringMatching(/^QueriesApiDeploymentStagev2/) });
    expect(plain(stack.resolve(queries.queriesUrl))).toMatch(/\/<QueriesApiDeploymentStagev2\w+>\/queries$/);
    const granted = roleStatements(template, 'Caller').flatMap(({ Resource }) => Resource);
    expect(granted).toHaveLength(4);
    for (const arn of granted) expect(arn).toMatch(/\/<QueriesApiDeploymentStagev2\w+>\/(POST|GET|DELETE)\/queries/);
    const idsWithout = (stageName: string, { template: made }: ReturnType<typeof synth>) => resources(made).map(({ id }) => id)
      .filter((id) => !id.startsWith('QueriesApiDeployment') && !id.startsWith('Caller') && !id.includes(stageName)).sort();
    expect(idsWithout('v2', synth(() => ({ stageName: 'v2' })))).toEqual(idsWithout('prod', synth()));
  });

  test('queriesUrl is where to POST', () => {
    const { queries, stack } = synth();
    expect(plain(stack.resolve(queries.queriesUrl)))
      .toMatch(/^https:\/\/<QueriesApi\w+>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/<QueriesApiDeploymentStage\w+>\/queries$/);
  });
});

describe('management', () => {
  test('there is none of it without queryManagement: no function, no route, no place of a query, no right to look', () => {
    const without = synth(() => ({ queryManagement: false }), (made, parent) => {
      made.grantInvoke(new Role(parent, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    });
    const { template, queries } = without;
    expect(resources(template).map(({ id }) => id).filter((id) => id.includes('Management'))).toEqual([]);
    expect(resourcesOfType(template, 'AWS::ApiGateway::Method').map(({ Properties }) => Properties.HttpMethod)).toEqual(['POST']);
    expect(JSON.stringify(only(template, 'AWS::ApiGateway::Method'))).not.toContain('Location');
    expect(JSON.stringify(only(synth(undefined).template, 'AWS::ApiGateway::Method', 'queriesPOST'))).toContain('Location');
    expect(roleStatements(template, 'QueriesApiRole').flatMap(({ Action }) => Action)).toEqual(['states:StartExecution']);
    expect(roleStatements(template, 'Caller').flatMap(({ Resource }) => Resource)).toEqual([expect.stringMatching(/\/POST\/queries$/)]);
    expect(only(template, 'AWS::ApiGateway::Stage').Properties.MethodSettings).toHaveLength(1);
    expect(queries.node.tryFindChild('Management')).toBeUndefined();
  });

  test('what a client says of a body that it does not send changes nothing', () => {
    const methods = resourcesOfType(synth().template, 'AWS::ApiGateway::Method').filter(({ Properties }) => Properties.HttpMethod !== 'POST');
    expect(methods).toHaveLength(3);
    for (const { Properties } of methods) {
      const { PassthroughBehavior, RequestTemplates } = plain(Properties.Integration) as {
        PassthroughBehavior: string; RequestTemplates: Record<string, string>;
      };
      expect(PassthroughBehavior).toBe('NEVER');
      expect(Object.keys(RequestTemplates).sort()).toEqual(['application/json', 'application/x-www-form-urlencoded', 'text/plain']);
      expect(new Set(Object.values(RequestTemplates)).size).toBe(1);
    }
  });

  test('readers are in the environment by their ARNs', () => {
    const { template } = synth((stack) => ({ queryReaders: [Role.fromRoleArn(stack, 'Readers', 'arn:aws:iam::111122223333:role/a/readers')] }));
    expect(JSON.parse(environmentOf(only(template, 'AWS::Lambda::Function', 'Management')).QUERY_READERS)).toEqual(['arn:aws:iam::111122223333:role/a/readers']);
    expect(environmentOf(only(synth().template, 'AWS::Lambda::Function', 'Management'))).not.toHaveProperty('QUERY_READERS');
  });

  test('other accounts are let in by a policy of the API, at its methods and no others', () => {
    const { template } = synth(() => ({ stageName: 'v1', submitAccess: SubmitAccess.iam({ accounts: ['444455556666', '777788889999', '444455556666'] }) }));
    expect(statementsIn(only(template, 'AWS::ApiGateway::RestApi').Properties.Policy)).toEqual([{
      Effect: 'Allow',
      Action: ['execute-api:Invoke'],
      Principal: { AWS: ['444455556666', '777788889999'].map((account) => `arn:<AWS::Partition>:iam::${account}:root`) },
      Resource: ['POST/queries', 'GET/queries/*', 'GET/queries/*/result', 'DELETE/queries/*'].map((method) => `execute-api:/v1/${method}`),
    }]);
    expect(only(synth().template, 'AWS::ApiGateway::RestApi').Properties).not.toHaveProperty('Policy');
  });

  test('with API keys, every method needs one, and the plans have the stage', () => {
    const { template } = synth((stack) => ({ submitAccess: SubmitAccess.apiKey({ plans: [new UsagePlan(stack, 'One'), new UsagePlan(stack, 'Two')] }) }));
    const methods = resourcesOfType(template, 'AWS::ApiGateway::Method').map(({ Properties }) => Properties);
    expect(methods.map(({ ApiKeyRequired, AuthorizationType }) => [ApiKeyRequired, AuthorizationType])).toEqual(Array(4).fill([true, 'NONE']));
    const stages = resourcesOfType(template, 'AWS::ApiGateway::UsagePlan').map(({ Properties }) => plain(Properties.ApiStages));
    expect(stages).toEqual(Array(2).fill([expect.objectContaining({ ApiId: '<QueriesApi3AF94B92>', Stage: '<QueriesApiDeploymentStageprod17D8E1A0>' })]));
  });

  test.each([[undefined], [['queries/submit', 'queries/all']]])('with user pools, every method asks one authorizer, for the scopes %j', (scopes) => {
    const { template } = synth((stack) => ({ submitAccess: SubmitAccess.cognito({ userPools: [new UserPool(stack, 'One'), new UserPool(stack, 'Two')], scopes }) }));
    const { id, Properties: authorizer } = only(template, 'AWS::ApiGateway::Authorizer');
    expect([authorizer.Type, Object(authorizer.ProviderARNs).length]).toEqual(['COGNITO_USER_POOLS', 2]);
    const methods = resourcesOfType(template, 'AWS::ApiGateway::Method').map(({ Properties }) => plain(Properties));
    expect(methods).toEqual(Array(4).fill(expect.objectContaining({
      AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: `<${id}>`, ...scopes !== undefined && { AuthorizationScopes: scopes },
    })));
    expect(methods.filter((method) => 'AuthorizationScopes' in Object(method))).toHaveLength(scopes === undefined ? 0 : 4);
  });

  test('with an authorizer, every method asks it, and it is the user\'s', () => {
    const { template } = synth((stack) => ({ submitAccess: SubmitAccess.authorizer({ authorizer: decider(stack) }) }));
    const { id } = only(template, 'AWS::ApiGateway::Authorizer');
    const methods = resourcesOfType(template, 'AWS::ApiGateway::Method').map(({ Properties }) => plain(Properties));
    expect(methods).toEqual(Array(4).fill(expect.objectContaining({ AuthorizationType: 'CUSTOM', AuthorizerId: `<${id}>` })));
  });

  const METHODS = ['POST/queries', 'GET/queries/*', 'GET/queries/*/result', 'DELETE/queries/*'].map((method) => `execute-api:/prod/${method}`);
  const OURS = 'arn:<AWS::Partition>:iam::<AWS::AccountId>:root';
  const THEIRS = 'arn:<AWS::Partition>:iam::444455556666:root';

  test.each<[string, (stack: Stack) => SubmitAccess, unknown]>([
    ['IAM access', () => SubmitAccess.iam(), OURS],
    ['IAM access for other accounts', () => SubmitAccess.iam({ accounts: ['444455556666'] }), [OURS, THEIRS]],
    ['API keys', (stack) => SubmitAccess.apiKey({ plans: [new UsagePlan(stack, 'Plan')] }), '*'],
    ['user pools', (stack) => SubmitAccess.cognito({ userPools: [new UserPool(stack, 'People')] }), '*'],
    ['an authorizer', (stack) => SubmitAccess.authorizer({ authorizer: decider(stack) }), undefined],
  ])('the policy of a private API denies what comes another way, and allows only what it has to: %s', (_name, access, AWS) => {
    const { template } = synth((stack) => ({
      submitAccess: access(stack),
      endpoint: ApiEndpoint.privateEndpoint({
        vpcEndpoints: ['vpce-01', 'vpce-02'].map((vpcEndpointId) => (
          InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, vpcEndpointId, { vpcEndpointId, port: 443 }))),
      }),
    }));
    const { Properties } = only(template, 'AWS::ApiGateway::RestApi');
    expect(plain(Properties.EndpointConfiguration)).toEqual({ Types: ['PRIVATE'], VpcEndpointIds: ['vpce-01', 'vpce-02'] });
    expect(statementsIn(Properties.Policy)).toEqual([
      ...AWS === undefined ? [] : [{ Effect: 'Allow', Action: ['execute-api:Invoke'], Principal: { AWS }, Resource: METHODS }],
      {
        Effect: 'Deny',
        Action: ['execute-api:Invoke'],
        Principal: { AWS: '*' },
        Resource: ['execute-api:/*'],
        Condition: { StringNotEquals: { 'aws:SourceVpce': ['vpce-01', 'vpce-02'] } },
      },
    ]);
  });

  test('whose a query is, is decided alike where it is submitted and where it is looked at', () => {
    for (const ownership of Object.values(QueryOwnership)) {
      const { template } = synth(() => ({ submitAccess: SubmitAccess.iam({ ownership }) }));
      const owners = resourcesOfType(template, 'AWS::ApiGateway::Method').map((method) => (
        [...JSON.stringify(plain(method.Properties)).matchAll(/^|#set\(\$(?:caller|owner) = [^)]*\)/g)].map(([set]) => set).filter((set) => set !== '')
      ));
      expect(owners).toHaveLength(4);
      expect(owners[0].length).toBeGreaterThan(0);
      for (const owner of owners) expect(new Set(owner)).toEqual(new Set(owners[0]));
    }
  });
});

describe('delivery', () => {
  test('callbackTimeout and linkExpiry are the function\'s', () => {
    const { template } = synth(() => ({ callbackTimeout: Duration.seconds(30), linkExpiry: Duration.minutes(1) }));
    expect(deliveryEnvironment(template)).toMatchObject({ CALLBACK_TIMEOUT_SECONDS: '30', LINK_EXPIRY_SECONDS: '60' });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 75 });
    expect(definitionOf(template).States['Deliver Result']).toMatchObject({ TimeoutSeconds: 85 });
  });

  test('memory and reserved concurrency are the function\'s', () => {
    const { template } = synth(() => ({ deliveryMemorySize: 1024, deliveryReservedConcurrency: 3 }));
    template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 1024, ReservedConcurrentExecutions: 3 });
    synth().template.hasResourceProperties('AWS::Lambda::Function', { MemorySize: 256, ReservedConcurrentExecutions: Match.absent() });
  });

  test('deliveryWindow decides the attempts', () => {
    const { template } = synth(() => ({ deliveryWindow: Duration.hours(1) }));
    expect(definitionOf(template).States['Deliver Result']).toMatchObject({ Retry: [{ MaxAttempts: 0 }, { MaxAttempts: 25 }] });
  });
});

describe('rights of queries', () => {
  test('the construct is a grantee: what it gets lands on the query role', () => {
    const { template, queries } = synth(undefined, (grantee, stack) => Bucket.fromBucketName(stack, 'Data', 'data').grantRead(grantee, 'public/*'));
    expect(roleStatements(template, 'QueriesQueryRole').flatMap(({ Resource }) => Resource)).toContain('arn:<AWS::Partition>:s3:::data/public/*');
    expect(queries.grantPrincipal).toBe(queries.queryRole);
  });
});

describe('grants', () => testGrants(QUERIES, [
  {
    method: 'grantInvoke',
    action: 'execute-api:Invoke',
    resources: ['POST/queries', 'GET/queries/*', 'GET/queries/*/result', 'DELETE/queries/*'].map((method) => (
      `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<QueriesApi3AF94B92>/<QueriesApiDeploymentStageprod17D8E1A0>/${method}`
    )),
  },
]));

describe('notStartedAlarm', () => {
  test('rises with the first query that cannot be started, and falls by itself', () => {
    const { queries, stack, template } = synth();
    const alarms = resourcesOfType(template, 'AWS::CloudWatch::Alarm').filter((alarm) => nameOf(alarm) === 'QueriesNotStartedAlarm');
    expect(alarms.map(({ id }) => ({ Ref: id }))).toEqual([stack.resolve(queries.notStartedAlarm.alarmName)]);
    expect(plain(alarms[0].Properties)).toMatchObject({
      Namespace: 'AsyncAthenaQueryApi',
      MetricName: 'NotStartedQueries',
      Dimensions: [{ Name: 'Workflow', Value: '<QueriesWorkflow5944B9C3.Name>' }],
      Statistic: 'Sum',
      Period: 300,
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('metrics', () => {
  const api = ({ restApi }: AsyncAthenaQueryApi) => ({ Name: 'ApiName', Value: restApi.restApiName });
  const machine = ({ workflow }: AsyncAthenaQueryApi) => ({ Name: 'StateMachineArn', Value: workflow.stateMachineArn });
  const workflow = (queries: AsyncAthenaQueryApi) => {
    const child = queries.workflow.node.defaultChild;
    return { Name: 'Workflow', Value: child instanceof CfnStateMachine ? child.attrName : '' };
  };
  const letters = ({ deadLetterQueue }: AsyncAthenaQueryApi) => ({ Name: 'QueueName', Value: deadLetterQueue.queueName });

  testMetrics(QUERIES, [
    ['metricRequests', 'AWS/ApiGateway', 'Count', 'SampleCount', api],
    ['metricClientErrors', 'AWS/ApiGateway', '4XXError', 'Sum', api],
    ['metricServerErrors', 'AWS/ApiGateway', '5XXError', 'Sum', api],
    ['metricAccepted', 'AWS/States', 'ExecutionsStarted', 'Sum', machine],
    ['metricDelivered', 'AWS/States', 'ExecutionsSucceeded', 'Sum', machine],
    ['metricFailed', 'AWS/States', 'ExecutionsFailed', 'Sum', machine],
    ['metricTime', 'AWS/States', 'ExecutionTime', 'Average', machine],
    ['metricDeadLetters', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', letters],
    ['metricSucceededQueries', 'AsyncAthenaQueryApi', 'SucceededQueries', 'Sum', workflow],
    ['metricFailedQueries', 'AsyncAthenaQueryApi', 'FailedQueries', 'Sum', workflow],
    ['metricCancelledQueries', 'AsyncAthenaQueryApi', 'CancelledQueries', 'Sum', workflow],
    ['metricNotStartedQueries', 'AsyncAthenaQueryApi', 'NotStartedQueries', 'Sum', workflow],
    ['metricDataScanned', 'AsyncAthenaQueryApi', 'DataScannedInBytes', 'Sum', workflow],
    ['metricEngineExecutionTime', 'AsyncAthenaQueryApi', 'EngineExecutionTime', 'Average', workflow],
    ['metricDeliveryAttempts', 'AsyncAthenaQueryApi', 'DeliveryAttempts', 'Sum', workflow],
  ]);
});
