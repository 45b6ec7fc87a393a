import { ExecutionRecord } from './execution';
import { AwsEnvironment } from '../../aws/service';
import { writeJson } from '../../exact-json';
import { JsonObject } from '../../json';

/** An event as EventBridge delivers it. */
export interface StatusChangeEvent {
  readonly 'version': '0';
  readonly 'id': string;
  readonly 'detail-type': 'Step Functions Execution Status Change';
  readonly 'source': 'aws.states';
  readonly 'account': string;
  /** ISO 8601, whole seconds. */
  readonly 'time': string;
  readonly 'region': string;
  readonly 'resources': readonly string[];
  /** All members are always there; what does not apply is null. Dates are epoch milliseconds, input and output JSON texts. */
  readonly 'detail': JsonObject;
}

export function statusChangeEvent(record: ExecutionRecord, environment: AwsEnvironment, id: string, now: number): StatusChangeEvent {
  const { execution, machine, inputText } = record;
  const { identity, result } = execution;
  const reason = execution.notRedrivableReason;
  // What a customer's key encrypts is not told. Source: Step Functions developer guide, "Data at rest encryption".
  const included = machine.encryption === undefined;
  const output = result?.output === undefined || !included ? null : writeJson(result.output);
  return {
    'version': '0',
    id,
    'detail-type': 'Step Functions Execution Status Change',
    'source': 'aws.states',
    'account': environment.accountId,
    'time': new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    'region': environment.region,
    'resources': [identity.executionArn],
    'detail': {
      executionArn: identity.executionArn,
      stateMachineArn: machine.arn,
      name: identity.executionName,
      status: result?.status ?? 'RUNNING',
      startDate: execution.startTime,
      stopDate: execution.stopTime ?? null,
      input: included ? inputText : null,
      output,
      stateMachineVersionArn: machine.version?.arn ?? null,
      stateMachineAliasArn: null,
      redriveCount: execution.redriveCount,
      redriveDate: execution.redriveTime ?? null,
      redriveStatus: reason === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
      redriveStatusReason: reason ?? null,
      inputDetails: { included },
      outputDetails: result?.output === undefined ? null : { included },
      error: included ? result?.error ?? null : null,
      cause: included ? result?.cause ?? null : null,
    },
  };
}
