import { LogGroupAccessLogsOptions } from './access-logs-options';
import { AccessLogsBinding } from './binding';
import { logGroupAccessLogs } from './log-group';
import { noAccessLogs } from './none';
import { LOG_GROUP_KINDS } from './option-kinds';
import { checkOptions } from '../../private/synth/option-kinds';

/** Where API Gateway writes a line for each request. Neither SQL nor callback URLs are in it. */
export class AccessLogs {
  /** No access logs: they need a role that is set once for a whole account and Region, which is not this construct's to set. */
  public static none(): AccessLogs {
    return new AccessLogs(noAccessLogs());
  }

  /**
   * A CloudWatch log group.
   *
   * Deployment fails unless API Gateway's CloudWatch role is set for the account and Region (`apigateway.CfnAccount`).
   */
  public static logGroup(options: LogGroupAccessLogsOptions = {}): AccessLogs {
    return new AccessLogs(logGroupAccessLogs(checkOptions('AccessLogs.logGroup', options, LOG_GROUP_KINDS)));
  }

  /** @internal */
  public readonly _binding: AccessLogsBinding;

  private constructor(binding: AccessLogsBinding) {
    this._binding = binding;
  }
}
