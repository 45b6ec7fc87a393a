/**
 * Proves that the package works from Python: the Python examples, run with the wheel as users would install it, must synthesise to what the
 * TypeScript examples do. Templates and asset manifests (with the hash of every asset) are compared as JSON, and nothing is left out.
 * Needs compiled sources.
 */
import { deepStrictEqual } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { cdkSynth, EXAMPLES } from './cdk-synth';
import { PythonVenv } from './python-venv';
import { emptyFolder, fail, ROOT, runBin } from './repository';

function main(): void {
  const venv = new PythonVenv();
  venv.install('--force-reinstall', '--no-deps', buildWheel());
  // Functions of an example are bundled by esbuild, which Python finds on the path only.
  const env = { PATH: [venv.env.PATH, join(ROOT, 'node_modules/.bin')].join(delimiter) };
  for (const example of EXAMPLES) compare(example, venv, env);
  runPrograms(venv);
}

/** The programs that the docs show and the example receivers are part of the tests, where Python has what they need. Here it has. */
function runPrograms(venv: PythonVenv): void {
  venv.install('-r', join(ROOT, 'examples/receivers/python/requirements.txt'));
  runBin('jest', ['test/docs/programs.test.ts', 'test/examples/receivers.test.ts'], { env: { ...venv.env, REQUIRE_PYTHON: '1' } });
  console.log('the Python programs of the docs and the receiver in Python work');
}

function compare(example: string, venv: PythonVenv, env: NodeJS.ProcessEnv): void {
  venv.install('-r', join(ROOT, 'examples/python', example, 'requirements.txt'));
  const python = describe(cdkSynth(join('python', example), env).folder);
  const typescript = describe(cdkSynth(join('typescript', example)).folder);
  if (!isDeepStrictEqual(python, typescript)) console.error('Python does not give what TypeScript does. Below, + is Python and - is TypeScript.');
  deepStrictEqual(python, typescript);
  console.log(`the wheel works: Python and TypeScript give the same ${Object.keys(python).join(', ')}`);
}

function buildWheel(): string {
  const packages = emptyFolder('packages');
  runBin('jsii-pacmak', ['--force', '--targets', 'python', '--outdir', packages]);
  const wheels = readdirSync(join(packages, 'python')).filter((file) => file.endsWith('.whl'));
  if (wheels.length !== 1) throw new Error(`expected jsii-pacmak to build one wheel, found ${wheels.length}`);
  return join(packages, 'python', wheels[0]);
}

/** File name to content. The other files of an assembly hold stack traces and paths of the app's own language. */
function describe(folder: string): Record<string, unknown> {
  const files = readdirSync(folder).filter((file) => /\.(template|assets)\.json$/.test(file)).sort();
  return Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]));
}

try {
  main();
} catch (error) {
  fail(error);
}
