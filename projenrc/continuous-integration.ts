import { Component, TextFile } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

export interface ContinuousIntegrationOptions {
  /** Version of aws-cdk-lib that the package is tested with: the floor of the peer dependency. */
  readonly cdkVersion: string;
  /** Version of constructs that the package is tested with: the floor of the peer dependency. */
  readonly constructsVersion: string;
}

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
    const checkPython = project.addTask('check:python', {
      description: 'Check that the Python examples synthesise to what the TypeScript examples do (compile first)',
      exec: 'tsx projenrc/tools/check-python.ts',
    });
    const checkTemplate = project.addTask('check:template', {
      description: 'Lint what the examples synthesise to with cfn-lint',
      exec: 'tsx projenrc/tools/check-template.ts',
    });

    // The build itself does the rest of what .ci/run does.
    const checks = [project.tasks.tryFind('lint')!, project.tasks.tryFind('typecheck')!, checkPackage, checkNewcomer, checkPython, checkTemplate];
    project.buildWorkflow?.addPostBuildSteps(...checks.map((task) => ({ name: task.name, run: project.runTaskCommand(task) })));

    for (const example of ['async-athena-query-api', 'async-athena-query-api-customers', 'paged-batch-etl', 'paged-batch-etl-nightly']) {
      const requirements = new TextFile(project, `examples/python/${example}/requirements.txt`, { marker: true });
      requirements.addLine(`# ${requirements.marker}`);
      requirements.addLine(`aws-cdk-lib==${options.cdkVersion}`);
      requirements.addLine(`constructs==${options.constructsVersion}`);
      requirements.addLine(project.name);
    }
  }
}
