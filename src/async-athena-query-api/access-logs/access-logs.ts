import { LogGroupAccessLogsOptions } from './access-logs-options';
import { AccessLogsBinding } from './binding';
import { logGroupAccessLogs } from './log-group';
import { noAccessLogs } from './none';
import { LOG_GROUP_KINDS } from './option-kinds';
import { checkOptions } from '../../private/synth/option-kinds';

/** Where API Gateway writes a line for each request. Neither SQL nor callback URLs are in it. */
export class AccessLogs {
  /**
   * No access logs.
   *
   * Choose this, the default, where the account has no role for logs of API Gateway. Such a role is set once for a whole account and Region, so the construct
   * does not set it. Metrics and the history of the workflow are there all the same.
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { accessLogs: AccessLogs.none() });
   */
  public static none(): AccessLogs {
    return new AccessLogs(noAccessLogs());
  }

  /**
   * A CloudWatch log group.
   *
   * Choose this where you must know who called and when, also of requests that were refused. Deployment fails unless API Gateway's CloudWatch role is set for the
   * account and Region (`apigateway.CfnAccount`).
   *
   * @example
   * new AsyncAthenaQueryApi(this, 'Queries', { accessLogs: AccessLogs.logGroup() });
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
