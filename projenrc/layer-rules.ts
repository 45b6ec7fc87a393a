import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

/**
 * Keeps the two worlds in `src/` apart: constructs run when an app is synthesised, handlers run in Lambda.
 *
 * Handlers (`*.lambda.ts`, `*.lambda-shared.ts`, `private/runtime`) are bundled, so their dependencies are ours alone and they must not
 * pull in aws-cdk-lib; constructs are published by jsii, which must not see a handler.
 */
export class LayerRules extends Component {
  constructor(project: TypeScriptProject) {
    super(project);
    const handlers = ['src/**/*.lambda.ts', 'src/**/*.lambda-shared.ts', 'src/private/runtime/**/*.ts'];
    for (const pattern of handlers) project.eslint?.allowDevDeps(pattern);
    const forbid = (group: string[], message: string) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group, message }] }] });
    project.eslint?.addOverride({
      files: ['src/**/*.ts'],
      excludedFiles: handlers,
      rules: forbid(['**/*.lambda', '**/*.lambda-shared', '**/private/runtime/**'], 'Only handlers import handlers; share through contract.ts.'),
    });
    project.eslint?.addOverride({
      files: handlers,
      rules: forbid(['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', '**/private/synth/**'], 'Handlers must not pull in the CDK.'),
    });
  }
}
