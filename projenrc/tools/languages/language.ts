import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, ROOT } from '../repository';

/** A language that the package is published for, and that its examples are written in. */
export interface Language {
  /** As jsii-pacmak calls it. */
  readonly target: string;
  readonly title: string;
  /** Commands without which nothing can be tried. */
  readonly needs: readonly string[];
  /** Makes the package available to programs, from what jsii-pacmak wrote into that folder. */
  install(packages: string): Promise<void>;
  /** Synthesises an example with the CDK CLI, as users do, into that folder. */
  synth(example: string, output: string): Promise<void>;
}

/** A copy of an example, as a reader would make one: nothing around it is what it is in the repository. */
export function copyOfExample(language: string, example: string): string {
  const folder = emptyFolder(join('languages', language, example));
  cpSync(join(ROOT, 'examples', language, example), folder, { recursive: true });
  return folder;
}
