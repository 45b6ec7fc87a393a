import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { readerArns } from './query-readers';
import { ApiFunctionProps } from '../../private/synth/api-function-props';
import { API_FUNCTION_TIMEOUT } from '../../private/synth/api-function-timeout';
import { HandlerFunction } from '../../private/synth/handler-function';
import { useKey } from '../../private/synth/key-rights';
import { ManageEnvironment } from '../contracts/manage-query';
import { ResultLinks } from '../results/result-links';
import { ResultStore } from '../results/result-store';

export interface QueryManagementProps extends ApiFunctionProps {
  readonly workflow: StateMachine;
  readonly results: ResultStore;
  readonly links: ResultLinks;
  readonly queryReaders: readonly IGrantable[];
  /** How long Athena can take to accept a query at most. */
  readonly longestStart: Duration;
}

/** Says how a query stands, makes a fresh link to its result, and cancels it. */
export class QueryManagement {
  public readonly managementFunction: IFunction;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, props: QueryManagementProps) {
    const stack = Stack.of(scope);
    const { workflow, results, encryptionKey } = props;
    const executions = stack.formatArn({
      service: 'states', resource: 'execution', resourceName: `${workflow.stateMachineName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const readers = readerArns(scope, props.queryReaders);
    const handler = new HandlerFunction(scope, 'Management', {
      handler: 'async-athena-query-api/management/function/manage-query',
      description: 'Says how a query stands, makes a fresh link to its result, and cancels it',
      roleDescription: 'Looks at queries, links to their results and cancels them',
      runtime: props.runtime,
      timeout: API_FUNCTION_TIMEOUT,
      memorySize: 256,
      environment: {
        [ManageEnvironment.WORKFLOW_ARN]: workflow.stateMachineArn,
        [ManageEnvironment.LONGEST_START_SECONDS]: `${props.longestStart.toSeconds()}`,
        ...(readers.length > 0 && { [ManageEnvironment.QUERY_READERS]: stack.toJsonString(readers) }),
      },
      statements: [
        new PolicyStatement({ actions: ['states:DescribeExecution', 'states:GetExecutionHistory'], resources: [executions] }),
        new PolicyStatement({ actions: ['athena:GetQueryExecution', 'athena:StopQueryExecution'], resources: [results.workGroupArn] }),
        // Executions that are encrypted are read with the rights of whoever reads them.
        ...(encryptionKey === undefined ? [] : [useKey(encryptionKey, ['kms:Decrypt'], { context: { 'aws:states:stateMachineArn': workflow.stateMachineArn } })]),
      ],
      logGroup: props.logGroup,
      logRetention: props.logRetention,
      removalPolicy: props.removalPolicy,
      encryptionKey,
      tracing: props.tracing,
    });
    props.links.addSigner(handler);
    this.managementFunction = handler.lambdaFunction;
    this.logGroup = handler.logGroup;
  }
}
