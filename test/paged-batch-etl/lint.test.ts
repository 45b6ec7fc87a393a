import { App, Aspects, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { AwsSolutionsChecks } from 'cdk-nag';
import { aslProblem } from '../../local/stepfunctions/definition/asl-schema';
import { RunContinuation, ItemProcessor, PagedBatchEtl, RunWindow } from '../../src';
import { everyEtlOption } from '../support/every-etl-option';
import { definition, resourcesOfType } from '../support/synth';
import { EtlProps, etlProps, importedFunction, synthEtl } from '../support/synth-etl';

/** The definitions as they are deployed in a Region of the partition: the validator looks at ARNs. */
function deployed(props?: EtlProps): object[] {
  const machines = resourcesOfType(synthEtl(props).template, 'AWS::StepFunctions::StateMachine');
  return machines.map((machine) => JSON.parse(JSON.stringify(definition(machine)).replaceAll('<AWS::Partition>', 'aws')));
}

test.each<[string, number, EtlProps]>([
  ['no more than must be', 2, () => ({})],
  ['every option', 2, everyEtlOption],
  ['restarting itself', 1, () => ({ continuation: RunContinuation.selfRestart() })],
  ['an item at a time, restarting itself', 1, (stack) => ({
    processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item') }), continuation: RunContinuation.selfRestart(),
  })],
])('the workflow is valid Amazon States Language: %s', (_name, machines, props) => {
  const definitions = deployed(props);
  expect(definitions).toHaveLength(machines);
  expect(definitions.map((machine) => aslProblem(machine))).toEqual(definitions.map(() => undefined));
});

test('and an invalid one is noticed', () => {
  const [valid] = deployed();
  expect(aslProblem(valid)).toBeUndefined();
  expect(aslProblem({ ...valid, StartAt: 'Nowhere' })).toBeDefined();
});

/**
 * Findings of cdk-nag that we accept, each with the reason: rule, what it names, and the path below the construct. Any other finding fails the
 * test, and so does one that no longer occurs.
 */
const ACCEPTED_OF_WORKFLOW = [
  // Documents must not reach a log, so the workflow logs errors without data.
  'AwsSolutions-SF1 Workflow/Resource',
  // Tracing costs for every page, and the history of an execution already tells every step.
  'AwsSolutions-SF2 Workflow/Resource',
  // Log delivery has no resources. CDK adds this to the role of a state machine that logs.
  'AwsSolutions-IAM5[Resource::*] WorkflowRole/DefaultPolicy/Resource',
];

/** The same reasons, and one more. */
const ACCEPTED_OF_SEGMENT = [
  'AwsSolutions-SF1 Segment/Resource',
  'AwsSolutions-SF2 Segment/Resource',
  'AwsSolutions-IAM5[Resource::*] SegmentRole/DefaultPolicy/Resource',
  // Executions have the names that their starter gives them.
  'AwsSolutions-IAM5[Resource::executions of Segment] WorkflowRole/DefaultPolicy/Resource',
];

const findings: [name: string, props: EtlProps, accepted: string[]][] = [
  ['no more than must be', () => ({}), [...ACCEPTED_OF_WORKFLOW, ...ACCEPTED_OF_SEGMENT]],
  ['every option', everyEtlOption, [
    ...ACCEPTED_OF_WORKFLOW, ...ACCEPTED_OF_SEGMENT,
    // EC2 knows no resources for what a function in a VPC has to look up.
    'AwsSolutions-IAM5[Resource::*] SourceRole/DefaultPolicy/Resource',
    // Which interfaces Lambda will make is not known, and it checks the right to delete them beforehand.
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*] SourceRole/DefaultPolicy/Resource',
  ]],
  ['restarting itself', () => ({ continuation: RunContinuation.selfRestart() }), ACCEPTED_OF_WORKFLOW],
];

test.each(findings)('cdk-nag finds only what is accepted: %s', (_name, props, accepted) => {
  expect(nag(props).sort()).toEqual([...accepted].sort());
});

test('cdk-nag finds only what is accepted: a schedule', () => {
  const withSchedule = nag(() => ({}), (etl) => etl.addSchedule('Nightly', {
    schedule: ScheduleExpression.rate(Duration.days(1)), window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
  }));
  // It is the dead letter queue.
  expect(withSchedule.sort()).toEqual([...ACCEPTED_OF_WORKFLOW, ...ACCEPTED_OF_SEGMENT, 'AwsSolutions-SQS3 ScheduleNightly/DeadLetters/Resource'].sort());
});

/** Rule and resource of every finding in the construct, without the hashes of logical ids. */
function nag(props: EtlProps, customise: (etl: PagedBatchEtl) => void = () => {}): string[] {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  customise(new PagedBatchEtl(stack, 'Metrics', etlProps(stack, props(stack))));
  Aspects.of(app).add(new AwsSolutionsChecks());
  const annotations = Annotations.fromStack(stack);
  const found = [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())];
  return found.filter(({ id }) => id.startsWith('/Stack/Metrics/')).map(({ id, entry }) => {
    const [rule] = String(entry.data).split(': ', 1);
    return `${rule.replace(/Resource::arn:\{.*:execution:.*"Metrics(\w+)[0-9A-F]{8}".*:\*/, 'Resource::executions of $1')} ${id.replace('/Stack/Metrics/', '')}`;
  });
}
