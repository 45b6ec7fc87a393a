import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';
import { HANDLER_SOURCES } from './handler-bundles';

/**
 * The folders of each construct, from the bottom up: one may import those of the rows before its own. The files beside them stand above all of them.
 */
const LAYERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'async-athena-query-api': [
    ['contracts'],
    ['open-api'],
    [
      'access-logs', 'announcement', 'api-endpoint', 'callback-policy', 'dashboard', 'delivery-network', 'query-completion', 'queryable-data', 'result-format',
      'signing-keys', 'submit-access', 'submitted-queries',
    ],
    ['results'],
    ['api', 'delivery'],
    ['management'],
  ],
  'paged-batch-etl': [
    ['contracts'],
    ['dashboard', 'mongo-filter', 'run-parameter'],
    ['page-source', 'workflow'],
    ['failure-policy'],
    ['item-processor'],
    ['page-transport', 'partitions', 'run-ledger'],
    ['run-continuation', 'schedule'],
    ['backfill'],
  ],
};

/** Folders of handler code, and what each may use beside `private/runtime` and `private/shape`. */
const HANDLERS: Readonly<Record<string, readonly string[]>> = {
  'async-athena-query-api/delivery/function': ['async-athena-query-api/contracts'],
  'async-athena-query-api/management/function': ['async-athena-query-api/contracts', 'async-athena-query-api/delivery/function'],
  'async-athena-query-api/signing-keys/function': ['async-athena-query-api/contracts', 'async-athena-query-api/delivery/function'],
  'paged-batch-etl/failure-policy/function': ['paged-batch-etl/contracts', 'paged-batch-etl/source-functions'],
  'paged-batch-etl/run-ledger/function': [
    'paged-batch-etl/contracts', 'paged-batch-etl/mongo-filter/structure', 'paged-batch-etl/source-functions/reader',
  ],
  'paged-batch-etl/schedule/function': ['paged-batch-etl/contracts', 'paged-batch-etl/run-ledger/function'],
  'paged-batch-etl/source-functions': ['paged-batch-etl/contracts', 'paged-batch-etl/mongo-filter/structure'],
};

/** What constructs and handlers both use, with what each may use itself. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  'async-athena-query-api/contracts': ['private/shape'],
  'paged-batch-etl/contracts': ['private/shape'],
  'paged-batch-etl/mongo-filter/structure': [],
  'private/shape': [],
};

/** The same folders as import paths. */
const HANDLER_IMPORTS = ['**/function/**', '**/source-functions/**', '**/private/runtime/**'];

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
    const forbid = (pattern: object) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns: [pattern] }] });
    project.eslint?.addOverride({
      files: ['src/**/*.ts'],
      excludedFiles: [...HANDLER_SOURCES],
      rules: forbid({ group: HANDLER_IMPORTS, message: 'Only handlers import handlers; share through contracts/.' }),
    });
    project.eslint?.addOverride({
      files: [...HANDLER_SOURCES],
      rules: forbid({ group: ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs'], message: 'Handlers must not pull in the CDK.' }),
    });
    project.eslint?.addOverride({
      files: Object.keys(SHARED).map((folder) => `src/${folder}/**/*.ts`),
      rules: forbid({ regex: '^(?!\\.)', message: 'What constructs and handlers share imports no package.' }),
    });
    // No package leads back to us, and to read their declarations takes longer than everything else here.
    if (project.eslint !== undefined) project.eslint.config.settings['import/ignore'] = ['node_modules'];
    project.eslint?.addRules({
      'import/no-cycle': ['error', { ignoreExternal: true }],
      'import/no-restricted-paths': ['error', { basePath: '.', zones: zones() }],
    });
  }
}

function zones(): object[] {
  const constructs = Object.entries(LAYERS).flatMap(([construct, layers]) => {
    checkComplete(construct, layers.flat());
    return [
      mayImport(`${construct}/*.ts`, [construct, 'private/synth', 'private/shape']),
      ...layers.flatMap((layer, level) => layer.map((folder) => (
        mayImport(`${construct}/${folder}`, [...new Set([
          ...[folder, ...layers.slice(0, level).flat()].map((below) => `${construct}/${below}`), 'private/synth', 'private/shape', 'private/runtime',
          // What the handlers in it use: that constructs use none of it is another rule.
          ...HANDLERS[`${construct}/${folder}/function`] ?? [],
        ])])
      ))),
    ];
  });
  return [
    ...constructs,
    ...Object.entries(HANDLERS).map(([folder, used]) => mayImport(folder, [folder, ...used, 'private/runtime', 'private/shape'])),
    ...Object.entries(SHARED).map(([folder, used]) => mayImport(folder, [folder, ...used])),
    mayImport('private/synth', ['private/synth', 'private/shape']),
    mayImport('private/runtime', ['private/runtime', 'private/shape']),
    ...['local', 'test', 'examples', 'projenrc'].map((folder) => ({ target: './src', from: `./${folder}`, message: 'The library imports nothing but itself.' })),
    ...['src', 'test', 'examples'].map((folder) => ({ target: './local', from: `./${folder}`, message: 'The local cloud knows nothing of our constructs.' })),
  ];
}

/** @param target a folder below `src/`, or a pattern of files there */
function mayImport(target: string, allowed: readonly string[]) {
  return {
    target: `./src/${target}`,
    from: './src',
    except: [...new Set(allowed)].map((folder) => `./${folder}`),
    message: `src/${target} may import only what stands below it: see projenrc/layer-rules.ts.`,
  };
}

/** A folder that nobody has put into a layer could import anything. */
function checkComplete(construct: string, known: readonly string[]): void {
  const folder = join(__dirname, '../src', construct);
  const handlers = Object.keys(HANDLERS).filter((path) => path.split('/').length === 2).map((path) => path.split('/')[1]);
  if (!existsSync(folder)) throw new Error(`there is no construct ${construct}`);
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const missing = folders.filter((name) => !known.includes(name) && !handlers.includes(name));
  if (missing.length > 0) throw new Error(`LAYERS in projenrc/layer-rules.ts lacks folders of ${construct}: ${missing.join(', ')}`);
}
