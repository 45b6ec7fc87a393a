import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, QueryLanguage, StateMachine, TaskInput, TaskRole } from 'aws-cdk-lib/aws-stepfunctions';
import { SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { newExecution, single, task } from './support';
import { DeployedStack } from '../../../local/client/deployed-stack';
import { LocalCloud } from '../../../local/cloud';
import { JsonObject } from '../../../local/json';
import { deploy } from '../deploy';

const roleArn = 'arn:aws:iam::111122223333:role/other';

test.each<[string, JsonObject]>([
  ['given', { Credentials: { RoleArn: roleArn } }],
  ['by a path', { Credentials: { 'RoleArn.$': '$.role' } }],
  ['by an expression', { QueryLanguage: 'JSONata', Credentials: { RoleArn: '{% $states.input.role %}' } }],
])('the role of the Credentials is %s, and told in the event', async (_, fields) => {
  const seen: (string | undefined)[] = [];
  const definition = single({ ...task(), ...fields, Resource: 'arn:aws:lambda:us-east-1:111122223333:function:f' });
  const execution = newExecution(definition, {
    input: { role: roleArn },
    task: async ({ credentials }) => {
      seen.push(credentials);
      return null;
    },
  });
  expect((await execution.run()).status).toBe('SUCCEEDED');
  expect(seen).toEqual([roleArn]);
  expect(execution.history.events.find(({ type }) => type === 'LambdaFunctionScheduled')?.details.taskCredentials).toEqual({ roleArn });
});

test('a role that is no text fails the state', async () => {
  const execution = newExecution(single(task({ Credentials: { 'RoleArn.$': '$.role' } })), { input: { role: 1 } });
  expect(await execution.run()).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
});

describe('in the cloud', () => {
  let cloud: LocalCloud;
  let deployment: DeployedStack;

  beforeAll(async () => {
    cloud = await LocalCloud.start();
    deployment = new DeployedStack(cloud, await deploy(cloud, 'Credentials', build));
  }, 120_000);
  afterAll(() => cloud.close());

  /** Machines that send a message with another role. CDK gives their own roles the right to send as well, which must not help. */
  function build(stack: Stack): void {
    const queue = new Queue(stack, 'Queue');
    for (const [id, trusted, granted] of [['Able', true, true], ['Powerless', true, false], ['Untrusted', false, true]] as const) {
      const other = new Role(stack, `${id}Other`, { assumedBy: trusted ? new AccountRootPrincipal() : new ServicePrincipal('lambda.amazonaws.com') });
      if (granted) queue.grantSendMessages(other);
      const send = SqsSendMessage.jsonata(stack, `${id}Send`, {
        queue, messageBody: TaskInput.fromText('hello'), credentials: { role: TaskRole.fromRole(other) }, outputs: '{% $exists($states.result.MessageId) %}',
      });
      new StateMachine(stack, id, { queryLanguage: QueryLanguage.JSONATA, definitionBody: DefinitionBody.fromChainable(send) });
    }
  }

  async function run(machine: string): Promise<JsonObject> {
    const { stepFunctions } = cloud.services;
    const stateMachineArn = deployment.physicalId('AWS::StepFunctions::StateMachine', machine);
    const { executionArn } = await stepFunctions.call('StartExecution', { stateMachineArn }, deployment.administrator);
    await stepFunctions.ended(String(executionArn));
    return stepFunctions.call('DescribeExecution', { executionArn }, deployment.administrator);
  }

  test('a Task acts with the role of its Credentials', async () => {
    expect(await run('Able')).toMatchObject({ status: 'SUCCEEDED', output: 'true' });
  });

  test('what that role may not, the Task may not, whatever the role of the machine may', async () => {
    expect(await run('Powerless')).toMatchObject({ status: 'FAILED', cause: expect.stringMatching(/PowerlessOther.* is not authorized to perform: sqs:SendMessage/) });
  });

  test('a role that does not trust the role of the machine lends it nothing', async () => {
    expect(await run('Untrusted')).toMatchObject({ status: 'FAILED', error: 'States.Permissions', cause: expect.stringContaining('sts:AssumeRole') });
  });
});
