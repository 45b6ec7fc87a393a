import { ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { FunctionConfiguration } from './function-configuration';
import { FunctionLog } from './function-log';
import { InitRequest, InvokeRequest, SandboxMessage, SandboxPresent } from './sandbox-protocol';

export interface SandboxOptions {
  readonly configuration: FunctionConfiguration;
  readonly taskRoot: string;
  /** Folders the process may read; it may write none. */
  readonly readable: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly log: FunctionLog;
}

/** How a request to the process ended. */
export type SandboxReply =
  | Exclude<SandboxMessage, { readonly kind: 'log' }>
  | { readonly kind: 'exit'; readonly reason: string }
  | { readonly kind: 'timeout' };

const BOOTSTRAP = join(__dirname, 'runtime', 'bootstrap.cjs');
const OWN_MODULES = [join(__dirname, 'runtime'), join(__dirname, '..', 'network')];

/** Where Lambda keeps its own runtime, with certificates that functions may look for: here they find nothing, which is no refusal. */
const LAMBDA_RUNTIME = '/var/runtime/*';

/** How long a function may take to load, in real time: Lambda's own limit. */
const INIT_LIMIT_MILLISECONDS = 10_000;

/** Share of a function's memory that its JavaScript heap gets; the real runtime sets about as much. */
const HEAP_SHARE = 0.9;

/** One warm process of one function. It handles one invocation at a time. */
export class Sandbox {
  /** Loads the function; a failure to do so is the reply to its first invocation. */
  static start(options: SandboxOptions, present: SandboxPresent): Sandbox {
    const sandbox = new Sandbox(options);
    const { handler, logFormat } = options.configuration;
    sandbox.initialised = sandbox.exchange({ kind: 'init', taskRoot: options.taskRoot, handler, logFormat, ...present }, INIT_LIMIT_MILLISECONDS);
    return sandbox;
  }

  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private initialised?: Promise<SandboxReply>;
  private ended?: SandboxReply;
  private settle?: (reply: SandboxReply) => void;

  private constructor(options: SandboxOptions) {
    this.child = fork(BOOTSTRAP, [], {
      cwd: options.taskRoot,
      env: options.environment,
      execArgv: nodeOptions(options),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    logLines(this.child.stdout, options.log);
    logLines(this.child.stderr, options.log);
    this.child.on('message', (message: SandboxMessage) => {
      if (message.kind === 'log') options.log.write(message.line);
      // What the function wrote to its output before came another way, and may be read in this very turn.
      else setImmediate(() => this.end(message));
    });
    this.exited = new Promise((resolve) => {
      // `close` comes after the last message and the last line of output.
      this.child.once('close', (code, signal) => {
        setImmediate(() => {
          this.end({ kind: 'exit', reason: exitReason(code, signal) });
          resolve();
        });
      });
    });
    this.child.once('error', (error) => this.end({ kind: 'exit', reason: error.message }));
  }

  /** Whether it can take another invocation. */
  get usable(): boolean {
    return this.ended === undefined && this.child.connected;
  }

  /** Hands over an event and waits for the reply; the process does not survive the time-out. */
  async invoke(request: InvokeRequest & SandboxPresent): Promise<SandboxReply> {
    const first = await this.initialised;
    if (first !== undefined && first.kind !== 'ready') return first;
    return this.exchange(request, request.context.timeoutMilliseconds);
  }

  /** Ends the process at once. */
  async kill(): Promise<void> {
    this.ended ??= { kind: 'exit', reason: 'signal: killed' };
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private async exchange(request: (InitRequest | InvokeRequest) & SandboxPresent, limitMilliseconds: number): Promise<SandboxReply> {
    if (this.ended !== undefined) return this.ended;
    const reply = await new Promise<SandboxReply>((resolve) => {
      const timer = setTimeout(() => this.end({ kind: 'timeout' }), limitMilliseconds);
      this.settle = (settled) => {
        clearTimeout(timer);
        resolve(settled);
      };
      // A process that is gone says so by `close`.
      this.child.send(request, () => {});
    });
    if (reply.kind === 'timeout') await this.kill();
    return reply;
  }

  private end(reply: SandboxReply): void {
    const final = reply.kind === 'exit' || reply.kind === 'timeout' || (reply.kind === 'failure' && reply.fatal);
    if (final) this.ended ??= reply;
    this.settle?.(reply);
  }
}

/** Node's permission model keeps the process from other programs, from native code, from files of this machine. */
function nodeOptions({ configuration, environment: { NODE_EXTRA_CA_CERTS }, readable }: SandboxOptions): string[] {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
  return [
    permission,
    ...[...readable, ...OWN_MODULES, LAMBDA_RUNTIME].map((folder) => `--allow-fs-read=${folder}`),
    // Functions may want to trust the same authorities as Node itself.
    ...(NODE_EXTRA_CA_CERTS === undefined ? [] : [`--allow-fs-read=${NODE_EXTRA_CA_CERTS}`]),
    `--max-old-space-size=${Math.floor(configuration.memoryMegabytes * HEAP_SHARE)}`,
    // Both speak of this Node.js, not of the function.
    '--disable-warning=ExperimentalWarning',
    '--disable-warning=NodeVersionSupportWarning',
  ];
}

function logLines(stream: Readable | null, log: FunctionLog): void {
  if (stream !== null) createInterface({ input: stream }).on('line', (line) => log.write(line));
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `Runtime exited with error: signal: ${signal.replace(/^SIG/, '').toLowerCase()}`;
  return code === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${code}`;
}
