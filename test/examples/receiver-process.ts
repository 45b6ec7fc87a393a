import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ReceiverCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it keeps what it gets. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** An example receiver, in a process of its own on a free port. */
export class ReceiverProcess {
  static async start(options: ReceiverCommand): Promise<ReceiverProcess> {
    const receiver = new ReceiverProcess(options);
    await receiver.said(/^listening on \d+$/);
    return receiver;
  }

  /** What it has written, oldest first. */
  readonly lines: string[] = [];
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();
  private ended = false;

  private constructor({ command, args, folder, env }: ReceiverCommand) {
    const child = spawn(command, args, { cwd: folder, env: { ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', (line) => this.heard(line));
    const end = () => {
      this.ended = true;
      this.wake();
    };
    child.on('error', end).on('close', end);
  }

  /** Resolves when it has written such a line. */
  async said(pattern: RegExp): Promise<string> {
    for (;;) {
      const line = this.lines.find((candidate) => pattern.test(candidate));
      if (line !== undefined) return line;
      if (this.ended) throw new Error(`The receiver ended without ${String(pattern)}:\n${this.lines.join('\n')}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Answers with the status. */
  async post(body: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const [, port] = /(\d+)$/.exec(await this.said(/^listening on/)) ?? [];
    const response = await fetch(`http://127.0.0.1:${port}/athena`, { method: 'POST', headers, body });
    return response.status;
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    if (this.ended) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }

  private heard(line: string): void {
    this.lines.push(line);
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}
