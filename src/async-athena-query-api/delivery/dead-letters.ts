import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { EventField, IRule, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { createDeadLetterQueue } from '../../private/synth/dead-letter-queue';
import { createFailureAlarm, unsuccessfulExecutions } from '../../private/synth/failure-alarm';
import { operationsPage } from '../../private/synth/operations-page';
import { REDRIVE_WINDOW } from '../../private/synth/redrive-window';

export interface DeadLettersProps {
  readonly workflow: IStateMachine;
  readonly deadLetterQueue?: IQueue;
  readonly removalPolicy: RemovalPolicy;
  /** Whether queries are announced: then an execution can also have failed at that. */
  readonly announced: boolean;
  /** Whether a customer's key encrypts the executions: then no event tells their errors. */
  readonly encrypted: boolean;
}

/**
 * A message for every execution that ended without a delivered callback, and an alarm.
 *
 * A message names the execution and never holds its input: SQL and callback URLs stay where they are.
 * Step Functions sends these events on a best-effort basis, so the alarm is on metrics.
 */
export class DeadLetters {
  public readonly queue: IQueue;
  public readonly alarm: Alarm;

  constructor(scope: Construct, props: DeadLettersProps) {
    this.queue = props.deadLetterQueue ?? createDeadLetterQueue(scope, props.removalPolicy);
    // For a queue with a customer key. Naming the rules here would close a circle: rule, queue, key. In a key's own policy, `*` is that key.
    this.queue.encryptionMasterKey?.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
    }));
    // Only a failed execution surely has an error: a null in the event would leave the message without a value.
    const failed = rule(scope, 'FailedRule', props.workflow, ['FAILED']);
    const why = props.encrypted ? 'The execution says why' : 'See the error';
    this.addTarget(
      failed, `${props.announced ? 'No callback was delivered, or the query was not announced' : 'No callback was delivered'}. ${why}; most can be redriven within ${REDRIVE_WINDOW.toDays()} days.`,
      props.encrypted ? {} : { Error: EventField.fromPath('$.detail.error') },
    );
    const stopped = rule(scope, 'StoppedRule', props.workflow, ['ABORTED', 'TIMED_OUT']);
    this.addTarget(stopped, 'The execution was stopped and the callback was not delivered. The query itself may run on and cost until it ends.');
    this.alarm = createFailureAlarm(scope, 'FailureAlarm', {
      description: `Executions that ended without a delivered callback${props.announced ? ' or announcement' : ''}; the dead letters name them. What to do: ${operationsPage('async-athena-query-api')}`,
      metric: unsuccessfulExecutions(props.workflow, 'Executions without a delivered callback'),
    });
  }

  /** A queue in another stack cannot name the rule: each stack would then wait for the other. It lets in all rules of this account and Region. */
  private sourceArn(source: Rule): string {
    if (Stack.of(this.queue) === Stack.of(source)) return source.ruleArn;
    return Stack.of(source).formatArn({ service: 'events', resource: 'rule', resourceName: '*' });
  }

  private addTarget(source: Rule, note: string, fields: Record<string, string> = {}): void {
    this.queue.addToResourcePolicy(new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [this.queue.queueArn],
      conditions: { ArnLike: { 'aws:SourceArn': this.sourceArn(source) } },
    }));
    source.addTarget({
      bind: (_rule: IRule) => ({
        arn: this.queue.queueArn,
        input: RuleTargetInput.fromObject({
          ExecutionArn: EventField.fromPath('$.detail.executionArn'),
          QueryId: EventField.fromPath('$.detail.name'),
          Status: EventField.fromPath('$.detail.status'),
          ...fields,
          RedriveCount: EventField.fromPath('$.detail.redriveCount'),
          Time: EventField.time,
          Note: note,
        }),
      }),
    });
  }
}

function rule(scope: Construct, id: string, workflow: IStateMachine, status: string[]): Rule {
  return new Rule(scope, id, {
    eventPattern: {
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { stateMachineArn: [workflow.stateMachineArn], status },
    },
  });
}
