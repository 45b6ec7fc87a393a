import { Refusal } from './refusal';
import { arn, Environment, readEnvironment, wholeNumberText } from '../../../private/runtime/environment';
import { jsonOf, listOf, optional } from '../../../private/shape/json-shape';
import { ManageEnvironment } from '../../contracts/manage-query';
import { LinkConfig, readLinkConfig } from '../../delivery/function/link-config';

/** What the construct tells the function. */
export interface ManagementConfig extends LinkConfig {
  readonly workflowArn: string;
  /** ARNs of roles and users. */
  readonly queryReaders?: readonly string[];
  readonly longestStartSeconds: number;
}

export function readConfig(environment: Environment): ManagementConfig {
  return readEnvironment(environment, (variable) => ({
    workflowArn: variable(ManageEnvironment.WORKFLOW_ARN, arn),
    queryReaders: variable(ManageEnvironment.QUERY_READERS, optional(jsonOf(listOf(arn)))),
    longestStartSeconds: variable(ManageEnvironment.LONGEST_START_SECONDS, wholeNumberText({ least: 0, most: Number.MAX_SAFE_INTEGER })),
    ...readLinkConfig(variable),
  }), (message) => new Refusal('InternalError', 'The request could not be processed.', message));
}
