import { startMongo } from '../../../local/mongodb/start-mongo';

/** A program that starts a server, tells its parent the port, and never ends. */
async function main(): Promise<void> {
  const { port } = await startMongo();
  process.send?.(port);
}

void main();
