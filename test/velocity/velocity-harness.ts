import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export interface VelocityJob {
  readonly template: string;
  readonly body: string;
  readonly context?: object;
  readonly params?: object;
  /** What `$input.json` writes JSON with. Default: Jackson. json-smart escapes the slash too. */
  readonly writer?: 'json-smart';
}

export interface VelocityAnswer {
  readonly text?: string;
  /** `$context` after the rendering. */
  readonly context?: { readonly responseOverride?: { readonly status?: number } };
  readonly error?: string;
}

const JARS = [
  'velocity', 'commons-lang', 'commons-collections3', 'json-path', 'json-smart', 'slf4j-api', 'jackson-core', 'jackson-databind', 'jackson-annotations',
];

/** Where Debian's packages put their jars, unless VELOCITY_JARS names another folder. */
function jars(): string[] {
  return JARS.map((name) => join(process.env.VELOCITY_JARS ?? '/usr/share/java', `${name}.jar`));
}

/** The real Apache Velocity, in one Java process per batch. */
export class VelocityHarness {
  /** What is missing on this machine to run it; undefined when nothing is. */
  static missing(): string | undefined {
    if (spawnSync('javac', ['-version']).status !== 0) return 'no javac on the PATH';
    const absent = jars().filter((jar) => !existsSync(jar));
    return absent.length === 0 ? undefined : `no ${absent.join(', ')}; test/velocity/install.sh installs them`;
  }

  private readonly classes = mkdtempSync(join(tmpdir(), 'velocity-harness-'));

  constructor() {
    this.run('javac', ['-nowarn', '-d', this.classes, '-cp', jars().join(delimiter), join(__dirname, 'VelocityHarness.java')], '');
  }

  render(jobs: readonly VelocityJob[]): VelocityAnswer[] {
    const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
    const output = this.run('java', ['-cp', [this.classes, ...jars()].join(delimiter), 'VelocityHarness'], input);
    const answers = output.trimEnd().split('\n').map((line): VelocityAnswer => JSON.parse(line));
    if (answers.length !== jobs.length) throw new Error(`${jobs.length} jobs, ${answers.length} answers`);
    return answers;
  }

  close(): void {
    rmSync(this.classes, { recursive: true, force: true });
  }

  private run(command: string, parameters: string[], input: string): string {
    const { status, stdout, stderr, error } = spawnSync(command, parameters, { input, encoding: 'utf8', maxBuffer: 2 ** 30 });
    if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
    return stdout;
  }
}
