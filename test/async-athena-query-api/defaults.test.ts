import { Match } from 'aws-cdk-lib/assertions';
import { FACTS } from './facts';
import { acceptedTemplate, failedTemplate, refusedTemplate, tooLargeTemplate } from '../../src/async-athena-query-api/api/request-template';
import { testFailureAlarm } from '../support/construct-kit/failure-alarm';
import { testFunctions } from '../support/construct-kit/functions';
import { testNames } from '../support/construct-kit/names';
import { LOG_DELIVERY, testSecurity } from '../support/construct-kit/security';
import { callbackUrlPattern, deliveryEnvironment, synth } from '../support/synth-queries';
import { definitionOf, only, plain, resources, resourcesOfType, resourceStatements, roleStatements } from '../support/template';

const { template } = synth();

const THROUGH_ATHENA = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': ['athena.amazonaws.com'] } };
const [workflow, results, queue] = ['AWS::StepFunctions::StateMachine', 'AWS::S3::Bucket', 'AWS::SQS::Queue'].map((type) => only(template, type).id);
const [delivery, management] = ['Delivery', 'Management'].map((name) => only(template, 'AWS::Lambda::Function', name).id);

describe('security', () => testSecurity(FACTS));

describe('functions', () => testFunctions(FACTS, (deliveryRuntime) => ({ deliveryRuntime })));

describe('the alarm', () => testFailureAlarm(FACTS));

testNames(FACTS);

describe('the API', () => {
  const { Integration, ...method } = only(template, 'AWS::ApiGateway::Method', 'POST').Properties as {
    Integration: { IntegrationResponses: { StatusCode: string; SelectionPattern?: string; ResponseTemplates: Record<string, string> }[] };
  };

  test('is regional, and named after its construct because its metrics go by name', () => {
    expect(only(template, 'AWS::ApiGateway::RestApi').Properties)
      .toMatchObject({ EndpointConfiguration: { Types: ['REGIONAL'] }, Name: expect.stringMatching(/^Stack-Queries-[0-9A-F]{8}$/) });
  });

  test('takes POST /queries from signed callers with a valid body', () => {
    expect(resourcesOfType(template, 'AWS::ApiGateway::Resource').map(({ Properties }) => Properties.PathPart)).toEqual(['queries', '{QueryId}', 'result']);
    expect(plain(method)).toMatchObject({
      HttpMethod: 'POST',
      AuthorizationType: 'AWS_IAM',
      RequestModels: { 'application/json': `<${only(template, 'AWS::ApiGateway::Model').id}>` },
      RequestValidatorId: `<${only(template, 'AWS::ApiGateway::RequestValidator').id}>`,
    });
    template.hasResourceProperties('AWS::ApiGateway::RequestValidator', { ValidateRequestBody: true });
  });

  test('accepts exactly Query and CallbackUrl', () => {
    template.hasResourceProperties('AWS::ApiGateway::Model', {
      ContentType: 'application/json',
      Schema: {
        type: 'object',
        additionalProperties: false,
        required: ['Query', 'CallbackUrl'],
        properties: { Query: { type: 'string', minLength: 1, maxLength: 200_000 }, CallbackUrl: { type: 'string', maxLength: 2048 } },
      },
    });
    expect(callbackUrlPattern(template).test('https://receiver.example.com/queries?id=1')).toBe(true);
  });

  test('passes nothing through, and starts only the workflow', () => {
    expect(plain(Integration)).toMatchObject({
      Type: 'AWS',
      PassthroughBehavior: 'NEVER',
      IntegrationHttpMethod: 'POST',
      Uri: 'arn:<AWS::Partition>:apigateway:<AWS::Region>:states:action/StartExecution',
      RequestTemplates: { 'application/json': expect.stringContaining(`{"stateMachineArn":"<${workflow}>",`) },
    });
    expect(roleStatements(template, 'QueriesApiRole')).toEqual([
      { Effect: 'Allow', Action: ['states:StartExecution'], Resource: [`<${workflow}>`] },
      { Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [`<${management}.Arn>`] },
    ]);
  });

  describe('answers what Step Functions answered', () => {
    const answers = Integration.IntegrationResponses;

    test('with exactly one answer for every status: 202 for 200 only, 413 for itself, and 500 for what is not known', () => {
      const byStatus: Record<string, string[]> = {};
      for (let status = 100; status < 1000; status++) {
        const matching = answers.filter(({ SelectionPattern: pattern }) => pattern !== undefined && new RegExp(`^(?:${pattern})$`).test(`${status}`));
        const [statusCode, ...others] = matching.map(({ StatusCode }) => StatusCode);
        expect(others).toEqual([]);
        (byStatus[statusCode ?? 'default'] ??= []).push(`${status}`);
      }
      const { default: unknown, ...known } = byStatus;
      expect(known).toEqual({
        202: ['200'], 413: ['413'], 400: Array.from({ length: 100 }, (_, i) => `${400 + i}`).filter((status) => status !== '413'),
      });
      expect(unknown).toHaveLength(900 - 101);
      expect(answers.filter(({ SelectionPattern }) => SelectionPattern === undefined).map(({ StatusCode }) => StatusCode)).toEqual(['500']);
    });

    test('each with its own template', () => {
      expect(Object.fromEntries(answers.map(({ StatusCode, ResponseTemplates }) => [StatusCode, ResponseTemplates]))).toEqual({
        202: { 'application/json': acceptedTemplate({ managed: true }) },
        413: { 'application/json': tooLargeTemplate() },
        400: { 'application/json': refusedTemplate({ managed: true }) },
        500: { 'application/json': failedTemplate() },
      });
    });

    test('with statuses that the method has, those of the templates included', () => {
      const { MethodResponses } = method as { MethodResponses?: { StatusCode: string }[] };
      expect(MethodResponses?.map(({ StatusCode }) => StatusCode)).toEqual(['202', '409', '400', '413', '429', '500']);
    });
  });

  test('throttles, and traces no data', () => {
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      AccessLogSetting: Match.absent(),
      MethodSettings: [
        { HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20, DataTraceEnabled: false },
        ...[['GET', '/~1queries~1{QueryId}'], ['GET', '/~1queries~1{QueryId}~1result'], ['DELETE', '/~1queries~1{QueryId}']].map(([HttpMethod, ResourcePath]) => (
          { HttpMethod, ResourcePath, ThrottlingRateLimit: 5, ThrottlingBurstLimit: 10, DataTraceEnabled: false }
        )),
      ],
    });
  });

  test('gives its own errors the shape of ours', () => {
    const answers = resourcesOfType(template, 'AWS::ApiGateway::GatewayResponse')
      .map(({ Properties }) => Properties as { ResponseType: string; ResponseTemplates: Record<string, string> });
    const bodies = answers.map(({ ResponseType, ResponseTemplates }) => [ResponseType, JSON.parse(ResponseTemplates['application/json'])]);
    const answer = (Code: string) => ({ Code, Message: expect.stringMatching(/\.$/) });
    expect(answers).toHaveLength(7);
    expect(Object.fromEntries(bodies)).toEqual({
      BAD_REQUEST_BODY: answer('BadRequestBody'),
      UNSUPPORTED_MEDIA_TYPE: answer('UnsupportedMediaType'),
      REQUEST_TOO_LARGE: answer('RequestTooLarge'),
      ACCESS_DENIED: answer('AccessDenied'),
      THROTTLED: answer('Throttled'),
      DEFAULT_4XX: answer('Refused'),
      DEFAULT_5XX: answer('Failed'),
    });
  });
});

describe('the workflow', () => {
  const { States, ...machine } = definitionOf(template);

  test('keeps every concern in an object of its own', () => {
    expect(machine).toMatchObject({ QueryLanguage: 'JSONPath', StartAt: 'Start Query' });
    expect(Object.keys(States)).toEqual(['Start Query', 'Query Not Started', 'Wait', 'Get Query', 'Is Query Finished', 'Stop Query', 'Deliver Result']);
    expect(States).toMatchObject({
      'Start Query': {
        Resource: 'arn:<AWS::Partition>:states:::athena:startQueryExecution',
        InputPath: '$.ApiRequest',
        ResultSelector: { AthenaRequest: { 'QueryExecutionId.$': '$.QueryExecutionId' } },
      },
      'Get Query': { Resource: 'arn:<AWS::Partition>:states:::athena:getQueryExecution', InputPath: '$.AthenaRequest', ResultPath: '$.AthenaResult' },
      'Stop Query': {
        Resource: 'arn:<AWS::Partition>:states:::athena:stopQueryExecution',
        InputPath: '$.AthenaRequest',
        ResultSelector: { Reason: 'QueryTimeout' },
        ResultPath: '$.StopRequest',
      },
    });
  });

  test('is without the SQL once the query is started: the answer replaces the state, and Athena\'s copies are blanked', () => {
    for (const path of ['ResultPath', 'OutputPath']) expect(States['Start Query']).not.toHaveProperty(path);
    expect(States['Start Query']).toMatchObject({ Assign: { blank: { Query: '' } } });
    expect(States['Get Query']).toMatchObject({ ResultSelector: { 'QueryExecution.$': 'States.JsonMerge($.QueryExecution, $blank, false)' } });
    expect(States['Get Query']).toHaveProperty('ResultSelector', { 'QueryExecution.$': expect.any(String) });
  });

  test('runs the query in the workgroup with a token that makes a repeated start harmless', () => {
    expect(States['Start Query']).toMatchObject({
      Parameters: {
        'QueryString.$': '$.Query',
        'WorkGroup': `<${only(template, 'AWS::Athena::WorkGroup').id}>`,
        'ClientRequestToken.$': "States.Hash($$.Execution.Id, 'SHA-256')",
      },
    });
    expect(States['Start Query']).not.toHaveProperty('Parameters.QueryExecutionContext');
  });

  test('delivers a query that could not start, and never calls one failed because Athena could not be asked', () => {
    expect(States['Start Query']).toHaveProperty('Catch', [{ ErrorEquals: ['States.ALL'], ResultPath: '$', Next: 'Query Not Started' }]);
    expect(States['Query Not Started']).toEqual({
      Type: 'Pass', Parameters: { 'StartError.$': '$' }, Assign: { blank: { Query: '' } }, Next: 'Deliver Result',
    });
    expect(States['Get Query']).not.toHaveProperty('Catch');
    expect(States['Deliver Result']).not.toHaveProperty('Catch');
  });

  test('retries a start for up to an hour while the account runs as many queries as it may, and any call through a short outage', () => {
    const never = {
      ErrorEquals: ['Athena.InvalidRequestException', 'Athena.InvalidRequest', 'Athena.AccessDeniedException', 'Athena.AccessDenied'], MaxAttempts: 0,
    };
    const backOff = (ErrorEquals: string[], IntervalSeconds: number, MaxDelaySeconds: number, MaxAttempts: number, BackoffRate = 2) => (
      { ErrorEquals, IntervalSeconds, BackoffRate, MaxDelaySeconds, MaxAttempts, JitterStrategy: 'FULL' }
    );
    const tooMany = ['Athena.TooManyRequestsException', 'Athena.TooManyRequests'];
    expect(States['Start Query']).toHaveProperty('Retry', [never, backOff(tooMany, 15, 300, 15), backOff(['States.ALL'], 5, 120, 8)]);
    expect(States['Get Query']).toHaveProperty('Retry', [never, backOff(['States.ALL'], 15, 300, 5, 3)]);
    expect(States['Stop Query']).toHaveProperty('Retry', [backOff(['States.ALL'], 5, 60, 5)]);
  });

  test('watches a query closely once it was told to stop, even where that failed', () => {
    expect(States['Stop Query']).toMatchObject({ Assign: { wait: 2 }, Next: 'Wait' });
    expect(States['Stop Query']).toHaveProperty('Catch', [{ ErrorEquals: ['States.ALL'], ResultPath: '$.StopRequest', Assign: { wait: 2 }, Next: 'Wait' }]);
  });

  test('delivers for four hours, and gives up at once what can never succeed', () => {
    expect(States['Deliver Result']).toEqual({
      Type: 'Task',
      Resource: 'arn:<AWS::Partition>:states:::lambda:invoke',
      Parameters: {
        FunctionName: `<${delivery}.Arn>`,
        Payload: {
          'contract': 2,
          'QueryId.$': '$$.Execution.Name',
          'StartTime.$': '$$.Execution.StartTime',
          'DeliveryTime.$': '$$.State.EnteredTime',
          'Workflow.$': '$$.StateMachine.Name',
          'RetryCount.$': '$$.State.RetryCount',
          'RedriveCount.$': '$$.Execution.RedriveCount',
          'Request.$': 'States.JsonMerge($$.Execution.Input.ApiRequest, $blank, false)',
          'State.$': '$',
        },
      },
      TimeoutSeconds: 70,
      OutputPath: '$.Payload',
      Retry: [
        {
          ErrorEquals: ['InvalidDeliveryEvent', 'CallbackUrlNotAllowed', 'CallbackRefused', 'ResultExpired', 'ResultNotDeliverable'],
          MaxAttempts: 0,
        },
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxDelaySeconds: 900, MaxAttempts: 55, JitterStrategy: 'FULL' },
      ],
      End: true,
    });
  });

  test('has a time-out for every call, and none for itself, which could not be caught', () => {
    expect(machine).not.toHaveProperty('TimeoutSeconds');
    for (const state of Object.values(States)) if (state.Type === 'Task') expect(state.TimeoutSeconds).toBeGreaterThan(0);
  });
});

describe('results', () => {
  test('are encrypted, private, sent over TLS only, and expire', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }] },
    });
    expect(resourceStatements(template, 'AWS::S3::BucketPolicy')).toMatchObject([
      { Effect: 'Deny', Action: ['s3:*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } }, Resource: [`<${results}.Arn>`, `<${results}.Arn>/*`] },
    ]);
  });

  test('go where the workgroup says, whatever a query asks for, and stop at the cutoff', () => {
    expect(plain(only(template, 'AWS::Athena::WorkGroup').Properties)).toEqual({
      Name: expect.stringMatching(/^Stack-Queries-[0-9A-F]{8}$/),
      RecursiveDeleteOption: false,
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        PublishCloudWatchMetricsEnabled: true,
        BytesScannedCutoffPerQuery: 100 * 1024 ** 3,
        ResultConfiguration: {
          OutputLocation: `s3://<${results}>/results/`,
          ExpectedBucketOwner: '<AWS::AccountId>',
          EncryptionConfiguration: { EncryptionOption: 'SSE_S3' },
        },
      },
    });
  });
});

describe('delivery', () => {
  test('runs a pinned runtime with its own log group', () => {
    expect(plain(only(template, 'AWS::Lambda::Function', 'Delivery').Properties)).toMatchObject({
      Runtime: 'nodejs22.x', Handler: 'index.handler', Timeout: 60, LoggingConfig: { LogGroup: expect.stringMatching(/^<QueriesDeliveryLogs/) },
    });
  });

  test('is told all it needs, and no secret value', () => {
    expect(deliveryEnvironment(template)).toEqual({
      SIGNING_SECRET_ARN: `<${only(template, 'AWS::SecretsManager::Secret').id}>`,
      RESULT_LOCATION: `s3://<${results}>/results/`,
      RESULT_BUCKET_OWNER: '<AWS::AccountId>',
      LINK_ROLE_ARN: expect.stringMatching(/^<QueriesLinkRole\w+\.Arn>$/),
      LINK_EXPIRY_SECONDS: '3600',
      CALLBACK_RULES: '{}',
      CALLBACK_TIMEOUT_SECONDS: '15',
    });
  });

  test('signs with a generated secret of 64 letters and digits', () => {
    expect(only(template, 'AWS::SecretsManager::Secret').Properties.GenerateSecretString).toEqual({ PasswordLength: 64, ExcludePunctuation: true });
  });
});

describe('dead letters', () => {
  const rules = resourcesOfType(template, 'AWS::Events::Rule').map(({ id, Properties }) => ({ id, properties: plain(Properties) }));

  test('come from every execution of this workflow that ended otherwise', () => {
    const pattern = (status: string[]) => ({
      'source': ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'], 'detail': { stateMachineArn: [`<${workflow}>`], status },
    });
    expect(rules).toMatchObject([
      { properties: { EventPattern: pattern(['FAILED']), Targets: [{ Arn: `<${queue}.Arn>` }] } },
      { properties: { EventPattern: pattern(['ABORTED', 'TIMED_OUT']), Targets: [{ Arn: `<${queue}.Arn>` }] } },
    ]);
  });

  test('never hold the input or the output of an execution', () => {
    const paths = rules.flatMap(({ properties }) => {
      const { Targets } = properties as { Targets: { InputTransformer: { InputPathsMap: Record<string, string> } }[] };
      return Targets.flatMap(({ InputTransformer }) => Object.values(InputTransformer.InputPathsMap));
    });
    const harmless = ['$.detail.executionArn', '$.detail.name', '$.detail.status', '$.detail.error', '$.detail.redriveCount', '$.time'];
    expect([...new Set(paths)].sort()).toEqual(harmless.sort());
  });

  test('lie encrypted for 14 days in a queue that only the two rules may fill', () => {
    template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 });
    const allowed = resourceStatements(template, 'AWS::SQS::QueuePolicy').filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual(rules.map(({ id }) => ({
      Effect: 'Allow',
      Action: ['sqs:SendMessage'],
      Resource: [`<${queue}.Arn>`],
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnLike: { 'aws:SourceArn': `<${id}.Arn>` } },
    })));
  });
});

describe('rights', () => {
  const statements = roleStatements(template);

  test('of a query reach data only through Athena, and never the delivery function', () => {
    const own = roleStatements(template, 'QueriesQueryRole').filter(({ Condition }) => Condition === undefined).flatMap(({ Action }) => Action);
    expect(own).toEqual([
      'athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution', 'lambda:InvokeFunction', ...LOG_DELIVERY.Action,
    ]);
    expect(statements).toContainEqual({
      Effect: 'Deny', Action: ['lambda:InvokeFunction'], Resource: [`<${delivery}.Arn>`, `<${delivery}.Arn>:*`], Condition: THROUGH_ATHENA,
    });
  });

  test('of links are to read and list results, given to the two functions only', () => {
    expect(roleStatements(template, 'QueriesLinkRole')).toEqual([
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`<${results}.Arn>/results/*`] },
      { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [`<${results}.Arn>`], Condition: { StringLike: { 's3:prefix': ['results/*'] } } },
    ]);
    const link = resources(template).filter(({ id }) => /^QueriesLinkRole/.test(id) && !id.includes('Policy'));
    expect(plain(link.map(({ Properties }) => Properties.AssumeRolePolicyDocument))).toMatchObject([
      {
        Statement: ['Delivery', 'Management'].map((name) => (
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { AWS: expect.stringMatching(`^<Queries${name}Role\\w+\\.Arn>$`) } }
        )),
      },
    ]);
  });

  test('of delivery are its log, its secret and the role of links', () => {
    expect(roleStatements(template, 'QueriesDeliveryRole').map(({ Action }) => Action))
      .toEqual([['logs:CreateLogStream', 'logs:PutLogEvents'], ['secretsmanager:GetSecretValue'], ['sts:AssumeRole']]);
  });

  test('of management are its log, the executions, the queries and the role of links', () => {
    expect(roleStatements(template, 'QueriesManagementRole').map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], [expect.stringMatching(/^<QueriesManagementLogs\w+\.Arn>$/)]],
      [['states:DescribeExecution', 'states:GetExecutionHistory'], [`arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${workflow}.Name>:*`]],
      [['athena:GetQueryExecution', 'athena:StopQueryExecution'], [expect.stringContaining(':workgroup/<QueriesWorkGroup')]],
      [['sts:AssumeRole'], [expect.stringMatching(/^<QueriesLinkRole\w+\.Arn>$/)]],
    ]);
  });
});
