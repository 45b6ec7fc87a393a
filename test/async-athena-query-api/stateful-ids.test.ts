import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { AccessLogs, AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, CallbackPolicy, QueryCompletion, SubmitAccess } from '../../src';
import { everyOption } from '../support/every-option';
import { idsOf, only, resourcesOfType, synth } from '../support/synth';

/** Whose replacement would lose data, or change something that users hold: a URL, an ARN, a name. */
const STATEFUL = new RegExp(`^AWS::(${[
  'ApiGateway::RestApi', 'ApiGateway::Stage', 'Athena::WorkGroup', 'CloudWatch::Alarm', 'IAM::Role', 'Lambda::Function', 'Logs::LogGroup', 'S3::Bucket',
  'SQS::Queue', 'SecretsManager::Secret', 'StepFunctions::StateMachine',
].join('|')})$`);

/** Part of the contract with users: an entry may be added, never changed. */
const IDS = {
  QueriesResultsB9A74B2C: 'AWS::S3::Bucket',
  QueriesWorkGroup8009DE2E: 'AWS::Athena::WorkGroup',
  QueriesSigningSecretDFBB93B8: 'AWS::SecretsManager::Secret',
  QueriesDeliveryLogs9C3BA7D2: 'AWS::Logs::LogGroup',
  QueriesDeliveryRole32528B3C: 'AWS::IAM::Role',
  QueriesLinkRole72015ED4: 'AWS::IAM::Role',
  QueriesDelivery802543E7: 'AWS::Lambda::Function',
  QueriesQueryRole153F01B1: 'AWS::IAM::Role',
  QueriesWorkflowLogs8CB1A31A: 'AWS::Logs::LogGroup',
  QueriesWorkflow5944B9C3: 'AWS::StepFunctions::StateMachine',
  QueriesDeadLetters48B739FE: 'AWS::SQS::Queue',
  QueriesFailureAlarm14488AF4: 'AWS::CloudWatch::Alarm',
  QueriesApi3AF94B92: 'AWS::ApiGateway::RestApi',
  QueriesApiDeploymentStageprod17D8E1A0: 'AWS::ApiGateway::Stage',
  QueriesApiRole4B239FF7: 'AWS::IAM::Role',
};

/** Made only when asked for. */
const ACCESS_LOGS = { QueriesAccessLogsFF65FB77: 'AWS::Logs::LogGroup' };

test('the ids of everything with state or identity', () => {
  expect(idsOf(synth().template, STATEFUL)).toEqual(IDS);
});

test('the name of the workgroup, which would replace it when changed', () => {
  expect(only(synth().template, 'AWS::Athena::WorkGroup').Properties.Name).toBe('Stack-Queries-88A968D6');
});

describe('what both variants have keeps its id', () => {
  test.each<[string, (stack: Stack) => AsyncAthenaQueryApiProps]>([
    ['fixed polling', () => ({ queryCompletion: QueryCompletion.polling() })],
    ['adaptive polling', () => ({ queryCompletion: QueryCompletion.adaptivePolling({ percentage: 50 }) })],
    ['public hosts', () => ({ callbackPolicy: CallbackPolicy.publicHosts() })],
    ['listed hosts', () => ({ callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com'] }) })],
    ['IAM access', () => ({ submitAccess: SubmitAccess.iam() })],
    ['no access logs', () => ({ accessLogs: AccessLogs.none() })],
  ])('%s', (_name, props) => {
    expect(idsOf(synth(props).template, STATEFUL)).toEqual(IDS);
  });

  test('access logs', () => {
    expect(idsOf(synth(() => ({ accessLogs: AccessLogs.logGroup() })).template, STATEFUL)).toEqual({ ...IDS, ...ACCESS_LOGS });
  });

  test('every option at once', () => {
    expect(idsOf(synth(everyOption).template, STATEFUL)).toEqual({ ...IDS, ...ACCESS_LOGS });
  });
});

describe('several instances', () => {
  test('live in one stack, and share strategy objects', () => {
    const stack = new Stack(new App(), 'Stack');
    const props = everyOption(stack);
    for (const id of ['Queries', 'Others']) new AsyncAthenaQueryApi(stack, id, props);
    const template = Template.fromStack(stack);
    const ids = Object.entries(idsOf(template, STATEFUL));
    const [first, second] = ['Queries', 'Others'].map((id) => ids.filter(([logicalId]) => logicalId.startsWith(id)));
    expect(Object.fromEntries(first)).toEqual({ ...IDS, ...ACCESS_LOGS });
    expect(second.map(([, type]) => type).sort()).toEqual(first.map(([, type]) => type).sort());
    const names = resourcesOfType(template, 'AWS::Athena::WorkGroup').map(({ Properties }) => Properties.Name);
    expect(new Set(names).size).toBe(2);
  });

  test('live in one scope of scopes, in stages and in nested stacks, under names of their own', () => {
    const app = new App();
    const parents = ['One', 'Two'].map((id) => new Stack(app, id));
    const stages = ['Beta', 'Prod'].map((id) => new Stack(new Stage(app, id), 'One'));
    const stacks = [...parents, ...stages, ...parents.map((parent) => new NestedStack(parent, 'Nested'))];
    for (const stack of stacks) {
      const scope = new Construct(new Construct(stack, 'Outer'), 'Inner');
      new AsyncAthenaQueryApi(scope, 'Queries');
      new AsyncAthenaQueryApi(scope, 'Others');
    }
    const groups = stacks.flatMap((stack) => resourcesOfType(Template.fromStack(stack), 'AWS::Athena::WorkGroup'));
    expect(groups).toHaveLength(2 * stacks.length);
    expect(new Set(groups.map(({ Properties }) => Properties.Name)).size).toBe(groups.length);
  });

  test('of the same app deployed twice under other stack names do not clash', () => {
    const names = ['blue', 'green'].map((stackName) => {
      const stack = new Stack(new App(), 'Stack', { stackName });
      new AsyncAthenaQueryApi(stack, 'Queries');
      return only(Template.fromStack(stack), 'AWS::Athena::WorkGroup').Properties.Name;
    });
    expect(new Set(names).size).toBe(2);
  });
});
