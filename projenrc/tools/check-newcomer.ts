/**
 * Plays somebody who has just found the package: in a folder of their own they install the file and the CDK, copy every snippet of the docs and every
 * example, compile and synthesise them, and make mistakes in plain JavaScript. With the oldest CDK that the package takes, and with the newest one.
 * Needs compiled sources, and the registry.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examplesIn } from './cdk-synth';
import { fail, packTarball, readManifest, ROOT, run } from './repository';
import { Declared, docstringSnippets, markdownSnippets, snippetProgram } from './snippets';

/** Of each type that snippets declare, what a newcomer could have. */
const VALUES: Readonly<Record<string, string>> = {
  'AsyncAthenaQueryApi': "new (require('cdk-data-workflows').AsyncAthenaQueryApi)(this, NAME)",
  'PagedBatchEtl': `(({ ItemProcessor, PagedBatchEtl, PageSource, PageTransport, RunLedger, RunParameter }) => new PagedBatchEtl(this, NAME, {
      source: PageSource.custom({ handler: lambda.Function.fromFunctionName(this, 'Pages', 'pages') }),
      processor: ItemProcessor.perBatch({ handler: lambda.Function.fromFunctionName(this, 'Items', 'items') }),
      ledger: RunLedger.table(),
      transport: PageTransport.s3(),
      parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date(), tenant: RunParameter.text({ defaultValue: 'north' }) },
    }))(require('cdk-data-workflows'))`,
  'apigateway.TokenAuthorizer': "new apigateway.TokenAuthorizer(this, NAME, { handler: lambda.Function.fromFunctionName(this, 'WhoAsks', 'who-asks') })",
  'cognito.IUserPool': 'new cognito.UserPool(this, NAME)',
  'docdb.DatabaseCluster': `new docdb.DatabaseCluster(this, NAME, {
      vpc: new ec2.Vpc(this, 'ClusterVpc'), masterUser: { username: 'reader' }, instanceType: new ec2.InstanceType('t4g.medium'),
    })`,
  'ec2.IVpc': 'new ec2.Vpc(this, NAME)',
  'ec2.Vpc': 'new ec2.Vpc(this, NAME)',
  'events.IEventBus': 'new events.EventBus(this, NAME)',
  'iam.IRole': 'new iam.Role(this, NAME, { assumedBy: new iam.AccountRootPrincipal() })',
  'IStateMachine': "(require('aws-cdk-lib/aws-stepfunctions').StateMachine).fromStateMachineName(this, NAME, 'theirs')",
  'ITopic': "new (require('aws-cdk-lib/aws-sns').Topic)(this, NAME)",
  'lambda.Function': "new lambda.Function(this, NAME, { runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('//') })",
  'lambda.IFunction': "lambda.Function.fromFunctionName(this, NAME, 'theirs')",
  's3.IBucket': 'new s3.Bucket(this, NAME)',
  'sns.ITopic': 'new sns.Topic(this, NAME)',
  'sqs.IQueue': 'new sqs.Queue(this, NAME)',
  'secretsmanager.ISecret': 'new secretsmanager.Secret(this, NAME)',
};

/** What somebody without a compiler writes, and what they are told. */
const MISTAKES: readonly (readonly [code: string, message: string])[] = [
  ['QueryCompletion.polling({ interval: 5 })', 'interval of QueryCompletion.polling must be a Duration, got 5; say the unit, as in Duration.minutes(5)'],
  ['MongoFilter.ejson({ size: 5 })', 'the filter of MongoFilter.ejson must be a text, got {"size":5}; write it as JSON in quotes, or give JSON.stringify(filter)'],
  [
    "new PagedBatchEtl(stack, 'Etl', { source: PageSource.mongo, processor: null })",
    'Stack/Etl: source must be made by a factory of PageSource, got the function mongo; call PageSource.mongo(…) or PageSource.documentDb(…) or PageSource.custom(…)',
  ],
  ["new AsyncAthenaQueryApi(stack, 'Api', { database: 'Sales' })", 'Stack/Api: database must be in lower case, got "Sales"; Glue stores names in lower case: write sales'],
];

function main(): void {
  const { peerDependencies } = readManifest();
  const tarball = packTarball('newcomer');
  // The oldest is what this repository itself is built with, so it is not downloaded again.
  const oldest = Object.keys(peerDependencies).map((name) => join(ROOT, 'node_modules', name));
  const newest = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range}`);
  for (const [which, cdk] of [['oldest', oldest], ['newest', newest]] as const) {
    const project = mkdtempSync(join(tmpdir(), 'newcomer-'));
    try {
      writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'newcomer', private: true }));
      run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', '--loglevel=error', tarball.path, ...cdk], { cwd: project });
      const count = synthesise(project);
      const installed = run(process.execPath, ['-p', "require('aws-cdk-lib/package.json').version"], { cwd: project }).trim();
      console.log(`a newcomer synthesises ${count} snippets and examples with the ${which} CDK, ${installed}`);
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  }
}

/** Writes all programs into the project, compiles them together, and runs them. Answers how many there were. */
function synthesise(project: string): number {
  // What newcomers install too, at whatever version; the same for both, so it is not downloaded.
  mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'), 'dir');
  cpSync(join(ROOT, 'examples/typescript'), join(project, 'examples'), { recursive: true });

  const snippets = [...markdownSnippets('README.md'), ...docstringSnippets('src')];
  snippets.forEach((snippet, index) => {
    const call = "\nnew SnippetStack(new (require('aws-cdk-lib').App)(), 'Stack');\n";
    writeFileSync(join(project, `snippet-${index}.ts`), `// ${snippet.name}\n${snippetProgram(snippet, valueOf)}${call}`);
  });
  const examples = examplesIn('typescript').map((example) => join('examples', example, 'app'));
  const programs = [...snippets.map((_, index) => `snippet-${index}`), ...examples];
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { strict: true, module: 'node16', target: 'es2022', skipLibCheck: true, types: ['node'] }, files: programs.map((program) => `${program}.ts`),
  }));
  run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], { cwd: project });
  writeFileSync(join(project, 'mistakes.js'), mistakes());
  // Where an app is written, the CLI says by this variable. It is written when the process ends.
  const outputs = programs.map((_, index) => `cdk.out/${index}`);
  const apps = programs.map((program, index) => `process.env.CDK_OUTDIR = '${outputs[index]}'; require('./${program}');`);
  writeFileSync(join(project, 'main.js'), [...apps, "require('./mistakes');"].join('\n'));
  // Functions of the examples are not bundled: that is no part of the package.
  run(process.execPath, ['main.js'], { cwd: project, env: { CDK_CONTEXT_JSON: '{"aws:cdk:bundling-stacks":[]}' } });
  const missing = programs.filter((_, index) => !existsSync(join(project, outputs[index], 'manifest.json')));
  if (missing.length > 0) throw new Error(`nothing was synthesised by ${missing.join(', ')}`);
  return programs.length;
}

function valueOf({ name, type }: Declared): string {
  const value = VALUES[type];
  if (value === undefined) throw new Error(`there is nothing of the type ${type} for ${name}: add it to VALUES`);
  return value.replaceAll('NAME', `'${name}'`);
}

function mistakes(): string {
  return `
    const assert = require('node:assert');
    const { App, Stack } = require('aws-cdk-lib');
    const { AsyncAthenaQueryApi, MongoFilter, PagedBatchEtl, PageSource, QueryCompletion } = require('cdk-data-workflows');
    const stack = new Stack(new App(), 'Stack');
    const refused = (message) => (error) => {
      assert.strictEqual(error.message, message);
      // What is shown of an error that nobody catches.
      assert.strictEqual(error.stack.split('\\n')[0], 'InvalidPropError: ' + message);
      return true;
    };
    ${MISTAKES.map(([code, message]) => `assert.throws(() => ${code}, refused(${JSON.stringify(message)}));`).join('\n')}
  `;
}

try {
  main();
} catch (error) {
  fail(error);
}
