import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Language } from './language';
import { cdkSynth } from '../cdk-synth';
import { PythonVenv } from '../python-venv';
import { ROOT, runAsync } from '../repository';

/** The wheel, in a virtual environment. */
export class Python implements Language {
  public readonly target = 'python';
  public readonly title = 'Python';
  public readonly needs = ['python3'];
  private readonly venv = new PythonVenv();

  public async install(packages: string): Promise<void> {
    const wheels = readdirSync(join(packages, 'python')).filter((file) => file.endsWith('.whl'));
    if (wheels.length !== 1) throw new Error(`expected jsii-pacmak to build one wheel, found ${wheels.length}`);
    await this.venv.install('--force-reinstall', '--no-deps', join(packages, 'python', wheels[0]));
  }

  public async synth(example: string, output: string): Promise<void> {
    const folder = join(ROOT, 'examples/python', example);
    await this.venv.install('-r', join(folder, 'requirements.txt'));
    // Functions of an example are bundled by esbuild, which Python finds on the path only.
    await cdkSynth(folder, output, { PATH: [this.venv.env.PATH, join(ROOT, 'node_modules/.bin')].join(delimiter) });
  }

  /** The programs that the docs show and the example receivers are part of the tests, where Python has what they need. Here it has. */
  public async runPrograms(): Promise<void> {
    await this.venv.install('-r', join(ROOT, 'examples/receivers/python/requirements.txt'));
    const programs = ['test/docs/programs.test.ts', 'test/examples/receivers.test.ts'];
    await runAsync(join(ROOT, 'node_modules/.bin/jest'), programs, { env: { ...this.venv.env, REQUIRE_PYTHON: '1' } });
  }
}
