import { TaskFailure } from './failure';
import { JsonValue } from '../../json';

const PREFIX = 'task-token:';

/** Whether a text could be a token that was handed out at some time. */
export function looksLikeTaskToken(text: string): boolean {
  return Buffer.from(text, 'base64').toString('utf8').startsWith(PREFIX);
}

/** A task that waits for SendTaskSuccess, SendTaskFailure or SendTaskHeartbeat. */
interface PendingTask {
  readonly succeed: (output: JsonValue) => void;
  readonly fail: (failure: TaskFailure) => void;
  onHeartbeat: () => void;
}

/** A token as handed out, with the promise of its result. */
export interface IssuedToken {
  readonly token: string;
  readonly result: Promise<JsonValue>;
  /** Calls back at every heartbeat. */
  onHeartbeat(callback: () => void): void;
  /** The task is over: from now on the token is unknown. */
  revoke(): void;
}

/** The task tokens that are out, of any number of executions. */
export class TaskTokens {
  private readonly pending = new Map<string, PendingTask>();

  constructor(private readonly uuid: () => string) {}

  issue(): IssuedToken {
    const token = Buffer.from(`${PREFIX}${this.uuid()}`).toString('base64');
    const result = new Promise<JsonValue>((resolve, reject) => {
      this.pending.set(token, { succeed: resolve, fail: reject, onHeartbeat: () => undefined });
    });
    // A failure may arrive before anybody waits for the result.
    result.catch(() => undefined);
    return {
      token,
      result,
      onHeartbeat: (callback) => {
        const task = this.pending.get(token);
        if (task !== undefined) task.onHeartbeat = callback;
      },
      revoke: () => void this.pending.delete(token),
    };
  }

  /** Each of these answers whether the token was known. */
  succeed(token: string, output: JsonValue): boolean {
    return this.settle(token, (task) => task.succeed(output));
  }

  fail(token: string, error?: string, cause?: string): boolean {
    return this.settle(token, (task) => task.fail(new TaskFailure(error, cause)));
  }

  heartbeat(token: string): boolean {
    const task = this.pending.get(token);
    task?.onHeartbeat();
    return task !== undefined;
  }

  private settle(token: string, how: (task: PendingTask) => void): boolean {
    const task = this.pending.get(token);
    if (task === undefined) return false;
    this.pending.delete(token);
    how(task);
    return true;
  }
}
