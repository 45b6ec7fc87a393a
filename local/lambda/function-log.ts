import { randomBytes } from 'node:crypto';
import { FunctionConfiguration, LATEST } from './function-configuration';

/** One event of a function's log. */
export interface LogEvent {
  readonly logGroup: string;
  readonly logStream: string;
  /** Virtual epoch milliseconds. */
  readonly timestamp: number;
  readonly message: string;
}

export type LogWriter = (event: LogEvent) => void;

/** Opens the stream of a new process with the rights of the function's role; answers what writes to it. */
export type OpenLog = (stream: LogStreamRequest) => Promise<LogWriter>;

export interface LogStreamRequest {
  readonly functionName: string;
  readonly roleArn: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/** Figures of one invocation; times and sizes are real. */
export interface InvocationReport {
  readonly requestId: string;
  readonly durationMilliseconds: number;
  readonly memoryBytes: number;
  /** `success`, `error` or `timeout`. */
  readonly status: string;
}

const BYTES_PER_MEGABYTE = 1_048_576;

/** The log stream of one sandbox, in the words of Lambda. */
export class FunctionLog {
  static async open(configuration: FunctionConfiguration, now: () => number, openLog: OpenLog): Promise<FunctionLog> {
    const day = new Date(now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const logStream = `${day}/[${LATEST}]${randomBytes(16).toString('hex')}`;
    const { functionName, roleArn, logGroup } = configuration;
    return new FunctionLog(configuration, now, logStream, await openLog({ functionName, roleArn, logGroup, logStream }));
  }

  private constructor(
    private readonly configuration: FunctionConfiguration,
    private readonly now: () => number,
    readonly streamName: string,
    private readonly writer: LogWriter,
  ) {}

  write(message: string): void {
    this.writer({ logGroup: this.configuration.logGroup, logStream: this.streamName, timestamp: this.now(), message });
  }

  start(requestId: string): void {
    this.platform('platform.start', { requestId, version: LATEST }, [`START RequestId: ${requestId} Version: ${LATEST}`]);
  }

  end({ requestId, durationMilliseconds, memoryBytes, status }: InvocationReport): void {
    const metrics = {
      durationMs: Number(durationMilliseconds.toFixed(2)),
      billedDurationMs: Math.ceil(durationMilliseconds),
      memorySizeMB: this.configuration.memoryMegabytes,
      maxMemoryUsedMB: Math.ceil(memoryBytes / BYTES_PER_MEGABYTE),
    };
    this.platform('platform.report', { requestId, metrics, status }, [
      `END RequestId: ${requestId}`,
      `REPORT RequestId: ${requestId}\tDuration: ${metrics.durationMs} ms\tBilled Duration: ${metrics.billedDurationMs} ms\t`
        + `Memory Size: ${metrics.memorySizeMB} MB\tMax Memory Used: ${metrics.maxMemoryUsedMB} MB\t`,
    ]);
  }

  private platform(type: string, record: object, lines: readonly string[]): void {
    if (this.configuration.logFormat === 'Text') lines.forEach((line) => this.write(line));
    else this.write(JSON.stringify({ time: new Date(this.now()).toISOString(), type, record }));
  }
}
