import { LocalCloud } from '../../local/cloud';

/** A program that starts a local cloud, tells its parent, and never ends. */
async function main(): Promise<void> {
  const cloud = await LocalCloud.start();
  process.send?.(cloud.endpoint);
}

void main();
