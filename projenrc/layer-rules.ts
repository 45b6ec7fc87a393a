import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';
import { HANDLER_SOURCES } from './handler-bundles';

/** Folders of what handlers are made of, as import paths. */
const HANDLER_IMPORTS = ['**/function/**', '**/source-functions/**', '**/private/runtime/**'];

/** What constructs and handlers both use, so that it may import neither of them. */
const SHARED_SOURCES = ['src/**/contracts/*.ts', 'src/**/mongo-filter/structure/*.ts', 'src/private/shape/*.ts'];

/**
 * The folders of each construct, from the bottom up: one may import those of the rows before its own. The files beside them stand above all of them.
 */
const LAYERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'async-athena-query-api': [
    ['contracts'],
    ['access-logs', 'callback-policy', 'query-completion', 'queryable-data', 'submit-access'],
    ['results'],
    ['api', 'delivery'],
  ],
  'paged-batch-etl': [
    ['contracts'],
    ['mongo-filter', 'run-parameter'],
    ['page-source', 'source-functions', 'workflow'],
    ['item-processor'],
    ['run-continuation', 'schedule'],
  ],
};

/**
 * Keeps the two worlds in `src/` apart: constructs run when an app is synthesised, handlers run in Lambda.
 *
 * Handlers are bundled, so their dependencies are ours alone and they must not pull in aws-cdk-lib; constructs are published by jsii, which must
 * not see a handler. And imports lead one way: from a construct to its parts, never back, and in no circle.
 */
export class LayerRules extends Component {
  constructor(project: TypeScriptProject) {
    super(project);
    for (const pattern of HANDLER_SOURCES) project.eslint?.allowDevDeps(pattern);
    const forbid = (group: string[], message: string) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ group, message }] }] });
    project.eslint?.addOverride({
      files: ['src/**/*.ts'],
      excludedFiles: [...HANDLER_SOURCES],
      rules: forbid(HANDLER_IMPORTS, 'Only handlers import handlers; share through contracts/.'),
    });
    project.eslint?.addOverride({
      files: [...HANDLER_SOURCES],
      rules: forbid(['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', '**/private/synth/**'], 'Handlers must not pull in the CDK.'),
    });
    project.eslint?.addOverride({
      files: SHARED_SOURCES,
      rules: {
        '@typescript-eslint/no-restricted-imports': ['error', {
          patterns: [{ regex: '^(?!\\./|.*/private/shape/)', message: 'What constructs and handlers share imports nothing else.' }],
        }],
      },
    });
    const zones = Object.entries(LAYERS).flatMap(([construct, layers]) => [...backToTheTop(construct), ...backUp(construct, layers)]);
    // No package leads back to us, and to read their declarations takes longer than everything else here.
    if (project.eslint !== undefined) project.eslint.config.settings['import/ignore'] = ['node_modules'];
    project.eslint?.addRules({
      'import/no-cycle': ['error', { ignoreExternal: true }],
      'import/no-restricted-paths': ['error', { basePath: '.', zones }],
    });
  }
}

function backToTheTop(construct: string) {
  return [{ target: `./src/${construct}/*/**/*`, from: `./src/${construct}/*`, message: 'A construct imports its parts, not the other way round.' }];
}

function backUp(construct: string, layers: readonly (readonly string[])[]) {
  return layers.flatMap((layer, level) => layer.map((folder) => ({
    target: `./src/${construct}/${folder}`,
    from: layers.slice(level).flat().filter((other) => other !== folder).map((other) => `./src/${construct}/${other}`),
    message: `${folder} may import only what stands below it: see LAYERS in projenrc/layer-rules.ts.`,
  })));
}
