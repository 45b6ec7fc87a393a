import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runAsync } from './repository';

/** The examples of a language. */
export function examplesIn(language: string): readonly string[] {
  const entries = readdirSync(join(ROOT, 'examples', language), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
}

/** Synthesises the app of a folder with the CDK CLI, as users do. Answers the names of the templates. */
export async function cdkSynth(folder: string, output: string, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> {
  await runAsync(join(ROOT, 'node_modules/.bin/cdk'), ['synth', '--quiet', '--no-notices', '--output', output], {
    cwd: folder, env: { ...env, AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  const templates = readdirSync(output).filter((file) => file.endsWith('.template.json'));
  if (templates.length === 0) throw new Error(`${folder} synthesised no template`);
  return templates;
}
