import { App, Duration, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { RunContinuation, ItemProcessor, PagedBatchEtl, PageSource, RunWindow } from '../../src';
import { everyEtlOption } from '../support/every-etl-option';
import { idsOf } from '../support/synth';
import { EtlProps, etlProps, importedFunction, importedSecret, mongoSource, synthEtl } from '../support/synth-etl';

/** Whose replacement would lose data, or change something that users hold: an ARN, a name, a group that a server lets in. */
const STATEFUL = new RegExp(`^AWS::(${[
  'CloudWatch::Alarm', 'EC2::SecurityGroup', 'IAM::Role', 'Lambda::Function', 'Logs::LogGroup', 'SQS::Queue', 'Scheduler::Schedule', 'StepFunctions::StateMachine',
].join('|')})$`);

/** Part of the contract with users: an entry may be added, never changed. */
const IDS = {
  MetricsSourceLogsB6E07FD2: 'AWS::Logs::LogGroup',
  MetricsSourceRole00C3837C: 'AWS::IAM::Role',
  MetricsSource3C1FFFFB: 'AWS::Lambda::Function',
  MetricsWorkflowRoleCCEB0F37: 'AWS::IAM::Role',
  MetricsWorkflowLogs49D4957D: 'AWS::Logs::LogGroup',
  MetricsWorkflowEA9CF7AB: 'AWS::StepFunctions::StateMachine',
  MetricsFailureAlarm55FEBED8: 'AWS::CloudWatch::Alarm',
};

/** Only where another machine walks the pages. */
const SEGMENT = {
  MetricsSegmentRoleFC2E4553: 'AWS::IAM::Role',
  MetricsSegmentLogs872CB095: 'AWS::Logs::LogGroup',
  MetricsSegment997CA4DA: 'AWS::StepFunctions::StateMachine',
};

/** Only in a VPC. */
const NETWORK = { MetricsSourceSecurityGroupDBD9ECF2: 'AWS::EC2::SecurityGroup' };

const SCHEDULE = {
  MetricsScheduleNightlyDeadLettersC93C83FB: 'AWS::SQS::Queue',
  MetricsScheduleNightlyFailureAlarm4DF7644F: 'AWS::CloudWatch::Alarm',
  MetricsScheduleNightlyPlannerLogs2C5C659E: 'AWS::Logs::LogGroup',
  MetricsScheduleNightlyPlannerRole2FADBA49: 'AWS::IAM::Role',
  MetricsScheduleNightlyPlanner3E5C76FE: 'AWS::Lambda::Function',
  MetricsScheduleNightlySchedulerRoleDA65A7B9: 'AWS::IAM::Role',
  MetricsScheduleNightlySchedule12AE2FCB: 'AWS::Scheduler::Schedule',
};

/** Ids of what the construct makes, and of nothing that a test brought. */
function own(template: Template): Record<string, string> {
  return Object.fromEntries(Object.entries(idsOf(template, STATEFUL)).filter(([id]) => id.startsWith('Metrics')));
}

test('the ids of everything with state or identity', () => {
  expect(own(synthEtl().template)).toEqual({ ...IDS, ...SEGMENT });
});

describe('what both variants have keeps its id', () => {
  const machine = (stack: Stack) => new StateMachine(stack, 'Theirs', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) });

  test.each<[string, EtlProps, Record<string, string>]>([
    ['supervised', () => ({ continuation: RunContinuation.supervised({ pagesPerSegment: 10 }) }), SEGMENT],
    ['restarting itself', () => ({ continuation: RunContinuation.selfRestart() }), {}],
    ['an item at a time', (stack) => ({ processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item') }) }), SEGMENT],
    ['a state machine for each page', (stack) => ({ processor: ItemProcessor.stateMachine({ stateMachine: machine(stack) }) }), SEGMENT],
    ['a custom source', (stack) => ({ source: PageSource.custom({ handler: importedFunction(stack, 'source') }) }), SEGMENT],
    ['a VPC', (stack) => ({ source: mongoSource(stack, { vpc: new Vpc(stack, 'Vpc') }) }), { ...SEGMENT, ...NETWORK }],
    ['DocumentDB', (stack) => ({
      source: PageSource.documentDb({ connectionSecret: importedSecret(stack), vpc: new Vpc(stack, 'Vpc'), database: 'd', collection: 'c' }),
    }), { ...SEGMENT, ...NETWORK }],
    ['every option at once', everyEtlOption, { ...SEGMENT, ...NETWORK }],
  ])('%s', (_name, props, more) => {
    expect(own(synthEtl(props).template)).toEqual({ ...IDS, ...more });
  });

  test('a schedule', () => {
    const { template } = synthEtl(undefined, (etl) => {
      etl.addSchedule('Nightly', {
        schedule: ScheduleExpression.rate(Duration.days(1)), window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
      });
    });
    expect(own(template)).toEqual({ ...IDS, ...SEGMENT, ...SCHEDULE });
  });
});

describe('several instances', () => {
  test('live in one stack, and share strategy objects', () => {
    const stack = new Stack(new App(), 'Stack');
    const props = everyEtlOption(stack);
    for (const id of ['Metrics', 'Others']) new PagedBatchEtl(stack, id, props);
    const template = Template.fromStack(stack);
    expect(own(template)).toEqual({ ...IDS, ...SEGMENT, ...NETWORK });
    const others = Object.entries(idsOf(template, STATEFUL)).filter(([id]) => id.startsWith('Others')).map(([, type]) => type);
    expect(others.sort()).toEqual(Object.values({ ...IDS, ...SEGMENT, ...NETWORK }).sort());
  });

  test('share a source although their parameters differ', () => {
    const stack = new Stack(new App(), 'Stack');
    const props = etlProps(stack);
    new PagedBatchEtl(stack, 'Metrics', props);
    expect(() => new PagedBatchEtl(stack, 'Others', { ...props, parameters: {} })).toThrow('got "$$date_begin"; declare date_begin in parameters');
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('live in one scope of scopes, in stages and in nested stacks', () => {
    const app = new App();
    const parents = ['One', 'Two'].map((id) => new Stack(app, id));
    const stages = ['Beta', 'Prod'].map((id) => new Stack(new Stage(app, id), 'One'));
    const stacks = [...parents, ...stages, ...parents.map((parent) => new NestedStack(parent, 'Nested'))];
    for (const stack of stacks) {
      const scope = new Construct(new Construct(stack, 'Outer'), 'Inner');
      const props = etlProps(stack);
      new PagedBatchEtl(scope, 'Metrics', props);
      new PagedBatchEtl(scope, 'Others', props);
    }
    for (const stack of stacks) expect(Object.values(idsOf(Template.fromStack(stack), /StateMachine$/))).toHaveLength(4);
  });
});
