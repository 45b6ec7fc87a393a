import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

const JOB = 'release_npm';
const STEP = 'release';
const VARIABLE = 'NPM_REGISTRY';

/** Takes the address of the npm registry out of the release workflow: publib knows where npm is, and the repository need not name a host. */
export class ReleaseWorkflow extends Component {
  constructor(private readonly typescriptProject: TypeScriptProject) {
    super(typescriptProject);
  }

  /** The jobs exist only now: the release component, which was made before this one, adds them when it is synthesised. */
  public override preSynthesize(): void {
    const workflow = this.typescriptProject.github?.tryFindWorkflow('release');
    if (workflow === undefined) throw new Error('there is no release workflow');
    const { env } = workflow.getStep(JOB, STEP);
    if (env?.[VARIABLE] === undefined) throw new Error(`${VARIABLE} is not set in ${JOB} any more: remove this component`);
    const { [VARIABLE]: _registry, ...others } = env;
    workflow.patchStep(JOB, STEP, { env: others });
  }
}
