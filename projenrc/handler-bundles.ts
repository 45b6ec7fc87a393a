import { Component, JsonFile } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

/** What runs in Lambda, told by its folder. */
export const HANDLER_SOURCES: readonly string[] = ['src/**/function/**/*.ts', 'src/**/source-functions/**/*.ts', 'src/private/runtime/**/*.ts'];

export interface HandlerBundlesOptions {
  /** Exact version of esbuild: another version writes other bytes. */
  readonly esbuildVersion: string;
  /** Oldest runtime the bundles must run on. */
  readonly target: string;
}

/**
 * Bundles every `src/**\/*.lambda.ts` into `assets/`, which ships in the package: nobody needs esbuild or Docker to synthesise.
 *
 * - `bundle` writes the bundles and fails when they are not what `assets.lock.json` says.
 * - `bundle:update` writes them and the lock and the licences of what was bundled: the reviewed way to change what users deploy.
 */
export class HandlerBundles extends Component {
  constructor(project: TypeScriptProject, options: HandlerBundlesOptions) {
    super(project);
    project.addDevDeps(`esbuild@${options.esbuildVersion}`);
    new JsonFile(project, '.bundle.json', { obj: { target: options.target }, marker: true, committed: true });

    const bundle = project.addTask('bundle', {
      description: 'Bundle the Lambda handlers and check them against assets.lock.json',
      exec: 'tsx projenrc/tools/bundle.ts',
      receiveArgs: true,
    });
    project.addTask('bundle:update', {
      description: 'Bundle the Lambda handlers and accept the result: assets.lock.json and THIRD-PARTY-LICENSES',
      exec: 'tsx projenrc/tools/bundle.ts --update',
    });
    project.preCompileTask.spawn(bundle);

    project.gitignore.exclude('/assets/');
    project.npmignore?.include('/assets/');
    project.npmignore?.exclude('/.bundle.json', '/assets.lock.json');
  }
}
