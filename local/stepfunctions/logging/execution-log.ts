import { createHash } from 'node:crypto';
import { LogLevel } from './settings';
import { JsonObject } from '../../json';
import { LogLine } from '../../logs/log-store';
import { toWireDetails } from '../api/history-wire';
import { StateMachine } from '../api/state-machine';
import { HistoryEvent } from '../interpreter/history';

/** Writes a line to the log group with this ARN. */
export type WriteLog = (logGroupArn: string, line: LogLine) => void;

/** Writes what the log of a machine is to have of an event, which may be nothing. */
export type LogEvent = (event: HistoryEvent, execution: LoggedExecution) => void;

export interface LoggedExecution {
  readonly executionArn: string;
  readonly redriveCount: number;
}

/** Bytes of an input or output, escaped, after which it is cut. Source: Step Functions developer guide, "CloudWatch Logs payloads". */
const MAX_LOGGED_BYTES = 248 * 1024;

const FATAL = /^Execution(Aborted|Failed|TimedOut)$/;
const ERROR = /(Aborted|Failed|TimedOut)$|^FailStateEntered$/;

/** Whether a level has an event of this type. Source: Step Functions developer guide, "Log levels for Step Functions execution events". */
export function isLogged(level: LogLevel, eventType: string): boolean {
  if (level === 'ALL') return true;
  if (level === 'ERROR') return ERROR.test(eventType);
  return level === 'FATAL' && FATAL.test(eventType);
}

/** The log of a machine's executions; undefined where nothing is logged. */
export function executionLog(machine: StateMachine, write: WriteLog | undefined): LogEvent | undefined {
  const { logGroupArn, logging: { level, includeExecutionData } } = machine;
  if (logGroupArn === undefined || write === undefined) return undefined;
  let stream: string | undefined;
  return (event, execution) => {
    if (!isLogged(level, event.type)) return;
    stream ??= streamOf(machine, event.timestamp);
    write(logGroupArn, { timestamp: event.timestamp, stream, message: JSON.stringify(recordOf(event, execution, includeExecutionData)) });
  };
}

/** A record as AWS writes it: numbers are texts, but for those of the details. */
function recordOf(event: HistoryEvent, execution: LoggedExecution, includeExecutionData: boolean): JsonObject {
  const { id, type, details, previousEventId, timestamp } = event;
  return {
    id: String(id),
    type,
    details: truncated(toWireDetails(type, details, includeExecutionData)),
    redrive_count: String(execution.redriveCount),
    previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp),
    execution_arn: execution.executionArn,
  };
}

function truncated(details: JsonObject): JsonObject {
  const result = { ...details };
  for (const name of ['input', 'output']) {
    const text = result[name];
    // Escaping makes at most six bytes of a character.
    if (typeof text !== 'string' || text.length * 6 <= MAX_LOGGED_BYTES || escapedBytes(text) <= MAX_LOGGED_BYTES) continue;
    result[name] = beginningOf(text);
    result[`${name}Details`] = { truncated: true };
  }
  return result;
}

/** The longest beginning of a text that is not too long for a log. */
function beginningOf(text: string): string {
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (escapedBytes(text.slice(0, middle)) <= MAX_LOGGED_BYTES) fits = middle;
    else tooLong = middle;
  }
  return text.slice(0, fits);
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** A name such as `states/my-machine/2026-01-31-08-15/0a1b2c3d`. */
function streamOf({ arn, name }: StateMachine, time: number): string {
  const minute = new Date(time).toISOString().slice(0, 16).replace(/[T:]/g, '-');
  return `states/${name}/${minute}/${createHash('sha256').update(arn).digest('hex').slice(0, 8)}`;
}
