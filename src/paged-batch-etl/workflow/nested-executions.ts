import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** ARN of all executions of a machine. */
export function executionsOf(scope: Construct, stateMachine: IStateMachine): string {
  const stack = Stack.of(scope);
  const { partition, region, account, resourceName = '' } = stack.splitArn(stateMachine.stateMachineArn, ArnFormat.COLON_RESOURCE_NAME);
  // The ARN of a version or an alias goes on after the name of the machine; those of its executions do not.
  const [name] = resourceName.split(':');
  return stack.formatArn({
    partition, region, account, service: 'states', resource: 'execution', resourceName: `${name}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** What Step Functions does in the name of a machine that starts executions of another one and waits for their end. */
export function runAndWait(scope: Construct, stateMachine: IStateMachine): PolicyStatement[] {
  const rule = `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`;
  return [
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachine.stateMachineArn] }),
    new PolicyStatement({ actions: ['states:DescribeExecution', 'states:StopExecution'], resources: [executionsOf(scope, stateMachine)] }),
    // The rule is managed by Step Functions and has this name in every account; it tells of the end of executions.
    new PolicyStatement({ actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], resources: [rule] }),
  ];
}
