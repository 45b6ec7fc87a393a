import { invalidLogging } from './settings';
import { Authorize, CallContext, ServiceError } from '../../aws/service';
import { StateMachine } from '../api/state-machine';
import { MachineKeys } from '../encryption';

/** What a role needs for logging to CloudWatch Logs. Source: Step Functions developer guide, "Logging using CloudWatch Logs". */
const LOG_DELIVERY_ACTIONS = [
  'CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries', 'PutResourcePolicy',
  'DescribeResourcePolicies', 'DescribeLogGroups',
];

export interface LogDeliveryOptions {
  readonly authorize: Authorize;
  readonly keys: MachineKeys;
  /** Whether there is a log group with this ARN. Default: any ARN of one will do. */
  readonly logGroupExists?: (arn: string) => boolean;
  /** Lets services deliver to the log group, if there is room in the policy that says so. Default: there is. */
  readonly admitLogGroup?: (arn: string) => boolean;
  /** Told of what AWS passes over in silence. */
  readonly warn?: (warning: string) => void;
}

/** A machine that logs sets up the delivery of its logs with the rights of its role. Answers whether they arrive; throws where AWS refuses the machine. */
export async function setUpLogDelivery(
  options: LogDeliveryOptions, logGroupArn: string, machine: Pick<StateMachine, 'arn' | 'encryption'>, context: CallContext,
): Promise<boolean> {
  const { authorize, keys, logGroupExists = () => true, admitLogGroup = () => true, warn } = options;
  if (!logGroupArn.endsWith(':*') || !logGroupExists(logGroupArn)) throw invalidLogging('Log Destination not found.');
  try {
    for (const action of LOG_DELIVERY_ACTIONS) await authorize({ action: `logs:${action}`, resource: '*' }, context);
    await keys.allowLogDelivery(machine, context);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError('AccessDeniedException', 'The state machine IAM Role is not authorized to access the Log Destination');
  }
  if (!admitLogGroup(logGroupArn)) {
    throw invalidLogging('The CloudWatch Logs Resource Policy size was exceeded. We suggest prefixing your CloudWatch log group name with /aws/vendedlogs/states/.');
  }
  const arrive = await keys.logsArrive(machine);
  if (!arrive) warn?.(`The policy of its key does not let delivery.logs.amazonaws.com read what ${machine.arn} logs`);
  return arrive;
}
