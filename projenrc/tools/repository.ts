import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** The folder of the repository. */
export const ROOT = resolve(__dirname, '../..');

/** Where checks leave what they made: not under version control, neither published nor uploaded by a workflow, safe to delete. */
export const CHECK_FOLDER = join(ROOT, 'node_modules/.cache/checks');

export interface Manifest {
  readonly name: string;
  readonly repository: { readonly url: string };
  readonly engines: { readonly node: string };
  readonly exports: Record<string, string | Record<string, string>>;
  readonly devDependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
}

export function readManifest(): Manifest {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
}

/** Makes an empty folder for one purpose of a check. */
export function emptyFolder(name: string): string {
  const folder = join(CHECK_FOLDER, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command and answers what it printed to standard output. What it printed at all is in the error if it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): string {
  const result = spawnSync(command, args, {
    ...surroundings(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(failure(command, args, result.status ?? result.signal, result.stdout + result.stderr));
  return result.stdout;
}

/** The same, while something else goes on. */
export async function runAsync(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolved, rejected) => {
    const child = execFile(command, [...args], surroundings(options), (error, stdout, stderr) => {
      if (error) rejected(new Error(failure(command, args, error.code ?? error.signal, stdout + stderr)));
      else resolved(stdout);
    });
    child.stdin?.end();
  });
}

/** Whether there is a command of that name on the path. */
export function found(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, command)));
}

function surroundings({ cwd = ROOT, env }: RunOptions) {
  return {
    cwd, env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20', ...env }, encoding: 'utf8', maxBuffer: 100 * 1024 * 1024,
  } as const;
}

function failure(command: string, args: readonly string[], end: string | number | null | undefined, output: string): string {
  return `${[command, ...args].join(' ')} ended with ${end}\n${output}`;
}

/** The package as it would be published. */
export interface Tarball {
  readonly path: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** Packs the package into a folder of that purpose. Needs compiled sources. */
export function packTarball(purpose: string): Tarball {
  const folder = emptyFolder(purpose);
  const [{ filename, ...tarball }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]));
  return { ...tarball, path: join(folder, filename) };
}

/** Runs the executable of an installed npm package. */
export function runBin(name: string, args: readonly string[], options: RunOptions = {}): string {
  return run(join(ROOT, 'node_modules/.bin', name), args, options);
}

/** Ends a tool: says why, without a stack trace. */
export function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
