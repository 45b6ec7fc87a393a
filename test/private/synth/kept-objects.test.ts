/** Objects of one construct that the rules, the rights or the deletions of another one would be about. */
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { AsyncAthenaQueryApi, FailurePolicy, PagedBatchEtl, PagedBatchEtlProps, PageTransport } from '../../../src';
import { etlProps } from '../../support/synth-etl';

type Where = readonly [bucket: IBucket, prefix: string];
const pagesIn = ([bucket, prefix]: Where): Partial<PagedBatchEtlProps> => ({ transport: PageTransport.s3({ bucket, prefix }) });
const lettersIn = ([bucket, prefix]: Where): Partial<PagedBatchEtlProps> => (
  { failurePolicy: FailurePolicy.tolerate({ deadLetters: { bucket, prefix } }) });

type Names = readonly [bucket: string, prefix: string];
type Maker = (stack: Stack, id: string, where: Where) => void;
const pages: Maker = (stack, id, where) => void new PagedBatchEtl(stack, id, etlProps(stack, pagesIn(where)));
const letters: Maker = (stack, id, where) => void new PagedBatchEtl(stack, id, etlProps(stack, lettersIn(where)));
const results: Maker = (stack, id, [resultBucket, resultPrefix]) => void new AsyncAthenaQueryApi(stack, id, { resultBucket, resultPrefix });
const both = (pagePrefix: string): Maker => (stack, id, [bucket, prefix]) => (
  void new PagedBatchEtl(stack, id, etlProps(stack, { ...pagesIn([bucket, pagePrefix]), ...lettersIn([bucket, prefix]) })));

/** Two constructs in stacks of one app, each of which looks up the bucket of its name. */
function make(first: Maker, [firstBucket, firstPrefix]: Names, second: Maker, [secondBucket, secondPrefix]: Names): void {
  const app = new App();
  const [one, two] = [new Stack(app, 'One'), new Stack(app, 'Two')];
  first(one, 'First', [Bucket.fromBucketName(one, 'Mine', firstBucket), firstPrefix]);
  second(two, 'Second', [Bucket.fromBucketName(two, 'Mine', secondBucket), secondPrefix]);
}

test('letters within the pages of the same construct are refused', () => {
  const stack = new Stack(new App(), 'Stack');
  const bucket = new Bucket(stack, 'Mine');
  expect(() => both('x/')(stack, 'Metrics', [bucket, 'x/letters/'])).toThrow(expect.objectContaining({
    name: 'InvalidPropError',
    message: 'Stack/Metrics: prefix of PageTransport.s3 must be apart from x/letters/, where the letters of Stack/Metrics are, got "x/"; what lets the ones expire, or deletes '
      + 'or may read them, would be about the others too: take prefixes of which none begins with the other, or another bucket',
  }));
});

describe('of two constructs', () => {
  test.each<[string, Maker, Maker]>([
    ['pages and letters', pages, letters], ['letters and pages', letters, pages], ['results and pages', results, pages], ['letters and results', letters, results],
    ['results and results', results, results],
  ])('%s at the same place, or one within the other, are refused', (_what, first, second) => {
    for (const [one, other] of [['x/', 'x/'], ['x/', 'x/y/'], ['x/y/', 'x/']]) {
      expect(() => make(first, ['mine', one], second, ['mine', other])).toThrow(/^Two\/Second: .*refix.* must be apart from x\/(?:y\/)?, where the \w+ of One\/First are/);
    }
    expect(() => make(first, ['mine', 'x/'], second, ['mine', 'xy/'])).not.toThrow();
    expect(() => make(first, ['mine', 'x/'], second, ['other', 'x/'])).not.toThrow();
  });

  test.each<[string, Maker]>([['letters', letters], ['pages', pages]])('%s may be at the same place: their keys have the execution in them', (_what, maker) => {
    expect(() => make(maker, ['mine', 'x/'], maker, ['mine', 'x/'])).not.toThrow();
  });
});

test('in a bucket that was made for pages or results, everything expires, so nothing else is kept there', () => {
  const app = new App();
  const stackOf = (id: string) => new Stack(app, id);
  const etl = (id: string, props: Partial<PagedBatchEtlProps>) => {
    const stack = stackOf(id);
    return new PagedBatchEtl(stack, 'Metrics', etlProps(stack, props));
  };
  const { pageBucket } = etl('Pages', { transport: PageTransport.s3() });
  const { resultBucket } = new AsyncAthenaQueryApi(stackOf('Results'), 'Queries');
  const { deadLetterBucket } = etl('Letters', { failurePolicy: FailurePolicy.tolerate() });
  if (pageBucket === undefined || deadLetterBucket === undefined) throw new Error('there are no buckets');
  expect(() => letters(stackOf('A'), 'Any', [pageBucket, 'letters/'])).toThrow('must be apart from all of the bucket, where the pages of Pages/Metrics are, got "letters/"');
  expect(() => letters(stackOf('B'), 'Any', [resultBucket, 'letters/'])).toThrow('must be apart from all of the bucket, where the results of Results/Queries are, got "letters/"');
  expect(() => pages(stackOf('C'), 'Any', [pageBucket, 'pages/'])).not.toThrow();
  // Nothing expires in that of letters.
  expect(() => pages(stackOf('D'), 'Any', [deadLetterBucket, 'pages/'])).not.toThrow();
});

test('prefixes are refused exactly where a key can begin with both', () => {
  const prefix = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 }).map((steps) => `${steps.join('/')}/`);
  fc.assert(fc.property(prefix, prefix, (one, other) => {
    const inBoth = [`${one}key`, `${other}key`].some((key) => key.startsWith(one) && key.startsWith(other));
    const stack = new Stack(new App(), 'Stack');
    const made = expect(() => both(one)(stack, 'Metrics', [Bucket.fromBucketName(stack, 'Mine', 'mine'), other]));
    if (inBoth) made.toThrow('must be apart from');
    else made.not.toThrow();
  }), { numRuns: 30 });
});

test('nothing of it is in the template', () => {
  const stack = new Stack(new App(), 'Stack');
  both('x/')(stack, 'Metrics', [Bucket.fromBucketName(stack, 'Mine', 'mine'), 'y/']);
  expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/Kept(?:pages|letters)/);
});
