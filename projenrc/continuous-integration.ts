import { readdirSync } from 'node:fs';
import { Component, JsonFile, TextFile } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

export interface ContinuousIntegrationOptions {
  /** Version of aws-cdk-lib that the package is tested with: the floor of the peer dependency. */
  readonly cdkVersion: string;
  /** Version of constructs that the package is tested with: the floor of the peer dependency. */
  readonly constructsVersion: string;
  /** Versions of TypeScript that the package is compiled with, as npm writes a range. */
  readonly typescriptVersion: string;
}

/** What the functions of an example import, which are bundled when it is synthesised. */
const HANDLER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'paged-batch-etl': ['@aws-sdk/client-s3', '@aws-sdk/client-secrets-manager', 'mongodb'],
};

/** Checks of what users get: snippets that compile, the package, the package from Python, the template. `.ci/run` runs them all. */
export class ContinuousIntegration extends Component {
  constructor(project: TypeScriptProject, options: ContinuousIntegrationOptions) {
    super(project);
    const rosetta = project.addTask('rosetta', {
      description: 'Compile every snippet of the README and the docstrings',
      exec: 'jsii-rosetta extract --strict',
    });
    project.postCompileTask.spawn(rosetta);

    const checkPackage = project.addTask('check:package', {
      description: 'Check what is published: the files, and that they work beside the two peer dependencies only (compile first)',
      exec: 'tsx projenrc/tools/check-package.ts',
    });
    const checkNewcomer = project.addTask('check:newcomer', {
      description: 'Check that the docs hold in a folder of a newcomer, with the oldest and the newest CDK (compile first; needs the registry)',
      exec: 'tsx projenrc/tools/check-newcomer.ts',
    });
    const checkLanguages = project.addTask('check:languages', {
      description: 'Check that the examples in Python, Java and Go synthesise to what the TypeScript examples do, and that C# can be made (compile first)',
      exec: 'tsx projenrc/tools/check-languages.ts',
      receiveArgs: true,
    });
    const checkTemplate = project.addTask('check:template', {
      description: 'Lint what the examples synthesise to with cfn-lint',
      exec: 'tsx projenrc/tools/check-template.ts',
    });

    // The build itself does the rest of what .ci/run does.
    const checks = [project.tasks.tryFind('lint')!, project.tasks.tryFind('typecheck')!, checkPackage, checkNewcomer, checkLanguages, checkTemplate];
    project.buildWorkflow?.addPostBuildSteps(...checks.map((task) => ({ name: task.name, run: project.runTaskCommand(task) })));

    const cdk = { 'aws-cdk-lib': options.cdkVersion, 'constructs': options.constructsVersion };
    // Only a released version could be named here, and there is none yet.
    for (const example of readdirSync('examples/python')) {
      const requirements = new TextFile(project, `examples/python/${example}/requirements.txt`, { marker: true });
      requirements.addLine(`# ${requirements.marker}`);
      for (const [name, version] of Object.entries(cdk)) requirements.addLine(`${name}==${version}`);
      requirements.addLine(project.name);
    }
    for (const example of readdirSync('examples/typescript', { withFileTypes: true })) {
      if (!example.isDirectory()) continue;
      new JsonFile(project, `examples/typescript/${example.name}/package.json`, {
        marker: true,
        obj: {
          name: example.name,
          private: true,
          dependencies: { ...cdk, [project.name]: '*', ...versionsOf(project, HANDLER_PACKAGES[example.name] ?? []) },
          devDependencies: { 'aws-cdk': '^2', 'esbuild': '*', 'tsx': '^4', 'typescript': options.typescriptVersion },
        },
      });
    }
    // In the repository, the examples take the package from its sources.
    new JsonFile(project, 'examples/typescript/tsconfig.json', { marker: true, obj: { extends: '../../tsconfig.dev.json' } });
  }
}

/** The ranges with which this project has these packages. */
function versionsOf(project: TypeScriptProject, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, project.deps.getDependency(name).version ?? '*']));
}
