import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, ROOT, runBin } from './repository';

/** The examples, each of which there is in every language. */
export const EXAMPLES = readdirSync(join(ROOT, 'examples/typescript')).sort();

/** A folder written by `cdk synth`. */
export interface Assembly {
  readonly folder: string;
  readonly templates: readonly string[];
}

/** Synthesises an example with the CDK CLI, as users do. */
export function cdkSynth(example: string, env: NodeJS.ProcessEnv = {}): Assembly {
  const folder = emptyFolder(join('cdk.out', example));
  runBin('cdk', ['synth', '--quiet', '--no-notices', '--output', folder], {
    cwd: join(ROOT, 'examples', example),
    env: { ...env, AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  const templates = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
  if (templates.length === 0) throw new Error(`examples/${example} synthesised no template`);
  return { folder, templates };
}
