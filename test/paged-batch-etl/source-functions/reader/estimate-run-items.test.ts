import { answerEvent } from '../../../../src/paged-batch-etl/source-functions/reader/answer-event';
import { ReadServices } from '../../../../src/paged-batch-etl/source-functions/reader/read-page';
import { SourceError } from '../../../../src/paged-batch-etl/source-functions/source-error';
import { released, releasedNames } from '../../../support/released';
import { INPUT, NO_LETTERS, outcomeOf, RULES, RUN_ID, withTimeLeft } from '../harness';

const CONTRACT = 8;
const NOW = Date.parse('2026-11-24T08:00:00Z');

function services(estimateItems?: ReadServices['estimateItems']) {
  const lines: string[] = [];
  const never = () => Promise.reject(new Error('no page is asked for'));
  const made: ReadServices = {
    config: { rules: RULES, pageBytes: 1_000, maxBatchSize: 100, failEmptyRun: true, functionName: 'reader' },
    read: never,
    readTexts: never,
    ...estimateItems && { estimateItems },
    openBucket: () => {
      throw new Error('no bucket is opened');
    },
    ...NO_LETTERS,
    now: () => NOW,
    log: (line) => void lines.push(line),
  };
  return { made, lines };
}

const event = (changes: object = {}) => ({ contract: CONTRACT, parameters: INPUT, run: { id: RUN_ID, page: 0 }, ...changes });

test('a released event is answered for ever', async () => {
  expect(releasedNames('read-page', CONTRACT)).toEqual(['estimate']);
  const { made } = services(async ({ parameters }) => {
    expect(parameters.given).toEqual(INPUT);
    return 5;
  });
  expect(await answerEvent(released('read-page', CONTRACT, 'estimate'), withTimeLeft(), made)).toEqual({ items: 5 });
});

test('the source has seconds for it, whatever the time of the function is', async () => {
  let time: number | undefined;
  const { made } = services(async (reading) => {
    time = reading.time.forCall();
    return 5;
  });
  await answerEvent(event(), withTimeLeft(), made);
  expect(time).toBe(6_500);
});

test.each<[string, unknown, ReadServices['estimateItems'], string]>([
  ['an outage', event(), async () => Promise.reject(new SourceError('SourceUnavailable', 'gone')), 'SourceUnavailable'],
  ['a mistake of ours', event(), async () => Promise.reject(new Error('a secret')), 'SourceRefused'],
  ['a parameter that is none', event({ parameters: { ...INPUT, other: 1 } }), async () => 5, 'UnknownParameter'],
  ['a source that cannot say it', event(), async () => null, 'Estimated'],
  ['a source that is a function of its own', event(), undefined, 'Estimated'],
])('%s: the run goes on without an answer', async (_what, given, estimateItems, outcome) => {
  const { made, lines } = services(estimateItems);
  expect(await answerEvent(given, withTimeLeft(), made)).toEqual({ items: null });
  expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ Run: RUN_ID, Outcome: outcome, EstimatedItems: null })]);
  expect(lines.join()).not.toContain('secret');
});

test.each([event({ run: undefined }), event({ cursor: null }), event({ parameters: 1 })])('%j is refused', async (given) => {
  expect((await outcomeOf(async () => answerEvent(given, withTimeLeft(), services().made))).name).toBe('InvalidReadEvent');
});
