import { OpenLog } from './function-log';
import { Caller, ServiceError } from '../aws/service';
import { LogStreamOptions, openLogStream } from '../logs/log-stream';

export interface RoleLogsOptions extends LogStreamOptions {
  /** Who Lambda is when it acts with a function's role. */
  readonly assumeRole: (roleArn: string, functionName: string) => Promise<Caller>;
  /** Told of a function whose lines are lost, and why. */
  readonly warn: (warning: string) => void;
}

/** Logs of functions, written with the rights of their roles. A function whose role lacks them runs all the same, and its lines are lost, as on AWS. */
export function roleLogs(options: RoleLogsOptions): OpenLog {
  return async ({ functionName, roleArn, logGroup, logStream }) => {
    try {
      await openLogStream(options, logGroup, logStream, { caller: await options.assumeRole(roleArn, functionName) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      options.warn(`The log of the function ${functionName} is lost: ${error.message}`);
      return () => {};
    }
    return ({ timestamp, message }) => options.store.write(logGroup, { stream: logStream, timestamp, message });
  };
}
