import { ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { MAX_ARN, Request } from '../api/request';

export type LogLevel = 'ALL' | 'ERROR' | 'FATAL' | 'OFF';

const LEVELS: readonly LogLevel[] = ['ALL', 'ERROR', 'FATAL', 'OFF'];

/** How the executions of a state machine are logged. */
export interface LoggingSettings {
  readonly level: LogLevel;
  readonly includeExecutionData: boolean;
  /** ARNs of log groups, ending in `:*`; absent where none were named. Without the level OFF there must be exactly one. */
  readonly destinations?: readonly string[];
}

export const NO_LOGS: LoggingSettings = { level: 'OFF', includeExecutionData: false };

export function isLogLevel(text: string): text is LogLevel {
  return LEVELS.some((level) => level === text);
}

/** The group that is written to; undefined when nothing is. Throws `InvalidLoggingConfiguration` where AWS does. */
export function logGroupOf({ level, destinations = [] }: LoggingSettings): string | undefined {
  if (destinations.length > 1 || (level !== 'OFF' && destinations.length === 0)) throw invalidLogging('Must specify exactly one Log Destination.');
  return level === 'OFF' ? undefined : destinations[0];
}

export function invalidLogging(reason: string): ServiceError {
  return new ServiceError('InvalidLoggingConfiguration', `Invalid Logging Configuration: ${reason}`);
}

/** Reads `loggingConfiguration` of a request; what it leaves out is not logged. */
export function readLogging(request: Request): LoggingSettings | undefined {
  return request.object('loggingConfiguration', (logging) => ({
    level: logging.oneOf('level', LEVELS) ?? NO_LOGS.level,
    includeExecutionData: logging.boolean('includeExecutionData') ?? NO_LOGS.includeExecutionData,
    destinations: logging.objects('destinations', (destination) => {
      const arn = destination.object('cloudWatchLogsLogGroup', (group) => group.optionalString('logGroupArn', MAX_ARN, 1));
      if (arn === undefined) throw invalidLogging('Log Destination not found.');
      return arn;
    }),
  }));
}

export function describeLogging({ level, includeExecutionData, destinations }: LoggingSettings): JsonObject {
  return {
    level,
    includeExecutionData,
    ...destinations !== undefined && { destinations: destinations.map((logGroupArn) => ({ cloudWatchLogsLogGroup: { logGroupArn } })) },
  };
}
