import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { LocalCloud } from '../../local/cloud';
import { CreatedStack } from '../../local/template/stack';

/** Synthesises a stack of any constructs and deploys it. */
export async function deploy(cloud: LocalCloud, name: string, build: (stack: Stack) => void): Promise<CreatedStack> {
  const outdir = mkdtempSync(join(tmpdir(), 'deploy-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, treeMetadata: false });
    build(new Stack(app, name));
    app.synth();
    return await cloud.deploy(outdir, name);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
