import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Runs `cdk synth`, the command that users run, on an app of `examples/typescript`, and hands over the folder that it wrote.
 *
 * @param context What `--context` gives the app.
 */
export async function withAssembly<T>(
  example: string, context: Readonly<Record<string, string>>, use: (assemblyFolder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cdk-out-'));
  try {
    synthesize(example, context, folder);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function synthesize(example: string, context: Readonly<Record<string, string>>, folder: string): void {
  const settings = Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  const { status, stderr } = spawnSync(
    process.execPath,
    [require.resolve('aws-cdk/bin/cdk'), 'synth', '--quiet', '--no-notices', ...settings, '--output', folder],
    {
      cwd: resolve(__dirname, '../typescript', example),
      // The app has a tsconfig.json of its own: it must not take the one of the demo.
      env: { ...process.env, TSX_TSCONFIG_PATH: undefined, CDK_DISABLE_CLI_TELEMETRY: 'true', JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20' },
      encoding: 'utf8',
      // A bundler of functions tells its progress there, which is of interest only when it fails.
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  if (status !== 0) throw new Error(`cdk synth of ${example} failed:\n${stderr}`);
}
