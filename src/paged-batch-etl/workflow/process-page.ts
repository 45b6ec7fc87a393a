import { AslState } from '../../private/synth/asl';

export interface ProcessPageOptions {
  readonly partition: string;
  /** `parameters` member of what processors get: `$`-paths to the declared parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** State that follows a processed page. */
  readonly next: string;
  /** Whether a redrive goes on inside this machine, so that names of child executions may be taken. */
  readonly redrivenInside: boolean;
}

export interface ProcessPageStates {
  readonly states: { readonly [name: string]: AslState };
  /** Those of the states that are entered only after a redrive, each on the way to another attempt at the page. */
  readonly afterRedrive: readonly string[];
  /** Whether the processor's answer can name failed items: then it stands in `$.page.answer`. */
  readonly answers: boolean;
}
