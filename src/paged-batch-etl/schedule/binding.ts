import { WindowConfig } from '../contracts/plan-run';

/** Which window a schedule runs. */
export interface RunWindowBinding {
  readonly config: WindowConfig;
}
