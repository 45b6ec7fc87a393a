import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { copyOfExample, Language } from './language';
import { cdkSynth } from '../cdk-synth';
import { CHECK_FOLDER } from '../repository';

const REPOSITORY = 'built';

/** The jar, in a Maven repository that is a folder. */
export class Java implements Language {
  public readonly target = 'java';
  public readonly title = 'Java';
  public readonly needs = ['javac', 'mvn'];
  private readonly settings = join(CHECK_FOLDER, 'languages/maven-settings.xml');

  public async install(packages: string): Promise<void> {
    // A version that was built before must not be taken from Maven's cache: this repository of its own is asked always.
    const policy = '<releases><updatePolicy>always</updatePolicy></releases>';
    const repository = `<repository><id>${REPOSITORY}</id><url>${pathToFileURL(join(packages, 'java')).href}</url>${policy}</repository>`;
    mkdirSync(join(CHECK_FOLDER, 'languages'), { recursive: true });
    writeFileSync(this.settings, `<settings><profiles><profile><id>${REPOSITORY}</id><repositories>${repository}</repositories></profile></profiles>`
      + `<activeProfiles><activeProfile>${REPOSITORY}</activeProfile></activeProfiles></settings>\n`);
  }

  public async synth(example: string, output: string): Promise<void> {
    const folder = copyOfExample('java', example);
    mkdirSync(join(folder, '.mvn'));
    writeFileSync(join(folder, '.mvn/maven.config'), `--settings ${this.settings}\n`);
    await cdkSynth(folder, output);
  }
}
