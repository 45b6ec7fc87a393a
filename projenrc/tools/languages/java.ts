import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { copyOfExample, Language } from './language';
import { cdkSynth } from '../cdk-synth';
import { CHECK_FOLDER } from '../repository';

/** The jar, in a Maven repository that is a folder. */
export class Java implements Language {
  public readonly target = 'java';
  public readonly title = 'Java';
  public readonly needs = ['javac', 'mvn'];
  private readonly settings = join(CHECK_FOLDER, 'languages/maven-settings.xml');

  public async install(packages: string): Promise<void> {
    // Maven keeps what it has fetched, and would take the jar of an earlier run for this one: they have the same version.
    rmSync(join(homedir(), '.m2/repository/io/github/cdkdataworkflows'), { recursive: true, force: true });
    const name = 'built';
    const repository = `<repository><id>${name}</id><url>${pathToFileURL(join(packages, 'java')).href}</url></repository>`;
    mkdirSync(join(CHECK_FOLDER, 'languages'), { recursive: true });
    writeFileSync(this.settings, `<settings><profiles><profile><id>${name}</id><repositories>${repository}</repositories></profile></profiles>`
      + `<activeProfiles><activeProfile>${name}</activeProfile></activeProfiles></settings>\n`);
  }

  public async synth(example: string, output: string): Promise<void> {
    const folder = copyOfExample('java', example);
    mkdirSync(join(folder, '.mvn'));
    writeFileSync(join(folder, '.mvn/maven.config'), `--settings ${this.settings}\n`);
    await cdkSynth(folder, output);
  }
}
