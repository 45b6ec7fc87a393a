/**
 * Proves that the published package is what users need and nothing else: its list of files, its `exports`, that plain JavaScript with the two
 * peer dependencies and no other package can load it and synthesise, and that every handler loads by itself. Needs compiled sources.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fail, Manifest, packTarball, readManifest, ROOT, run } from './repository';

/** Every file of the package must match one of these … */
const ALLOWED = [
  /^lib\/(?!.*\/(function|source-functions|runtime)\/).*\.(js|d\.ts)$/,
  /^assets\/.+\/index\.js$/,
  /^(package\.json|\.jsii|README\.md|API\.md|CHANGELOG\.md|LICENSE|THIRD-PARTY-LICENSES)$/,
];

/** … and each of these must be there, beside one bundle for every handler. */
const REQUIRED = [
  'package.json', '.jsii', 'README.md', 'API.md', 'CHANGELOG.md', 'LICENSE', 'THIRD-PARTY-LICENSES', 'lib/index.js', 'lib/index.d.ts',
];

/** What a user with no props but the defaults writes. Runs as an ES module too, where names must be found without running the package. */
const CONSUMER = {
  'consumer.cjs': `
    const { App, Stack } = require('aws-cdk-lib');
    const { Template } = require('aws-cdk-lib/assertions');
    const { AsyncAthenaQueryApi } = require('cdk-data-workflows');
    const stack = new Stack(new App(), 'Stack');
    new AsyncAthenaQueryApi(stack, 'Queries');
    Template.fromStack(stack).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
    for (const name of Object.keys(require('cdk-data-workflows/package.json').exports)) require.resolve(name.replace('.', 'cdk-data-workflows'));
  `,
  'consumer.mjs': `
    import { App, Stack } from 'aws-cdk-lib';
    import { AsyncAthenaQueryApi, CallbackPolicy } from 'cdk-data-workflows';
    const app = new App();
    new AsyncAthenaQueryApi(new Stack(app, 'Stack'), 'Queries', { callbackPolicy: CallbackPolicy.hosts({ hosts: ['hooks.example.com'] }) });
    app.synth();
  `,
};

function main(): void {
  const manifest = readManifest();
  const tarball = packTarball('package');
  const paths = tarball.files.map(({ path }) => path);
  checkFiles(paths);
  checkExports(manifest, paths);
  useAlone(manifest, tarball.path);
  console.log(`the package has ${paths.length} files, ${(tarball.size / 1000).toFixed(0)} kB packed, and works beside its peers only`);
}

function checkFiles(paths: readonly string[]): void {
  const superfluous = paths.filter((path) => !ALLOWED.some((pattern) => pattern.test(path)));
  const missing = [...REQUIRED, ...expectedBundles()].filter((path) => !paths.includes(path));
  if (superfluous.length + missing.length > 0) {
    const complaints = [
      ...superfluous.map((path) => `${path} is in the package, but of no use to users`),
      ...missing.map((path) => `${path} is missing in the package`),
    ];
    throw new Error(complaints.join('\n'));
  }
}

function expectedBundles(): string[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.lambda.ts'))
    .map((path) => `assets/${path.replaceAll('\\', '/').replace(/\.lambda\.ts$/, '/index.js')}`);
}

function checkExports(manifest: Manifest, paths: readonly string[]): void {
  for (const target of Object.values(manifest.exports).flatMap((entry) => typeof entry === 'string' ? [entry] : Object.values(entry))) {
    if (!paths.includes(target.replace(/^\.\//, ''))) throw new Error(`package.json exports ${target}, which is not in the package`);
  }
}

/** Outside the repository, so that a package that is installed here but is no dependency is not found. */
function useAlone(manifest: Manifest, tarball: string): void {
  const project = mkdtempSync(join(tmpdir(), 'consumer-'));
  try {
    const unpacked = join(project, 'node_modules', manifest.name);
    mkdirSync(unpacked, { recursive: true });
    run('tar', ['-xzf', tarball, '--strip-components=1', '-C', unpacked]);
    for (const peer of Object.keys(manifest.peerDependencies)) {
      const link = join(project, 'node_modules', peer);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', peer), link, 'dir');
    }
    for (const [file, source] of Object.entries(CONSUMER)) {
      writeFileSync(join(project, file), source);
      run(process.execPath, [file], { cwd: project });
    }
    // After the consumers, who must do without it: the AWS SDK comes with the Lambda runtime, and nothing else does.
    symlinkSync(join(ROOT, 'node_modules/@aws-sdk'), join(project, 'node_modules/@aws-sdk'), 'dir');
    for (const bundle of expectedBundles()) {
      const probe = `if (typeof require(${JSON.stringify(join(unpacked, bundle))}).handler !== 'function') throw new Error('${bundle} has no handler')`;
      run(process.execPath, ['--eval', probe], { cwd: project });
    }
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  fail(error);
}
