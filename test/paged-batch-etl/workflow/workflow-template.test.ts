import { Stack } from 'aws-cdk-lib';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { RunParameterBindings } from '../../../src/paged-batch-etl/run-parameter/binding';
import { aslProblem } from '../../support/asl-schema';
import { EtlStackOptions, everyStack, HANDLER_ARN, processors, SOURCE_ARN, synthEtl } from '../../support/etl-stack';
import { idsOf, roleStatements } from '../../support/template';

const parameters: RunParameterBindings = {
  date_begin: { rule: { type: 'date' } }, count: { rule: { type: 'integer' }, defaultValue: 3 }, name: { rule: { type: 'text' }, defaultValue: 'x' },
};
const restarts = { supervised: RunContinuation.supervised(), selfRestart: RunContinuation.selfRestart() };
const all = everyStack(restarts, { parameters });

test.each(all)('the machines are valid Amazon States Language: %s', (_name, options) => {
  const machines = Object.entries(synthEtl(options).machines);
  expect(machines.map(([name, definition]) => [name, aslProblem(definition)])).toEqual(machines.map(([name]) => [name, undefined]));
});

test.each(all)('documents stay out of their logs: %s', (_name, options) => {
  const { template } = synthEtl(options);
  for (const id of Object.keys(template.findResources('AWS::StepFunctions::StateMachine')).filter((name) => !name.startsWith('Child'))) {
    expect(template.toJSON().Resources[id].Properties.LoggingConfiguration).toMatchObject({ IncludeExecutionData: false, Level: 'ERROR' });
  }
});

const lambda = (...arns: string[]) => arns.map((arn) => ({ Action: ['lambda:InvokeFunction'], Effect: 'Allow', Resource: [arn] }));
const logs = {
  Effect: 'Allow',
  Action: [
    'logs:CreateLogDelivery', 'logs:GetLogDelivery', 'logs:UpdateLogDelivery', 'logs:DeleteLogDelivery', 'logs:ListLogDeliveries', 'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies', 'logs:DescribeLogGroups',
  ],
  Resource: ['*'],
};

/** Rights to run a machine and wait for it, given its ARN and those of its executions. */
const runAndWait = (machine: string, executions: string) => [
  { Effect: 'Allow', Action: ['states:StartExecution'], Resource: [machine] },
  { Effect: 'Allow', Action: ['states:DescribeExecution', 'states:StopExecution'], Resource: [executions] },
  {
    Effect: 'Allow',
    Action: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    Resource: ['arn:<AWS::Partition>:events:<AWS::Region>:<AWS::AccountId>:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule'],
  },
];
/** Ids of the template without their hashes. */
const withoutHashes = (value: unknown) => JSON.parse(JSON.stringify(value).replace(/<(Workflow|Segment|Items|Child)[0-9A-F]{8}/g, '<$1'));

describe('a role may do what its machine does, and nothing else', () => {
  const policies = (options: EtlStackOptions) => {
    const { template } = synthEtl(options);
    return withoutHashes({ workflow: roleStatements(template, 'WorkflowRole'), segment: roleStatements(template, 'SegmentRole') });
  };

  test('supervised', () => {
    const { workflow, segment } = policies({});
    expect(segment).toEqual([...lambda(SOURCE_ARN, HANDLER_ARN), logs]);
    // The name is taken from the ARN, when the stack is deployed.
    const [start, follow, ...rest] = workflow;
    expect([start, ...rest]).toEqual([...runAndWait('<Segment>', '').filter((_, index) => index !== 1), logs]);
    expect(follow.Action).toEqual(['states:DescribeExecution', 'states:StopExecution']);
  });

  test('with items in an Express execution', () => {
    const { template } = synthEtl({ processor: processors.expressItems });
    const startItems = { Effect: 'Allow', Action: ['states:StartSyncExecution'], Resource: ['<Items>'] };
    // It calls the handler no longer; segments of an earlier release do, while they run to their end.
    expect(withoutHashes(roleStatements(template, 'SegmentRole'))).toEqual([...lambda(SOURCE_ARN), startItems, ...lambda(HANDLER_ARN), logs]);
    expect(withoutHashes(roleStatements(template, 'ItemsRole'))).toEqual([...lambda(HANDLER_ARN), logs]);
  });

  test('restarting itself, in a policy that does not make a circle', () => {
    const { workflow } = policies({ continuation: restarts.selfRestart });
    expect(workflow).toEqual(expect.arrayContaining([...lambda(SOURCE_ARN, HANDLER_ARN), logs, { Effect: 'Allow', Action: ['states:StartExecution'], Resource: ['<Workflow>'] }]));
    expect(workflow).toHaveLength(4);
  });

  test('with a state machine whose ARN is known', () => {
    const arn = 'arn:aws:states:eu-west-1:444455556666:stateMachine:Process';
    const { segment } = policies({ processor: (stack) => ItemProcessor.stateMachine({ stateMachine: StateMachine.fromStateMachineArn(stack, 'Process', arn) }) });
    const executions = 'arn:aws:states:eu-west-1:444455556666:execution:Process:*';
    expect(segment).toEqual([...lambda(SOURCE_ARN), ...runAndWait(arn, executions), logs]);
  });
});

test('a state machine that is known by an alias is started as that, and its executions have the name of the machine', () => {
  const arn = 'arn:aws:states:eu-west-1:444455556666:stateMachine:Process:live';
  const { template } = synthEtl({ processor: (stack) => ItemProcessor.stateMachine({ stateMachine: StateMachine.fromStateMachineArn(stack, 'Process', arn) }) });
  expect(roleStatements(template, 'SegmentRole').slice(1, 3)).toEqual(runAndWait(arn, 'arn:aws:states:eu-west-1:444455556666:execution:Process:*').slice(0, 2));
});

test.each(all)('every machine says in its definition what it is for: %s', (_name, options) => {
  const { Child, ...machines } = synthEtl(options).machines;
  for (const { Comment } of Object.values(machines)) expect(Comment).toMatch(/^[A-Z]\w+ .*(pages?|segment)\b/);
});

test('ids stay what they are whatever strategy is chosen', () => {
  const ids = (options: EtlStackOptions) => Object.keys(idsOf(synthEtl(options).template, /StateMachine|LogGroup|IAM::Role/)).sort();
  const own = ['Segment', 'SegmentLogs', 'SegmentRole', 'Workflow', 'WorkflowLogs', 'WorkflowRole'];
  expect(ids({}).map((id) => id.slice(0, -8))).toEqual(own);
  const kept = ids({ continuation: restarts.selfRestart });
  expect(kept.map((id) => id.slice(0, -8))).toEqual(['Workflow', 'WorkflowLogs', 'WorkflowRole']);
  expect(ids({})).toEqual(expect.arrayContaining(kept));
  const withItems = ids({ processor: processors.expressItems });
  expect(withItems.map((id) => id.slice(0, -8))).toEqual(['Items', 'ItemsLogs', 'ItemsRole', ...own]);
  expect(withItems).toEqual(expect.arrayContaining(ids({})));
});

test('a policy of its own lets a workflow that restarts itself go on, and starters can wait for it', () => {
  const { parts } = synthEtl({ continuation: restarts.selfRestart });
  expect(parts.startableAfter).toBeDefined();
  expect(parts.segment).toBeUndefined();
  expect(Stack.of(parts.workflow)).toBe(Stack.of(parts.workflowRole));
});
