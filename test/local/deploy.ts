import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { LocalCloud } from '../../local/cloud';
import { CreatedStack } from '../../local/template/stack';

/** Synthesises a stack of any constructs and deploys it. */
export async function deploy(cloud: LocalCloud, name: string, build: (stack: Stack) => void): Promise<CreatedStack> {
  return withAssembly(name, build, async (folder) => cloud.deploy(folder, name));
}

/** Synthesises a stack of any constructs into a folder that is there for as long as it is used. */
export async function withAssembly<T>(name: string, build: (stack: Stack) => void, use: (folder: string) => Promise<T>): Promise<T> {
  const outdir = mkdtempSync(join(tmpdir(), 'deploy-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
    build(new Stack(app, name));
    app.synth();
    return await use(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
