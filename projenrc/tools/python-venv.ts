import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CHECK_FOLDER, run, runAsync } from './repository';

/** A virtual environment of the checks. It is kept between runs: what is installed already is not installed again. */
export class PythonVenv {
  /** Environment in which `python3` and installed commands are those of the virtual environment. */
  public readonly env: NodeJS.ProcessEnv;
  private readonly bin = join(CHECK_FOLDER, 'venv/bin');

  constructor() {
    if (!existsSync(join(this.bin, 'pip'))) run('python3', ['-m', 'venv', join(CHECK_FOLDER, 'venv')]);
    this.env = { PATH: [this.bin, process.env.PATH].join(delimiter) };
  }

  public async install(...args: string[]): Promise<void> {
    await this.run('pip', ['install', '--quiet', '--disable-pip-version-check', ...args]);
  }

  public async run(command: string, args: readonly string[]): Promise<string> {
    return runAsync(join(this.bin, command), args);
  }
}
