import { App, Aspects, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { aslProblem } from '../../local/stepfunctions/definition/asl-schema';
import { AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, QueryCompletion } from '../../src';
import { AslMachine } from '../../src/private/synth/asl';
import { everyOption } from '../support/every-option';
import { definitionOf, synth } from '../support/synth';

/** The definition as it is deployed in a Region of the partition: the validator looks at ARNs. */
function deployed(props?: (stack: Stack) => AsyncAthenaQueryApiProps): AslMachine {
  return JSON.parse(JSON.stringify(definitionOf(synth(props).template)).replaceAll('<AWS::Partition>', 'aws'));
}

describe('the workflow is valid Amazon States Language', () => {
  test.each<[string, (stack: Stack) => AsyncAthenaQueryApiProps]>([
    ['no props', () => ({})],
    ['every option', everyOption],
    ['fixed polling', () => ({ queryCompletion: QueryCompletion.polling() })],
    ['a context', () => ({ database: 'sales', catalog: 'lake' })],
    ['adaptive polling without a table', () => ({
      queryCompletion: QueryCompletion.adaptivePolling({ maxInterval: Duration.seconds(1) }), queryTimeout: Duration.minutes(5),
    })],
    ['adaptive polling with a long table', () => ({
      queryCompletion: QueryCompletion.adaptivePolling({ percentage: 1, maxInterval: Duration.minutes(5) }),
    })],
  ])('%s', (_name, props) => {
    expect(aslProblem(deployed(props))).toBeUndefined();
  });

  test('and an invalid one is noticed', () => {
    const { States, ...machine } = deployed();
    const lost = { Type: 'Wait', SecondsPath: '$wait', Next: 'Nowhere' };
    expect(aslProblem(deployed())).toBeUndefined();
    expect(aslProblem({ ...machine, States: { ...States, 'Start Query': { ...States['Start Query'], Next: 'Lost' }, 'Lost': lost } })).toBeDefined();
  });
});

/**
 * Findings of cdk-nag that we accept, each with the reason: rule, what it names, and the path below the construct. Any other finding fails the
 * test, and so does one that no longer occurs.
 */
const ACCEPTED = [
  // Callers are IAM principals with a grant for one method; who wants a web ACL attaches one to the stage.
  'AwsSolutions-APIG3 Api/DeploymentStage.prod/Resource',
  // Execution logs hold bodies, and need a role that is set once for the account.
  'AwsSolutions-APIG6 Api/DeploymentStage.prod/Resource',
  // Callers are machines with AWS credentials, so IAM and not a user pool authorises.
  'AwsSolutions-COG4 Api/Default/queries/POST/Resource',
  // Server access logs need another bucket and its costs. Bring a bucket to have them.
  'AwsSolutions-S1 Results/Resource',
  // SQL and callback URLs must not reach a log, so the workflow logs errors without data.
  'AwsSolutions-SF1 Workflow/Resource',
  // Tracing costs for every request, and the history of an execution already tells every step.
  'AwsSolutions-SF2 Workflow/Resource',
  // Rotation needs the receivers to take part, so users turn it on; delivery accepts a rotated secret at any time.
  'AwsSolutions-SMG4 SigningSecret/Resource',
  // It is the dead letter queue.
  'AwsSolutions-SQS3 DeadLetters/Resource',
  // Log delivery has no resources. CDK adds this to the role of a state machine that logs.
  'AwsSolutions-IAM5[Resource::*] QueryRole/DefaultPolicy/Resource',
];

const findings: [name: string, props: (stack: Stack) => AsyncAthenaQueryApiProps, more: string[]][] = [
  ['no props', () => ({}), [
    // Access logs need a role that is set once for the account, so they are off until asked for.
    'AwsSolutions-APIG1 Api/DeploymentStage.prod/Resource',
    // Athena chooses the names of results under the prefix.
    'AwsSolutions-IAM5[Resource::<Results.Arn>/results/*] LinkRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::<Results.Arn>/results/*] QueryRole/DefaultPolicy/Resource',
  ]],
  ['every option', everyOption, [
    'AwsSolutions-IAM5[Resource::<Results.Arn>/answers/*] LinkRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::<Results.Arn>/answers/*] QueryRole/DefaultPolicy/Resource',
    // What `queryableData` names: all tables of a database, all objects of a bucket or under a prefix.
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/sales/*] QueryRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::sales-data/*] QueryRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::scratch-data/totals/*] QueryRole/DefaultPolicy/Resource',
  ]],
];

/** Rule and resource of every finding in the construct, without the hashes of logical ids. */
function nag(props: (stack: Stack) => AsyncAthenaQueryApiProps): string[] {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  new AsyncAthenaQueryApi(stack, 'Queries', props(stack));
  Aspects.of(app).add(new AwsSolutionsChecks());
  const annotations = Annotations.fromStack(stack);
  return [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())].map(({ id, entry }) => {
    const [rule] = String(entry.data).split(': ', 1);
    return `${rule.replace(/<Queries(\w+)[0-9A-F]{8}\./, '<$1.')} ${id.replace('/Stack/Queries/', '')}`;
  });
}

test.each(findings)('cdk-nag finds only what is accepted: %s', (_name, props, more) => {
  expect(nag(props).sort()).toEqual([...ACCEPTED, ...more].sort());
});
