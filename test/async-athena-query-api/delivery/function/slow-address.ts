import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/**
 * Listens, but accepts nothing until the gate opens: its thread is asleep. Then it leads each connection to `target`.
 *
 * Plain JavaScript, because a worker thread runs no TypeScript.
 */
const SLEEPER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { connect, createServer } = require('node:net');
  const server = createServer((socket) => {
    const onward = connect(workerData.target, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  server.listen({ host: workerData.host, port: workerData.port, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(workerData.gate, 0, 0);
  });
`;

/** Connections that Linux makes on behalf of a listener with a backlog of 1 which accepts none. */
const QUEUE = 2;

/**
 * An address that does not answer: its queue of connections is full, so Linux drops whoever else knocks, and lets them in when they knock again
 * after the gate has opened, which they do a second after the first time.
 */
export class SlowAddress {
  static async start(host: string, target: number, port = 0): Promise<SlowAddress> {
    const gate = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(SLEEPER, { eval: true, workerData: { host, port, target, gate } });
    const taken = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    const fillers = Array.from({ length: QUEUE }, () => connect(taken, host).on('error', () => undefined));
    await Promise.all(fillers.map((filler) => once(filler, 'connect')));
    return new SlowAddress(host, taken, gate, worker, fillers);
  }

  private constructor(
    readonly host: string, readonly port: number, private readonly gate: Int32Array, private readonly worker: Worker,
    private readonly fillers: readonly Socket[],
  ) {}

  answerFromNowOn(): void {
    Atomics.store(this.gate, 0, 1);
    Atomics.notify(this.gate, 0);
  }

  async stop(): Promise<void> {
    this.answerFromNowOn();
    for (const filler of this.fillers) filler.destroy();
    await this.worker.terminate();
  }
}
