import * as fc from 'fast-check';
import { PartitionRule } from '../../../../src/paged-batch-etl/contracts/plan-ranges';
import { answerEvent } from '../../../../src/paged-batch-etl/source-functions/reader/answer-event';
import { planRunRanges } from '../../../../src/paged-batch-etl/source-functions/reader/plan-run-ranges';
import { ReadServices } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { released, releasedNames } from '../../../support/released';
import { NO_LETTERS, INPUT, outcomeOf, RULES, RUN_ID, withTimeLeft } from '../harness';

const NOW = Date.parse('2026-11-24T08:00:00Z');
const CONTRACT = 7;

const event = (changes: Readonly<Record<string, unknown>> = {}) => ({
  contract: CONTRACT, parameters: INPUT, run: { id: RUN_ID, page: 0 }, partitions: { by: 'time', ranges: 4 }, ...changes,
});

function services(cursors: readonly string[] | undefined, failEmptyRun = false) {
  const lines: string[] = [];
  const rules: PartitionRule[] = [];
  const never = () => Promise.reject(new Error('no page is asked for'));
  const made: ReadServices = {
    config: { rules: RULES, pageBytes: 1_000, maxBatchSize: 100, failEmptyRun, functionName: 'reader' },
    read: never,
    readTexts: never,
    ...(cursors && {
      planRanges: async ({ parameters }, rule) => {
        expect(parameters.given).toEqual(INPUT);
        rules.push(rule);
        return cursors;
      },
    }),
    ...NO_LETTERS,
    openBucket: () => {
      throw new Error('no bucket is opened');
    },
    now: () => NOW,
    log: (line) => void lines.push(line),
  };
  return { made, rules, lines };
}

test.each(releasedNames('read-page', CONTRACT))('a released event for ranges is answered for ever: %s', async (name) => {
  const { made, rules } = services(['a', 'b']);
  const given = released<{ readonly partitions: PartitionRule }>('read-page', CONTRACT, name);
  await expect(answerEvent(given, withTimeLeft(), made)).resolves.toEqual({
    ranges: [{ number: 0, cursor: 'a', pages: 0, items: 0, failed: 0, segments: 0 }, { number: 1, cursor: 'b', pages: 0, items: 0, failed: 0, segments: 0 }],
  });
  expect(rules).toEqual([given.partitions]);
});

test('the log has the metric that the first page of a run would have', async () => {
  const { made, lines } = services(['a', 'b']);
  await planRunRanges(event(), withTimeLeft(), made);
  expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ Outcome: 'Planned', Ranges: 2, EmptyRuns: 0, Run: RUN_ID })]);
});

test('a run that has nothing to read has no ranges, or fails', async () => {
  const empty = services([]);
  await expect(planRunRanges(event(), withTimeLeft(), empty.made)).resolves.toEqual({ ranges: [] });
  const refused = services([], true);
  await expect(planRunRanges(event(), withTimeLeft(), refused.made)).rejects.toMatchObject({ name: 'EmptyRun' });
  for (const { lines } of [empty, refused]) {
    expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ EmptyRuns: 1, Ranges: 0 })]);
  }
});

describe('no ranges are made for', () => {
  test.each<[string, unknown, string]>([
    ['a parameter that is none', event({ parameters: { ...INPUT, other: 1 } }), 'UnknownParameter'],
    ['a rule that is none', event({ partitions: { by: 'chance', ranges: 4 } }), 'InvalidReadEvent'],
    ['half a range', event({ partitions: { by: 'time', ranges: 0.5 } }), 'InvalidReadEvent'],
    ['boundaries that are no texts', event({ partitions: { by: 'boundaries', boundaries: [1] } }), 'InvalidReadEvent'],
    ['no run', event({ run: undefined }), 'InvalidReadEvent'],
    ['a member too many', event({ cursor: null }), 'InvalidReadEvent'],
  ])('%s', async (_what, given, error) => {
    const { made, rules, lines } = services(['a']);
    expect((await outcomeOf(async () => answerEvent(given, withTimeLeft(), made))).name).toBe(error);
    expect(rules).toEqual([]);
    expect(lines.map((line) => JSON.parse(line).Outcome)).toEqual([error]);
  });

  test('a source that is a function of its own', async () => {
    expect(await outcomeOf(async () => answerEvent(event(), withTimeLeft(), services(undefined).made))).toMatchObject({ name: 'SourceChanged' });
  });

  test('any other JSON', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue(), async (partitions) => {
      expect((await outcomeOf(async () => answerEvent(event({ partitions }), withTimeLeft(), services(['a']).made))).name).toMatch(/^(InvalidReadEvent|Done)$/);
    }));
  });
});

test('an error of the source keeps its name, and any other one tells nothing', async () => {
  const { made } = services(undefined);
  const failing = (error: Error): ReadServices => ({ ...made, planRanges: async () => Promise.reject(error) });
  const told = failing(new SourceError('InvalidPartitionKey', 'why'));
  expect(await outcomeOf(async () => planRunRanges(event(), withTimeLeft(), told))).toEqual({ name: 'InvalidPartitionKey', message: 'why' });
  expect((await outcomeOf(async () => planRunRanges(event(), withTimeLeft(), failing(new Error('a secret'))))).message).not.toContain('secret');
});
