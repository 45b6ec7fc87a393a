import { join } from 'node:path';
import { copyOfExample, Language } from './language';
import { cdkSynth } from '../cdk-synth';
import { runAsync } from '../repository';

const MODULE = 'github.com/cdk-data-workflows/cdk-data-workflows-go/cdkdataworkflows';

/** The module, in a folder that stands for it. */
export class Go implements Language {
  public readonly target = 'go';
  public readonly title = 'Go';
  public readonly needs = ['go'];
  private folder = '';

  public async install(packages: string): Promise<void> {
    this.folder = join(packages, 'go/cdkdataworkflows');
  }

  public async synth(example: string, output: string): Promise<void> {
    const folder = copyOfExample('go', example);
    await runAsync('go', ['mod', 'edit', `-replace=${MODULE}=${this.folder}`], { cwd: folder });
    await runAsync('go', ['mod', 'tidy'], { cwd: folder });
    await cdkSynth(folder, output);
  }
}
