import { ParameterRule } from '../contracts/run-input';

/** A parameter of the run's input. */
export interface RunParameterBinding {
  readonly rule: ParameterRule;
  /** Absent for a parameter that every run must give. */
  readonly defaultValue?: string | number;
}

export type RunParameterBindings = Readonly<Record<string, RunParameterBinding>>;
