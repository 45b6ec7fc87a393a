/** What the kit is told of AsyncAthenaQueryApi. A new strategy is a line in `variants`. */
import { Stack } from 'aws-cdk-lib';
import { TokenAuthorizer, UsagePlan } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { InterfaceVpcEndpoint, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  AccessLogs, ApiEndpoint, AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, CallbackPolicy, NamedQuery, QueryAnnouncement, QueryCompletion,
  ResultFormat, SigningKeys, SubmitAccess, SubmittedQueries,
} from '../../src';
import { Extras, Facts } from '../support/construct-kit/subject';
import { everyOption } from '../support/every-option';
import { QUERIES } from '../support/synth-queries';

const arnOf = (stack: Stack, service: string) => stack.formatArn({ service, resource: 'announced' });

/** What may be done to write traces. */
const WRITE_TRACES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/** Access logs need a role that is set once for the account, so they are off until asked for. */
const NO_ACCESS_LOGS: Extras = { findings: ['AwsSolutions-APIG1 Api/DeploymentStage.prod/Resource'] };

/** Made only when asked for. */
const ACCESS_LOGS: Extras = { ids: { QueriesAccessLogsFF65FB77: 'AWS::Logs::LogGroup' } };

/** Athena chooses the names of results under the prefix. */
const resultsUnder = (prefix: string): Extras => ({
  findings: ['LinkRole', 'QueryRole'].map((role) => `AwsSolutions-IAM5[Resource::<Results.Arn>/${prefix}/*] ${role}/DefaultPolicy/Resource`),
});

/** Executions that are not traced: it costs for every request, and their histories tell every step. */
const NO_TRACES: Extras = { findings: ['AwsSolutions-SF2 Workflow/Resource'] };

/** X-Ray knows no resources for what it is written. */
const TRACES: Extras = {
  findings: ['DeliveryRole', 'ManagementRole'].map((role) => `AwsSolutions-IAM5[Resource::*] ${role}/DefaultPolicy/Resource`),
  onEverything: [WRITE_TRACES, [...WRITE_TRACES, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'], WRITE_TRACES],
};

/** What `queryableData` names: all tables of a database, all objects of a bucket or under a prefix. */
const QUERYABLE_DATA: Extras = {
  findings: [
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/sales/*] QueryRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::sales-data/*] QueryRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::scratch-data/totals/*] QueryRole/DefaultPolicy/Resource',
  ],
};

/** A stage is another resource for each name. */
const stage = (name: string, id: string): Extras => ({
  ids: { [id]: 'AWS::ApiGateway::Stage' },
  findings: [
    // Callers are IAM principals with a grant for one method; who wants a web ACL attaches one to the stage.
    `AwsSolutions-APIG3 Api/DeploymentStage.${name}/Resource`,
    // Execution logs hold bodies, and need a role that is set once for the account.
    `AwsSolutions-APIG6 Api/DeploymentStage.${name}/Resource`,
  ],
});

/** The stage unless `stageName` says otherwise. */
const STAGE = stage('prod', 'QueriesApiDeploymentStageprod17D8E1A0');

/** Only the delivery signs links where nobody can fetch another one. */
const NO_MANAGEMENT: Extras = { trust: { QueriesLinkRole: '<QueriesDeliveryRole32528B3C.Arn>' } };

/** What serves those who look at queries. */
const MANAGEMENT: Extras = {
  ids: {
    QueriesManagementLogsB09C8E79: 'AWS::Logs::LogGroup',
    QueriesManagementRoleF5C4CF6F: 'AWS::IAM::Role',
    QueriesManagementB4E364BA: 'AWS::Lambda::Function',
  },
  trust: {
    QueriesManagementRole: 'lambda',
    QueriesLinkRole: '<QueriesDeliveryRole32528B3C.Arn>,<QueriesManagementRoleF5C4CF6F.Arn>',
  },
  findings: [
    // Callers are machines with AWS credentials, so IAM and not a user pool authorises.
    ...['{QueryId}/GET', '{QueryId}/result/GET', '{QueryId}/DELETE'].map((method) => `AwsSolutions-COG4 Api/Default/queries/${method}/Resource`),
    // Every query is an execution of the workflow.
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<Workflow.Name>:*] ManagementRole/DefaultPolicy/Resource',
  ],
  executionReaders: ['QueriesManagementRole'],
};

/** The secret that receivers have too. */
const SHARED_SECRET: Extras = {
  ids: { QueriesSigningSecretDFBB93B8: 'AWS::SecretsManager::Secret' },
  // Rotation needs the receivers to take part, so users turn it on; delivery accepts a rotated secret at any time.
  findings: ['AwsSolutions-SMG4 SigningSecret/Resource'],
};

/** The seed of a key, and what tells the public key. */
const ED25519: Extras = {
  ids: {
    QueriesSigningSeed641F1697: 'AWS::SecretsManager::Secret',
    QueriesSigningKeysLogs0C849D23: 'AWS::Logs::LogGroup',
    QueriesSigningKeysRole90EFF7FE: 'AWS::IAM::Role',
    QueriesSigningKeysC5F4F03D: 'AWS::Lambda::Function',
  },
  trust: { QueriesSigningKeysRole: 'lambda' },
  findings: [
    'AwsSolutions-SMG4 SigningSeed/Resource',
    // Guarded as the other routes.
    'AwsSolutions-COG4 Api/Default/signing-keys/GET/Resource',
  ],
};

/** What tells the public key is traced too. */
const TRACES_OF_KEYS: Extras = {
  findings: ['AwsSolutions-IAM5[Resource::*] SigningKeysRole/DefaultPolicy/Resource'],
  onEverything: [WRITE_TRACES],
};

/** API Gateway counts a key as no authorization; whoever chooses keys is told so. */
const NO_AUTHORIZATION: Extras = {
  findings: ['POST', '{QueryId}/GET', '{QueryId}/result/GET', '{QueryId}/DELETE'].map((method) => `AwsSolutions-APIG4 Api/Default/queries/${method}/Resource`),
};

/** Callers are machines with AWS credentials unless there are user pools. */
const NO_USER_POOL: Extras = {
  findings: ['POST', '{QueryId}/GET', '{QueryId}/result/GET', '{QueryId}/DELETE'].map((method) => `AwsSolutions-COG4 Api/Default/queries/${method}/Resource`),
};

/** The delivery function has an address in a VPC. */
const NETWORK: Extras = {
  ids: { QueriesDeliverySecurityGroup6702C808: 'AWS::EC2::SecurityGroup' },
  findings: [
    // EC2 knows no resources for what a function in a VPC has to look up.
    'AwsSolutions-IAM5[Resource::*] DeliveryRole/DefaultPolicy/Resource',
    // Which interfaces Lambda will make is not known, and it checks the right to delete them beforehand.
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*] DeliveryRole/DefaultPolicy/Resource',
    // Who owns the subnets and the groups of a VPC is not known.
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:*:subnet/*] DeliveryRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:*:security-group/*] DeliveryRole/DefaultPolicy/Resource',
  ],
  onEverything: [['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']],
};

/** Both that and its traces know no resources; it is found once. */
const TRACED_NETWORK: Extras = { ...NETWORK, findings: NETWORK.findings?.slice(1) };

/** Readers may look at every query. */
const READERS: Extras = {
  findings: ['*', '*/result'].map((path) => (
    `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<QueriesApi3AF94B92>/<QueriesApiDeploymentStagev120A9F170>/GET/queries/${path}] QueryReaders/Resource`
  )),
};

export const FACTS: Facts<AsyncAthenaQueryApi, AsyncAthenaQueryApiProps> = {
  ...QUERIES,
  defaults: {
    executionReaders: MANAGEMENT.executionReaders,
    ids: {
      QueriesResultsB9A74B2C: 'AWS::S3::Bucket',
      QueriesWorkGroup8009DE2E: 'AWS::Athena::WorkGroup',
      ...SHARED_SECRET.ids,
      QueriesDeliveryLogs9C3BA7D2: 'AWS::Logs::LogGroup',
      QueriesDeliveryRole32528B3C: 'AWS::IAM::Role',
      QueriesLinkRole72015ED4: 'AWS::IAM::Role',
      QueriesDelivery802543E7: 'AWS::Lambda::Function',
      ...MANAGEMENT.ids,
      QueriesQueryRole153F01B1: 'AWS::IAM::Role',
      QueriesWorkflowLogs8CB1A31A: 'AWS::Logs::LogGroup',
      QueriesWorkflow5944B9C3: 'AWS::StepFunctions::StateMachine',
      QueriesDeadLetters48B739FE: 'AWS::SQS::Queue',
      QueriesFailureAlarm14488AF4: 'AWS::CloudWatch::Alarm',
      QueriesNotStartedAlarm3A11F2A3: 'AWS::CloudWatch::Alarm',
      QueriesApi3AF94B92: 'AWS::ApiGateway::RestApi',
      ...STAGE.ids,
      QueriesApiRole4B239FF7: 'AWS::IAM::Role',
    },
    trust: {
      QueriesApiRole: 'apigateway', QueriesDeliveryRole: 'lambda', QueriesQueryRole: 'states', ...MANAGEMENT.trust,
    },
    findings: [
      // Callers are machines with AWS credentials, so IAM and not a user pool authorises.
      'AwsSolutions-COG4 Api/Default/queries/POST/Resource',
      ...MANAGEMENT.findings ?? [],
      // Server access logs need another bucket and its costs. Bring a bucket to have them.
      'AwsSolutions-S1 Results/Resource',
      // SQL and callback URLs must not reach a log, so the workflow logs executions that fail, and no data.
      'AwsSolutions-SF1 Workflow/Resource',
      ...NO_TRACES.findings ?? [],
      ...SHARED_SECRET.findings ?? [],
      // It is the dead letter queue.
      'AwsSolutions-SQS3 DeadLetters/Resource',
      // Log delivery has no resources. CDK adds this to the role of a state machine that logs.
      'AwsSolutions-IAM5[Resource::*] QueryRole/DefaultPolicy/Resource',
      ...NO_ACCESS_LOGS.findings ?? [],
      ...STAGE.findings ?? [],
      ...resultsUnder('results').findings ?? [],
    ],
  },
  services: ['apigateway', 'athena', 'events', 'lambda', 'states'],
  named: [
    'AWS::ApiGateway::RestApi Stack-Queries-88A968D6',
    'AWS::Athena::WorkGroup Stack-Queries-88A968D6',
    'AWS::Logs::LogGroup /aws/vendedlogs/states/Stack-Queries-88A968D6-Workflow-<AWS::StackId>[2][0]',
  ],
  everyOption: {
    props: everyOption,
    more: [
      ACCESS_LOGS, resultsUnder('answers'), QUERYABLE_DATA, TRACED_NETWORK, TRACES, READERS, ED25519, TRACES_OF_KEYS, stage('v1', 'QueriesApiDeploymentStagev120A9F170'),
    ],
    fewer: [NO_ACCESS_LOGS, NO_TRACES, STAGE, SHARED_SECRET],
  },
  variants: {
    'fixed polling': { props: () => ({ queryCompletion: QueryCompletion.polling() }) },
    'adaptive polling': { props: () => ({ queryCompletion: QueryCompletion.adaptivePolling({ percentage: 50 }) }) },
    'managed completion': { props: () => ({ queryCompletion: QueryCompletion.managed() }) },
    'public hosts': { props: () => ({ callbackPolicy: CallbackPolicy.publicHosts() }) },
    'listed hosts': { props: () => ({ callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com'] }) }) },
    'a VPC, and private addresses in it': {
      props: (stack) => ({
        callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com'], privateAddresses: ['10.20.0.0/16'] }), deliveryNetwork: { vpc: new Vpc(stack, 'Vpc') },
      }),
      more: [NETWORK],
    },
    'IAM access': { props: () => ({ submitAccess: SubmitAccess.iam() }) },
    'any SQL': { props: () => ({ submittedQueries: SubmittedQueries.anySql() }) },
    'named queries': { props: () => ({ submittedQueries: SubmittedQueries.named({ queries: { one: NamedQuery.of({ sql: 'SELECT 1' }) } }) }) },
    'one CSV': { props: () => ({ resultFormats: [ResultFormat.csv()] }) },
    'Parquet files': { props: () => ({ resultFormats: [ResultFormat.csv(), ResultFormat.parquet()] }) },
    'ORC files': { props: () => ({ resultFormats: [ResultFormat.orc()] }) },
    'Avro files': { props: () => ({ resultFormats: [ResultFormat.avro()] }) },
    'JSON lines': { props: () => ({ resultFormats: [ResultFormat.json()] }) },
    'text files': { props: () => ({ resultFormats: [ResultFormat.textFile()] }) },
    'announcements to an event bus': { props: (stack) => ({ announcements: [QueryAnnouncement.eventBus({ bus: EventBus.fromEventBusName(stack, 'Bus', 'bus') })] }) },
    'announcements to a queue': { props: (stack) => ({ announcements: [QueryAnnouncement.queue({ queue: Queue.fromQueueArn(stack, 'Queue', arnOf(stack, 'sqs')) })] }) },
    'announcements to a topic': { props: (stack) => ({ announcements: [QueryAnnouncement.topic({ topic: Topic.fromTopicArn(stack, 'Topic', arnOf(stack, 'sns')) })] }) },
    'a shared secret': { props: () => ({ signingKeys: SigningKeys.sharedSecret() }) },
    'an ed25519 key': { props: () => ({ signingKeys: SigningKeys.ed25519() }), more: [ED25519], fewer: [SHARED_SECRET] },
    'IAM access for other accounts': { props: () => ({ submitAccess: SubmitAccess.iam({ accounts: ['444455556666'] }) }) },
    'API keys': { props: (stack) => ({ submitAccess: SubmitAccess.apiKey({ plans: [new UsagePlan(stack, 'Plan')] }) }), more: [NO_AUTHORIZATION] },
    'tokens of a user pool': {
      props: (stack) => ({ submitAccess: SubmitAccess.cognito({ userPools: [UserPool.fromUserPoolId(stack, 'People', 'eu-west-1_People')] }) }),
      fewer: [NO_USER_POOL],
    },
    'access tokens with a scope': {
      props: (stack) => ({
        submitAccess: SubmitAccess.cognito({ userPools: [UserPool.fromUserPoolId(stack, 'People', 'eu-west-1_People')], scopes: ['queries/submit'] }),
      }),
      fewer: [NO_USER_POOL],
    },
    'an authorizer': {
      props: (stack) => ({
        submitAccess: SubmitAccess.authorizer({
          authorizer: new TokenAuthorizer(stack, 'Authorizer', { handler: LambdaFunction.fromFunctionName(stack, 'WhoAsks', 'who-asks') }),
        }),
      }),
    },
    'an API on the internet': { props: () => ({ endpoint: ApiEndpoint.regional() }) },
    'a private API': {
      props: (stack) => ({
        endpoint: ApiEndpoint.privateEndpoint({
          vpcEndpoints: [InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Endpoint', { vpcEndpointId: 'vpce-0aaa1111bbb2222cc', port: 443 })],
        }),
      }),
    },
    'a dashboard': { then: (queries) => void queries.addDashboard() },
    'no management': { props: () => ({ queryManagement: false }), more: [NO_MANAGEMENT], fewer: [MANAGEMENT] },
    'no access logs': { props: () => ({ accessLogs: AccessLogs.none() }) },
    'access logs': { props: () => ({ accessLogs: AccessLogs.logGroup() }), more: [ACCESS_LOGS], fewer: [NO_ACCESS_LOGS] },
  },
};
