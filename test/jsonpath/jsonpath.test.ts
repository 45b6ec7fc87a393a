import { join } from 'node:path';
import fc from 'fast-check';
import { documents, paths } from './paths';
import { readJson, writeJson } from '../../local/exact-json';
import { NotImplemented } from '../../local/not-implemented';
import { parsePath, Path, PathNotFound, PathSyntaxError, readPath } from '../../local/stepfunctions/paths/path';
import { describeWithJava, JavaHarness } from '../support/java-harness';

interface Job {
  readonly path: string;
  readonly document: string;
}

interface Answer {
  readonly value?: string;
  readonly refused?: string;
  readonly failed?: string;
}

const JARS = ['json-path', 'json-smart', 'slf4j-api', 'jackson-core', 'jackson-databind', 'jackson-annotations'];

/** What Jayway takes for a path although nobody means it: it looks for the first character that it knows, and goes on from there. */
const careless: readonly RegExp[] = [
  // Double quotes in brackets, placeholders for filters of a Java program, a second root, quotes in names without quotes.
  /\["/, /\[\s*\?\s*\]/, /[\])*.]\s*\$/, /[^[\s,'=<>~]'[^\s\],]/,
];

describeWithJava('Jayway JsonPath', JARS)('local paths and Jayway JsonPath', () => {
  let jayway: JavaHarness<Job, Answer>;
  beforeAll(() => {
    jayway = new JavaHarness(join(__dirname, 'JsonPathHarness.java'), JARS);
  });
  afterAll(() => jayway.close());

  function differences(jobs: readonly Job[]): object[] {
    const answers = jayway.answer(jobs);
    return jobs.flatMap((job, index) => {
      const local = readLocally(job);
      const real = answers[index];
      if (local.refused !== undefined && careless.some((pattern) => pattern.test(job.path))) return [];
      return same(local, real) ? [] : [{ ...job, local, real }];
    });
  }

  test('generated paths and documents: the same value, the same refusal, the same failure', () => {
    const jobs = fc.sample(fc.record({ path: paths, document: documents }), { numRuns: 11_000, seed: 13 });
    expect(differences(jobs).slice(0, 5)).toEqual([]);
    const outcomes = jobs.map(readLocally);
    for (const kind of ['value', 'refused', 'failed'] as const) expect(outcomes.filter((outcome) => outcome[kind] !== undefined).length).toBeGreaterThan(1_000);
    expect(outcomes.filter(({ value }) => value !== undefined && value.length > 2).length).toBeGreaterThan(1_000);
  });
});

function readLocally({ path: text, document }: Job): Answer {
  let path: Path;
  try {
    path = parsePath(text, 1);
  } catch (error) {
    if (error instanceof PathSyntaxError || error instanceof NotImplemented) return { refused: error.message };
    throw error;
  }
  try {
    return { value: writeJson(readPath(path, readJson(document))) };
  } catch (error) {
    if (error instanceof PathNotFound) return { failed: error.message };
    throw error;
  }
}

/** What Java itself says where Jayway did not expect it; it depends on the version of Java. */
const javaWords = /cannot be cast to class|^null$|^Character .* is neither|^No digits found|^Exponent|may not be null|root can not be null/;

/** The words of a refusal are AWS' own; those of a failure are Jayway's. */
function same(local: Answer, real: Answer): boolean {
  if (local.refused !== undefined || real.refused !== undefined) return local.refused !== undefined && real.refused !== undefined;
  // Jackson spells numbers in its own way: 1.0E-4.
  const value = real.value === undefined ? undefined : writeJson(readJson(real.value));
  return local.value === value && (local.failed === real.failed || (local.failed !== undefined && javaWords.test(real.failed ?? '')));
}
