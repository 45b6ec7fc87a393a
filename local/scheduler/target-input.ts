import { Invocation } from './schedule';
import { AwsEnvironment } from '../aws/service';

/** Context attributes. Source: EventBridge Scheduler user guide, "Adding context attributes". */
const ATTRIBUTES: Readonly<Record<string, (invocation: Invocation, attempt: number) => string>> = {
  'aws.scheduler.schedule-arn': ({ scheduleArn }) => scheduleArn,
  'aws.scheduler.scheduled-time': ({ scheduledTime }) => toWholeSeconds(scheduledTime),
  'aws.scheduler.execution-id': ({ executionId }) => executionId,
  'aws.scheduler.attempt-number': (_, attempt) => String(attempt),
};

/** Puts the values of an invocation into the input; attempts count from 1. */
export function fillIn(input: string, invocation: Invocation, attempt: number): string {
  return input.replace(/<(aws\.scheduler\.[\w-]+)>/g, (placeholder, name: string) => ATTRIBUTES[name]?.(invocation, attempt) ?? placeholder);
}

/** Fails for a context attribute that Scheduler does not have, and for text that is no JSON where the target takes nothing else. */
export function checkInput(input: string, mustBeJson: boolean): void {
  const sample = fillIn(input, { scheduleArn: '', executionId: '', scheduledTime: 0 }, 1);
  const unknown = /<aws\.scheduler\.[\w-]+>/.exec(sample);
  if (unknown !== null) throw new Error(`Input: the local cloud does not implement the context attribute ${unknown[0]}`);
  if (!mustBeJson) return;
  try {
    JSON.parse(sample);
  } catch (error) {
    throw new Error(`Input is not valid JSON: ${String(error)}`);
  }
}

/** What Scheduler sends for a schedule without an input. */
export function defaultInput({ scheduleArn, executionId, scheduledTime }: Invocation, { accountId, region }: AwsEnvironment): string {
  return JSON.stringify({
    'version': '0',
    'id': executionId,
    'detail-type': 'Scheduled Event',
    'source': 'aws.scheduler',
    'account': accountId,
    'time': toWholeSeconds(scheduledTime),
    'region': region,
    'resources': [scheduleArn],
    'detail': '{}',
  });
}

/** `2022-03-22T18:59:43Z`. */
export function toWholeSeconds(moment: number): string {
  return new Date(moment).toISOString().replace(/\.\d+Z$/, 'Z');
}
