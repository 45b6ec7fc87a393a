import { Duration, Size } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Alarm, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { User } from 'aws-cdk-lib/aws-iam';
import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AccessLogs, AsyncAthenaQueryApi, QueryCompletion } from '../../src';
import { definitionOf, deliveryEnvironment, only, plain, resourcesOfType, roleStatements, synth } from '../support/synth';

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
});

describe('the API', () => {
  test('throttling limits are the stage\'s', () => {
    synth(() => ({ throttlingRateLimit: 1, throttlingBurstLimit: 2 })).template
      .hasResourceProperties('AWS::ApiGateway::Stage', { MethodSettings: [{ ThrottlingRateLimit: 1, ThrottlingBurstLimit: 2 }] });
  });

  test('access logs go to a new group that is kept as all logs are', () => {
    const { template } = synth(() => ({ accessLogs: AccessLogs.logGroup(), logRetention: RetentionDays.THREE_DAYS }));
    const { Format, DestinationArn } = plain(only(template, 'AWS::ApiGateway::Stage').Properties.AccessLogSetting) as Record<string, string>;
    expect(DestinationArn).toMatch(/^<QueriesAccessLogs\w+\.Arn>$/);
    expect(Object.values(JSON.parse(Format))).toContain('$context.status');
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 3 });
    template.resourceCountIs('AWS::Logs::LogGroup', 3);
  });

  test('one strategy object may serve two constructs', () => {
    const accessLogs = AccessLogs.logGroup();
    const { template } = synth(() => ({ accessLogs }), (_queries, stack) => new AsyncAthenaQueryApi(stack, 'Others', { accessLogs }));
    expect(resourcesOfType(template, 'AWS::Logs::LogGroup').filter(({ id }) => id.includes('AccessLogs'))).toHaveLength(2);
  });

  test('grantInvoke gives exactly the right to submit', () => {
    const { template } = synth(undefined, (queries, stack) => {
      const grant = queries.grantInvoke(new User(stack, 'Submitter'));
      expect(grant.success).toBe(true);
    });
    const api = only(template, 'AWS::ApiGateway::RestApi').id;
    const stage = only(template, 'AWS::ApiGateway::Stage').id;
    const policy = resourcesOfType(template, 'AWS::IAM::Policy').find(({ id }) => id.startsWith('Submitter'));
    expect(plain(policy?.Properties.PolicyDocument)).toMatchObject({
      Statement: [{
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: `arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${api}>/<${stage}>/POST/queries`,
      }],
    });
  });

  test('queriesUrl is where to POST', () => {
    const { queries, stack } = synth();
    expect(plain(stack.resolve(queries.queriesUrl)))
      .toMatch(/^https:\/\/<QueriesApi\w+>\.execute-api\.<AWS::Region>\.<AWS::URLSuffix>\/<QueriesApiDeploymentStage\w+>\/queries$/);
  });
});

describe('delivery', () => {
  test('callbackTimeout and linkExpiry are the function\'s', () => {
    const { template } = synth(() => ({ callbackTimeout: Duration.seconds(30), linkExpiry: Duration.minutes(1) }));
    expect(deliveryEnvironment(template)).toMatchObject({ CALLBACK_TIMEOUT_SECONDS: '30', LINK_EXPIRY_SECONDS: '60' });
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 75 });
    expect(definitionOf(template).States['Deliver Result']).toMatchObject({ TimeoutSeconds: 85 });
  });

  test('deliveryWindow decides the attempts', () => {
    const { template } = synth(() => ({ deliveryWindow: Duration.hours(1) }));
    expect(definitionOf(template).States['Deliver Result']).toMatchObject({ Retry: [{ MaxAttempts: 0 }, { MaxAttempts: 25 }] });
  });

  test('deliveryRuntime is the way out of a retired runtime', () => {
    const deliveryRuntime = new Runtime('nodejs24.x', RuntimeFamily.NODEJS);
    synth(() => ({ deliveryRuntime })).template.hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x' });
  });
});

describe('rights of queries', () => {
  test('the construct is a grantee: what it gets lands on the query role', () => {
    const { template, queries } = synth(undefined, (grantee, stack) => Bucket.fromBucketName(stack, 'Data', 'data').grantRead(grantee, 'public/*'));
    expect(roleStatements(template, 'QueriesQueryRole').flatMap(({ Resource }) => Resource)).toContain('arn:<AWS::Partition>:s3:::data/public/*');
    expect(queries.grantPrincipal).toBe(queries.queryRole);
  });

  test('the roles can be told apart and assumed only by their services', () => {
    const { template } = synth();
    const roles = resourcesOfType(template, 'AWS::IAM::Role');
    const trust = roles.map(({ id, Properties }) => [id.slice(0, -8), JSON.stringify(plain(Properties.AssumeRolePolicyDocument))]);
    expect(Object.fromEntries(trust)).toEqual({
      QueriesApiRole: expect.stringContaining('"Service":"apigateway.amazonaws.com"'),
      QueriesDeliveryRole: expect.stringContaining('"Service":"lambda.amazonaws.com"'),
      QueriesLinkRole: expect.stringContaining('"AWS":"<QueriesDeliveryRole'),
      QueriesQueryRole: expect.stringContaining('"Service":"states.amazonaws.com"'),
    });
  });
});

describe('metrics', () => {
  type Metrics = Record<string, (queries: AsyncAthenaQueryApi, options?: MetricOptions) => ReturnType<AsyncAthenaQueryApi['metricFailed']>>;
  const metrics: Metrics = {
    metricRequests: (queries, options) => queries.metricRequests(options),
    metricClientErrors: (queries, options) => queries.metricClientErrors(options),
    metricServerErrors: (queries, options) => queries.metricServerErrors(options),
    metricAccepted: (queries, options) => queries.metricAccepted(options),
    metricDelivered: (queries, options) => queries.metricDelivered(options),
    metricFailed: (queries, options) => queries.metricFailed(options),
    metricTime: (queries, options) => queries.metricTime(options),
    metricDeadLetters: (queries, options) => queries.metricDeadLetters(options),
  };
  const { queries, template } = synth(undefined, (construct, stack) => {
    for (const [name, metric] of Object.entries(metrics)) new Alarm(stack, name, { metric: metric(construct), threshold: 1, evaluationPeriods: 1 });
  });
  const api = { Name: 'ApiName', Value: only(template, 'AWS::ApiGateway::RestApi').Properties.Name };
  const machine = { Name: 'StateMachineArn', Value: { Ref: only(template, 'AWS::StepFunctions::StateMachine').id } };
  const letters = { Name: 'QueueName', Value: { 'Fn::GetAtt': [only(template, 'AWS::SQS::Queue').id, 'QueueName'] } };

  test.each([
    ['metricRequests', 'AWS/ApiGateway', 'Count', 'SampleCount', api],
    ['metricClientErrors', 'AWS/ApiGateway', '4XXError', 'Sum', api],
    ['metricServerErrors', 'AWS/ApiGateway', '5XXError', 'Sum', api],
    ['metricAccepted', 'AWS/States', 'ExecutionsStarted', 'Sum', machine],
    ['metricDelivered', 'AWS/States', 'ExecutionsSucceeded', 'Sum', machine],
    ['metricFailed', 'AWS/States', 'ExecutionsFailed', 'Sum', machine],
    ['metricTime', 'AWS/States', 'ExecutionTime', 'Average', machine],
    ['metricDeadLetters', 'AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', letters],
  ])('%s is %s %s', (name, Namespace, MetricName, Statistic, dimension) => {
    const alarm = resourcesOfType(template, 'AWS::CloudWatch::Alarm').find(({ id }) => id.startsWith(name));
    expect(alarm?.Properties).toMatchObject({ Namespace, MetricName, Statistic, Period: 300, Dimensions: [dimension] });
    const changed = metrics[name](queries, { statistic: 'Minimum', period: Duration.minutes(1) });
    expect([changed.statistic, changed.period.toSeconds()]).toEqual(['Minimum', 60]);
  });

  test('of two instances are apart', () => {
    const two = synth(undefined, (_queries, stack) => new AsyncAthenaQueryApi(stack, 'Others')).template;
    const names = resourcesOfType(two, 'AWS::ApiGateway::RestApi').map(({ Properties }) => Properties.Name);
    expect(new Set(names).size).toBe(2);
    two.hasResourceProperties('AWS::ApiGateway::RestApi', { Name: Match.stringLikeRegexp('Others') });
  });
});
