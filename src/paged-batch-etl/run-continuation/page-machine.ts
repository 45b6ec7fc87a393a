import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RunContinuationProps } from './binding';
import { WorkflowProps } from '../workflow/workflow-props';

/** The right to read pages. */
export function readPages({ sourceFunction }: WorkflowProps): PolicyStatement {
  return new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [sourceFunction.functionArn] });
}

/** The right to collect failures, where that is done. */
export function collectFailures({ tolerance }: RunContinuationProps): PolicyStatement[] {
  return tolerance === undefined ? [] : [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [tolerance.collector.functionArn] })];
}

/** `$`-paths to the declared parameters, for whoever processes items. */
export function declaredParameters({ parameters }: WorkflowProps): Record<string, string> {
  return Object.fromEntries(Object.keys(parameters).map((name) => [`${name}.$`, `$parameters.${name}`]));
}
