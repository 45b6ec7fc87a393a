import { Tolerance } from './tolerance';
import { AslObject, AslRule, AslState } from '../../private/synth/asl';

export interface ProcessPageOptions {
  readonly partition: string;
  /** `parameters` member of what processors get: `$`-paths to the declared parameters. */
  readonly parameters: Readonly<Record<string, string>>;
  /** State that follows a processed page. */
  readonly next: string;
  /** Path of what executions that a page starts are named after. Default: the run. Ranges of one run count the same pages side by side. */
  readonly namedAfter?: string;
  /** Whether a redrive goes on inside this machine, so that names of child executions may be taken. */
  readonly redrivenInside: boolean;
  /** Present where the run goes past items that fail. */
  readonly tolerance?: Tolerance;
}

export interface ProcessPageStates {
  readonly states: { readonly [name: string]: AslState };
  /** Variables for Process Page, made from those of the loop when a page was read. */
  readonly variables?: AslObject;
  /** Largest batch size whose pages these states may get; absent: what fits into the history. */
  readonly largestBatchSize?: number;
  /** Those of the states that are entered only after a redrive, each on the way to another attempt at the page. */
  readonly afterRedrive: readonly string[];
  /** How a page can fail although Process Page succeeded; absent: it cannot. */
  readonly failures?: PageFailures;
  /** The state that follows Collect Failures where every page is collected, before Check For More Data; absent where only pages with failures are. */
  readonly collected?: string;
}

export interface PageFailures {
  /** First rules of Check For More Data. */
  readonly rules: readonly AslRule[];
  /** Where they lead to, and from there to Page Failed with Error and Cause in `$`, or to Collect Failures. */
  readonly states: Readonly<Record<string, AslState>>;
}
