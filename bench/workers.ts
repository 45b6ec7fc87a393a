import { ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, Interface } from 'node:readline';
import { MongoClient } from 'mongodb';
import { bundleProgram } from './bundle-program';
import { median } from './measure';
import { KINDS } from './reader/documents';
import { startMongo } from '../local/mongodb/start-mongo';
import { planRanges } from '../src/paged-batch-etl/source-functions/mongo/plan-ranges';
import { pageRequest } from '../test/paged-batch-etl/source-functions/mongo/page-walk';

const DATABASE = 'workers';
const COLLECTION = 'documents';
const DOCUMENTS = 100_000;
/** As many as a run of two workers has by default. */
const RANGES = 16;
const RUNS = 5;
const MOST_WORKERS = 2;

/** The reader in one process after another range, and in two at the same time, each as the source function: against a server on the same machine. */
export async function benchWorkers(): Promise<void> {
  const program = await bundleProgram('bench/workers/program.ts');
  const server = await startMongo();
  const client = await MongoClient.connect(server.uri);
  try {
    const collection = client.db(DATABASE).collection(COLLECTION);
    const [kind] = KINDS.filter(({ name }) => name === '1 KB');
    for (let first = 0; first < DOCUMENTS; first += 10_000) {
      await collection.insertMany(Array.from({ length: 10_000 }, (_, number) => kind.document(first + number)));
    }
    await collection.createIndex({ updatedAt: 1, _id: 1 });
    const cursors = await planRanges(pageRequest(collection, { sort: ['updatedAt', '_id'] }), { by: 'time', ranges: RANGES });
    const workers = await Promise.all(Array.from({ length: MOST_WORKERS }, async () => Worker.start(program, server.uri)));
    const counts = Array.from({ length: MOST_WORKERS }, (_, index) => index + 1);
    const times = counts.map((): number[] => []);
    for (let run = 0; run <= RUNS; run += 1) {
      for (const count of counts) {
        const milliseconds = await readAll(workers.slice(0, count), cursors);
        // The first run warms up.
        if (run > 0) times[count - 1].push(milliseconds);
      }
    }
    for (const worker of workers) worker.stop();
    const [one, ...others] = times.map(median);
    console.log(`${DOCUMENTS} documents of 1 KB in ${cursors.length} ranges, medians of ${RUNS} interleaved runs, the server on the same machine`);
    console.log(`1 worker: ${Math.round(one)} ms, 1.00`);
    others.forEach((each, index) => console.log(`${index + 2} workers: ${Math.round(each)} ms, ${(one / each).toFixed(2)} times as fast`));
  } finally {
    await client.close();
    await server.close();
  }
}

/** Each worker takes the next range when it is done with one. */
async function readAll(workers: readonly Worker[], cursors: readonly string[]): Promise<number> {
  const left = [...cursors];
  const start = performance.now();
  const documents = await Promise.all(workers.map(async (worker) => {
    let sum = 0;
    for (let cursor = left.shift(); cursor !== undefined; cursor = left.shift()) sum += await worker.read(cursor);
    return sum;
  }));
  const milliseconds = performance.now() - start;
  const sum = documents.reduce((total, count) => total + count, 0);
  if (sum !== DOCUMENTS) throw new Error(`${sum} documents were read of ${DOCUMENTS}`);
  return milliseconds;
}

/** A process that reads ranges. */
class Worker {
  static async start(program: string, uri: string): Promise<Worker> {
    const worker = new Worker(spawn(process.execPath, [program, uri, DATABASE, COLLECTION]));
    await worker.line();
    return worker;
  }

  private readonly lines: Interface;

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.lines = createInterface(child.stdout);
    child.stderr.pipe(process.stderr);
  }

  async read(cursor: string): Promise<number> {
    const answer = this.line();
    this.child.stdin.write(`${JSON.stringify(cursor)}\n`);
    return Number(await answer);
  }

  stop(): void {
    this.child.stdin.end();
  }

  private async line(): Promise<string> {
    const [text] = await once(this.lines, 'line');
    return String(text);
  }
}
