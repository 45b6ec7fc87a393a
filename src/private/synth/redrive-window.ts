import { Duration } from 'aws-cdk-lib';

/** How long after its end an execution can be redriven. Source: Step Functions developer guide, "Redriving state machine executions". */
export const REDRIVE_WINDOW = Duration.days(14);
