import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, isAbsolute, join } from 'node:path';

/** A jar is an absolute path, or the name of one where Debian's packages put theirs, unless VELOCITY_JARS names another folder. */
function pathsOf(jars: readonly string[]): string[] {
  return jars.map((name) => (isAbsolute(name) ? name : join(process.env.VELOCITY_JARS ?? '/usr/share/java', `${name}.jar`)));
}

/** What is missing on this machine to run Java with the jars; undefined when nothing is. */
function missing(jars: readonly string[], installer: string): string | undefined {
  if (spawnSync('javac', ['-version']).status !== 0) return 'no javac on the PATH';
  const absent = pathsOf(jars).filter((jar) => !existsSync(jar));
  return absent.length === 0 ? undefined : `no ${absent.join(', ')}; ${installer} installs them`;
}

/**
 * `describe`, or `describe.skip` with the reason on standard error.
 *
 * @param required variable of the environment that makes what is missing an error if it is 1
 */
export function describeWithJava(
  comparison: string, jars: readonly string[], required = 'REQUIRE_VELOCITY', installer = 'test/velocity/install.sh',
): jest.Describe {
  const reason = missing(jars, installer);
  if (reason === undefined) return describe;
  if (process.env[required] === '1') throw new Error(`${required}=1, but ${reason}`);
  process.stderr.write(`The comparison with ${comparison} is skipped: ${reason}\n`);
  return describe.skip;
}

/** A Java program of one source file that answers jobs: a line of JSON for each, on standard input and output. */
export class JavaHarness<Job, Answer> {
  private readonly classes = mkdtempSync(join(tmpdir(), 'java-harness-'));
  private readonly program: string;

  constructor(source: string, private readonly jars: readonly string[]) {
    this.program = basename(source, '.java');
    this.run('javac', ['-nowarn', '-d', this.classes, '-cp', pathsOf(jars).join(delimiter), source], '');
  }

  /** One process answers them all, for starting it costs most. */
  answer(jobs: readonly Job[]): Answer[] {
    const input = jobs.map((job) => `${JSON.stringify(job)}\n`).join('');
    const output = this.run('java', ['-cp', [this.classes, ...pathsOf(this.jars)].join(delimiter), this.program], input);
    const answers = output.trimEnd().split('\n').map((line): Answer => JSON.parse(line));
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
