/** What the kit is told of PagedBatchEtl. A new strategy is a line in `variants`. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import {
  FailurePolicy, ItemProcessor, PagedBatchEtl, PagedBatchEtlProps, PageSource, PageTransport, Partitions, RunContinuation, RunLedger, RunWindow,
} from '../../src';
import { Extras, Facts } from '../support/construct-kit/subject';
import { everyEtlOption } from '../support/every-etl-option';
import { knownFunction } from '../support/known-function';
import { ETL, importedFunction, importedSecret, mongoSource } from '../support/synth-etl';

/** Executions that are not traced: it costs for every page, and their histories tell every step. */
const untraced = (...machines: string[]): Extras => ({ findings: machines.map((machine) => `AwsSolutions-SF2 ${machine}/Resource`) });

/** X-Ray knows no resources for what it is written. */
const WRITE_TRACES = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
const MACHINE_TRACES = [...WRITE_TRACES, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'];

/** The machine that walks pages, where it is another than the workflow. */
const SEGMENT: Extras = {
  ids: {
    MetricsSegmentRoleFC2E4553: 'AWS::IAM::Role',
    MetricsSegmentLogs872CB095: 'AWS::Logs::LogGroup',
    MetricsSegment997CA4DA: 'AWS::StepFunctions::StateMachine',
  },
  trust: { MetricsSegmentRole: 'states' },
  findings: [
    // The reasons are those of the workflow.
    'AwsSolutions-SF1 Segment/Resource',
    'AwsSolutions-IAM5[Resource::*] SegmentRole/DefaultPolicy/Resource',
    ...untraced('Segment').findings ?? [],
    // Executions have the names that their starter gives them.
    'AwsSolutions-IAM5[Resource::executions of Segment] WorkflowRole/DefaultPolicy/Resource',
  ],
};

/** The Express machine that has a page processed item by item. */
const ITEMS: Extras = {
  ids: {
    MetricsItemsRole8CCAB07D: 'AWS::IAM::Role',
    MetricsItemsLogs11873A7B: 'AWS::Logs::LogGroup',
    MetricsItems6C3FB2E5: 'AWS::StepFunctions::StateMachine',
  },
  trust: { MetricsItemsRole: 'states' },
  findings: [
    // The reasons are those of the workflow.
    'AwsSolutions-SF1 Items/Resource',
    'AwsSolutions-IAM5[Resource::*] ItemsRole/DefaultPolicy/Resource',
    ...untraced('Items').findings ?? [],
  ],
};

const NETWORK: Extras = {
  ids: { MetricsSourceSecurityGroupDBD9ECF2: 'AWS::EC2::SecurityGroup' },
  findings: [
    // EC2 knows no resources for what a function in a VPC has to look up.
    'AwsSolutions-IAM5[Resource::*] SourceRole/DefaultPolicy/Resource',
    // Which interfaces Lambda will make is not known, and it checks the right to delete them beforehand.
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:*] SourceRole/DefaultPolicy/Resource',
    // Who owns the subnets and the groups of a VPC is not known.
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:*:subnet/*] SourceRole/DefaultPolicy/Resource',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:*:security-group/*] SourceRole/DefaultPolicy/Resource',
  ],
  onEverything: [['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets']],
};

/** The source function looks up its network, and is traced like the function that keeps the ledger and the machines. */
const TRACED_NETWORK: Extras = {
  ...NETWORK, onEverything: [...NETWORK.onEverything ?? [], WRITE_TRACES, WRITE_TRACES, MACHINE_TRACES, MACHINE_TRACES],
};

/** Executions of the state machine that processes a page have the names that their starter gives them. */
const MACHINE_FOR_EACH_PAGE: Extras = { findings: ['AwsSolutions-IAM5[Resource::executions of Theirs] SegmentRole/DefaultPolicy/Resource'] };

/** Pages that are objects under a prefix. */
const pagesUnder = (prefix: string): Extras => ({
  ids: { MetricsPagesDF689368: 'AWS::S3::Bucket' },
  findings: [
    // Who reads pages is told by CloudTrail, if somebody wants to know: the log would need another bucket.
    'AwsSolutions-S1 Pages/Resource',
    // Pages, and the files of Step Functions about them, have the names of executions in their keys.
    `AwsSolutions-IAM5[Resource::<Pages.Arn>/${prefix}*] SourceRole/DefaultPolicy/Resource`,
    `AwsSolutions-IAM5[Resource::<Pages.Arn>/${prefix}*] SegmentRole/DefaultPolicy/Resource`,
    `AwsSolutions-IAM5[Resource::<Pages.Arn>/${prefix}*/results/*] SegmentRole/DefaultPolicy/Resource`,
    // So have executions of a Map Run, which Step Functions names.
    ...['', '/Page'].map((label) => (
      `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<Segment.Name>${label}:*] MapRuns/Resource`)),
  ],
  objectWriters: ['MetricsSourceRole', 'MetricsSegmentRole'],
});
const PAGES = pagesUnder('pages/');

/** Letters about items that failed are objects under a prefix; the collector may read pages where they are in a bucket. */
const lettersUnder = (prefix: string, pages?: string): Extras => ({
  ids: {
    MetricsCollector5FC0E6D2: 'AWS::Lambda::Function',
    MetricsCollectorLogs684B8D1E: 'AWS::Logs::LogGroup',
    MetricsCollectorRole5B127456: 'AWS::IAM::Role',
    MetricsDeadLettersE307B8A0: 'AWS::S3::Bucket',
  },
  trust: { MetricsCollectorRole: 'lambda' },
  findings: [
    // The reasons are those of the bucket of pages.
    'AwsSolutions-S1 DeadLetters/Resource',
    `AwsSolutions-IAM5[Resource::<DeadLetters.Arn>/${prefix}*] CollectorRole/DefaultPolicy/Resource`,
    // A replay reads letters, and writes receipts.
    ...['', 'receipts/'].map((below) => `AwsSolutions-IAM5[Resource::<DeadLetters.Arn>/${prefix}${below}*] SourceRole/DefaultPolicy/Resource`),
    ...pages === undefined ? [] : [`AwsSolutions-IAM5[Resource::<Pages.Arn>/${pages}*] CollectorRole/DefaultPolicy/Resource`],
  ],
  // Where it writes pages, that right to the key is the same.
  objectWriters: ['MetricsCollectorRole', ...pages === undefined ? ['MetricsSourceRole'] : []],
  objectReaders: pages === undefined ? [] : ['MetricsCollectorRole'],
});

/** The collector writes traces, too. */
const TRACED_COLLECTOR: Extras = { findings: ['AwsSolutions-IAM5[Resource::*] CollectorRole/DefaultPolicy/Resource'], onEverything: [WRITE_TRACES] };

/** The table of the ledger, and the function that keeps it. */
const LEDGER: Extras = {
  ids: {
    MetricsLedger0DEF6B52: 'AWS::DynamoDB::Table',
    MetricsLedgerKeeperLogsC70BCA10: 'AWS::Logs::LogGroup',
    MetricsLedgerKeeperRoleAAAC9B58: 'AWS::IAM::Role',
    MetricsLedgerKeeperD44E39BE: 'AWS::Lambda::Function',
  },
  trust: { MetricsLedgerKeeperRole: 'lambda' },
  tableUsers: ['MetricsLedgerKeeperRole'],
  findings: [
    // Executions have the names that their starters give them.
    'AwsSolutions-IAM5[Resource::executions of Workflow] LedgerExecutions/Resource',
    'AwsSolutions-IAM5[Resource::executions of Segment] LedgerExecutions/Resource',
  ],
};

/** It is traced, too. */
const TRACED_LEDGER: Extras = { ...LEDGER, findings: [...LEDGER.findings ?? [], 'AwsSolutions-IAM5[Resource::*] LedgerKeeperRole/DefaultPolicy/Resource'] };

const SCHEDULE: Extras = {
  ids: {
    MetricsScheduleNightlyDeadLettersC93C83FB: 'AWS::SQS::Queue',
    MetricsScheduleNightlyFailureAlarm4DF7644F: 'AWS::CloudWatch::Alarm',
    MetricsScheduleNightlyPlannerLogs2C5C659E: 'AWS::Logs::LogGroup',
    MetricsScheduleNightlyPlannerRole2FADBA49: 'AWS::IAM::Role',
    MetricsScheduleNightlyPlanner3E5C76FE: 'AWS::Lambda::Function',
    MetricsScheduleNightlySchedulerRoleDA65A7B9: 'AWS::IAM::Role',
    MetricsScheduleNightlySchedule12AE2FCB: 'AWS::Scheduler::Schedule',
  },
  trust: { MetricsScheduleNightlyPlannerRole: 'lambda', MetricsScheduleNightlySchedulerRole: 'scheduler' },
  // It is the dead letter queue.
  findings: ['AwsSolutions-SQS3 ScheduleNightly/DeadLetters/Resource'],
};

const EMPTY_RUNS_ALARM: Extras = { ids: { MetricsScheduleNightlyEmptyRunsAlarm5B85857F: 'AWS::CloudWatch::Alarm' } };

/** The machine that runs the workflow once for each window. */
const BACKFILL: Extras = {
  ids: {
    MetricsBackfillYearWorkflowRoleB1FABB4E: 'AWS::IAM::Role',
    MetricsBackfillYearWorkflowLogsA8AAF7A9: 'AWS::Logs::LogGroup',
    MetricsBackfillYearWorkflowD9A26AF2: 'AWS::StepFunctions::StateMachine',
  },
  trust: { MetricsBackfillYearWorkflowRole: 'states' },
  findings: [
    // The reasons are those of the workflow.
    'AwsSolutions-SF1 BackfillYear/Workflow/Resource',
    'AwsSolutions-IAM5[Resource::*] BackfillYear/WorkflowRole/DefaultPolicy/Resource',
    ...untraced('BackfillYear/Workflow').findings ?? [],
    // Runs have the names of their windows.
    'AwsSolutions-IAM5[Resource::executions of Workflow] BackfillYear/WorkflowRole/DefaultPolicy/Resource',
  ],
};

const machine = (stack: Stack) => new StateMachine(stack, 'Theirs', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) });

/** A function whose time-out is known. */
const definedFunction = (stack: Stack) => knownFunction(stack, importedFunction(stack, 'item').functionArn);

export const FACTS: Facts<PagedBatchEtl, PagedBatchEtlProps> = {
  ...ETL,
  defaults: {
    ids: {
      MetricsSourceLogsB6E07FD2: 'AWS::Logs::LogGroup',
      MetricsSourceRole00C3837C: 'AWS::IAM::Role',
      MetricsSource3C1FFFFB: 'AWS::Lambda::Function',
      MetricsWorkflowRoleCCEB0F37: 'AWS::IAM::Role',
      MetricsWorkflowLogs49D4957D: 'AWS::Logs::LogGroup',
      MetricsWorkflowEA9CF7AB: 'AWS::StepFunctions::StateMachine',
      MetricsFailureAlarm55FEBED8: 'AWS::CloudWatch::Alarm',
      ...SEGMENT.ids,
    },
    trust: { MetricsSourceRole: 'lambda', MetricsWorkflowRole: 'states', ...SEGMENT.trust },
    findings: [
      // Documents must not reach a log, so the workflow logs errors without data.
      'AwsSolutions-SF1 Workflow/Resource',
      ...untraced('Workflow').findings ?? [],
      // Log delivery has no resources. CDK adds this to the role of a state machine that logs.
      'AwsSolutions-IAM5[Resource::*] WorkflowRole/DefaultPolicy/Resource',
      ...SEGMENT.findings ?? [],
    ],
  },
  services: ['lambda', 'states'],
  named: [
    'AWS::Logs::LogGroup /aws/vendedlogs/states/Stack-Metrics-E7882D49-Segment-<AWS::StackId>[2][0]',
    'AWS::Logs::LogGroup /aws/vendedlogs/states/Stack-Metrics-E7882D49-Workflow-<AWS::StackId>[2][0]',
  ],
  everyOption: { props: everyEtlOption, more: [TRACED_COLLECTOR, TRACED_NETWORK, pagesUnder('etl/pages/'), lettersUnder('etl/letters/', 'etl/pages/'), TRACED_LEDGER], fewer: [untraced('Workflow', 'Segment')] },
  variants: {
    'supervised': { props: () => ({ continuation: RunContinuation.supervised({ pagesPerSegment: 10 }) }) },
    'restarting itself': { props: () => ({ continuation: RunContinuation.selfRestart() }), fewer: [SEGMENT] },
    'an item at a time': { props: (stack) => ({ processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item') }) }) },
    'items in an Express execution': { props: (stack) => ({ processor: ItemProcessor.perItem({ handler: definedFunction(stack) }) }), more: [ITEMS] },
    'a state machine for each page': {
      props: (stack) => ({ processor: ItemProcessor.stateMachine({ stateMachine: machine(stack) }) }), more: [MACHINE_FOR_EACH_PAGE],
    },
    'pages through S3': { props: () => ({ transport: PageTransport.s3() }), more: [PAGES] },
    'pages through S3, an item at a time': {
      props: (stack) => ({ transport: PageTransport.s3(), processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item') }) }), more: [PAGES],
    },
    'pages through S3, a state machine for each batch': {
      props: (stack) => ({ transport: PageTransport.s3(), processor: ItemProcessor.stateMachine({ stateMachine: machine(stack) }) }),
      more: [MACHINE_FOR_EACH_PAGE, PAGES],
    },
    'ranges side by side': { props: () => ({ partitions: Partitions.ofTime({ workers: 16 }) }) },
    'a dashboard': { then: (etl) => void etl.addDashboard() },
    'failures that are tolerated': { props: () => ({ failurePolicy: FailurePolicy.tolerate() }), more: [lettersUnder('dead-letters/')] },
    'failures that are tolerated, an item at a time in an Express execution': {
      props: (stack) => ({ failurePolicy: FailurePolicy.tolerate(), processor: ItemProcessor.perItem({ handler: definedFunction(stack) }) }),
      more: [ITEMS, lettersUnder('dead-letters/')],
    },
    'failures that are tolerated, pages through S3': {
      props: () => ({ failurePolicy: FailurePolicy.tolerate(), transport: PageTransport.s3() }), more: [PAGES, lettersUnder('dead-letters/', 'pages/')],
    },
    'a ledger': { props: () => ({ ledger: RunLedger.table() }), more: [LEDGER] },
    'a custom source': { props: (stack) => ({ source: PageSource.custom({ handler: importedFunction(stack, 'source') }) }) },
    'a VPC': { props: (stack) => ({ source: mongoSource(stack, { vpc: new Vpc(stack, 'Vpc') }) }), more: [NETWORK] },
    'DocumentDB': {
      props: (stack) => ({
        source: PageSource.documentDb({ connectionSecret: importedSecret(stack), vpc: new Vpc(stack, 'Vpc'), database: 'd', collection: 'c' }),
      }),
      more: [NETWORK],
    },
    'a schedule': {
      then: (etl) => void etl.addSchedule('Nightly', {
        schedule: ScheduleExpression.rate(Duration.days(1)), window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }),
      }),
      more: [SCHEDULE],
    },
    'a backfill': {
      then: (etl) => void etl.addBackfill('Year', {
        begin: '2025-01-01', end: '2026-01-01', step: Duration.days(1), beginParameter: 'date_begin', endParameter: 'date_end',
      }),
      more: [BACKFILL],
    },
    'a schedule that is watched': {
      then: (etl) => void etl.addSchedule('Nightly', {
        schedule: ScheduleExpression.rate(Duration.days(1)), window: RunWindow.previousDay({ begin: 'date_begin', end: 'date_end' }), alarmAfterEmptyRuns: 3,
      }),
      more: [SCHEDULE, EMPTY_RUNS_ALARM],
    },
  },
};
