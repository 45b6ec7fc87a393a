import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

export interface LocalToolingOptions {
  /** The tsconfig that covers sources, tests and tooling. */
  readonly tsconfig: string;
}

/** What runs this repository but is not part of the package: the test command, the demo, the local cloud. */
export class LocalTooling extends Component {
  constructor(project: TypeScriptProject, options: LocalToolingOptions) {
    super(project);
    // CI compares the bundles with assets.lock.json; whoever changes a handler tries it first.
    const bundle = 'tsx projenrc/tools/bundle.ts --work';

    // projen's own `test` updates snapshots and fixes lint. Ours leaves the working tree alone and says what is wrong.
    project.addTask('lint', {
      description: 'Lint without fixing',
      exec: 'eslint --ext .ts --max-warnings 0 --no-error-on-unmatched-pattern src test local bench diagrams examples projenrc .projenrc.ts',
      env: { ESLINT_USE_FLAT_CONFIG: 'false', NODE_NO_WARNINGS: '1' },
    });
    project.addTask('typecheck', { description: 'Type-check everything', exec: `tsc --noEmit -p ${options.tsconfig}` });
    project.testTask.reset();
    project.testTask.exec(bundle);
    project.testTask.exec('tsx projenrc/tools/run-jest.ts', { receiveArgs: true });

    const demo = project.addTask('demo', { description: 'Watch both constructs at work, without an AWS account' });
    demo.exec(bundle);
    demo.exec(`tsx --tsconfig ${options.tsconfig} examples/demo/main.ts`, { receiveArgs: true });

    project.addTask('conformance', {
      description: 'Run recorded Step Functions executions against the local interpreter',
      exec: `tsx --tsconfig ${options.tsconfig} local/stepfunctions/conformance/main.ts`,
      receiveArgs: true,
    });

    const models = project.addTask('docgen:sdk-models', {
      description: 'Write what Tasks of the local cloud may send to services, from the models of the AWS SDK',
      exec: `tsx --tsconfig ${options.tsconfig} projenrc/tools/sdk-models.ts`,
    });
    project.tasks.tryFind('docgen')?.spawn(models);
    project.annotateGenerated('/local/stepfunctions/integrations/sdk-models.generated.ts');

    const behaviors = project.addTask('docgen:update-behaviors', {
      description: 'Write which changes of properties replace resources of the local cloud, from the CloudFormation reference',
      exec: `tsx --tsconfig ${options.tsconfig} projenrc/tools/update-behaviors.ts`,
    });
    project.tasks.tryFind('docgen')?.spawn(behaviors);
    project.annotateGenerated('/local/template/update-behaviors.generated.ts');

    project.addTask('bench', {
      description: 'Measure: npm run bench -- interpreter, etl, outage, or reader',
      exec: `tsx --tsconfig ${options.tsconfig} bench/main.ts`,
      receiveArgs: true,
    });

    project.addTask('faults', {
      description: 'What fails in a run, and what becomes of it: npm run faults -- etl',
      exec: `tsx --tsconfig ${options.tsconfig} bench/faults/main.ts`,
      receiveArgs: true,
    });

    for (const folder of ['local', 'bench', 'diagrams', 'examples', 'docs', 'projenrc', '.ci', 'rosetta', '.compat']) {
      project.npmignore?.exclude(`/${folder}/`);
    }
    for (const file of ['/.projenrc.ts', '/tsconfig*.json', '/jest.config.json', '/.jsii.tabl.json', '/ARCHITECTURE.md', '/CONTRIBUTING.md', '/SECURITY.md', '/.npmrc',
      '/.gitattributes', '/test-reports/', '/coverage/', '/cdk.out/']) {
      project.npmignore?.exclude(file);
    }
    project.gitignore.exclude('cdk.out/', '.jsii.tabl.json', '/test-reports/', '__pycache__/', '.venv/', '*.egg-info/', '/examples/java/*/target/');
  }
}
