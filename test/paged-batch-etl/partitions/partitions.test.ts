import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { ItemProcessor, PagedBatchEtlProps, PageSource, PageTransport, Partitions, RunContinuation } from '../../../src';
import { importedFunction, mongoSource, synthEtl } from '../../support/synth-etl';

describe('partitions', () => {
  const refused = (partitions: () => Partitions, props: Partial<PagedBatchEtlProps> = {}) => () => (
    synthEtl(() => ({ ...props, partitions: partitions() })));

  test.each<[string, () => Partitions, string]>([
    ['too many workers', () => Partitions.ofTime({ workers: 41 }), 'workers of Partitions.ofTime must be a whole number from 1 to 40, got 41; Step Functions runs no more at a time in one execution'],
    ['too many ranges', () => Partitions.ofTime({ workers: 40, slices: 4 }), 'slices of Partitions.ofTime must be a whole number from 1 to 3, got 4; a run has at most 128 ranges, and 40 workers'],
    ['the wrong field', () => Partitions.ofObjectIds({ workers: 2 }), 'partitions must be Partitions.ofTime or Partitions.at where sort begins with another field than _id, got "Partitions.ofObjectIds"'],
    ['no boundaries', () => Partitions.at({ boundaries: [] }), 'boundaries of Partitions.at must be from 1 to 127, got "0 boundaries"'],
    ['a text without quotation marks', () => Partitions.at({ boundaries: ['g'] }), 'every entry in boundaries of Partitions.at must be the EJSON of a number, a text, a date or an ObjectId, got "g"'],
    ['boundaries of several types', () => Partitions.at({ boundaries: ['1', '"g"'] }), 'boundaries of Partitions.at must be values of one type, got "a number and a text"'],
    ['boundaries in another order', () => Partitions.at({ boundaries: ['"n"', '"g"'] }), 'boundaries of Partitions.at must be in ascending order, each value once'],
    ['a boundary that is there twice', () => Partitions.at({ boundaries: ['1', '1'] }), 'boundaries of Partitions.at must be in ascending order, each value once'],
    ...([
      ['1', '1.0'], ['1', '{"$numberDecimal":"1E0"}'], ['"a"', '"\\u0061"'], ['{"$oid":"5f00000000000000000000ab"}', '{"$oid":"5F00000000000000000000AB"}'],
      ['{"$date":"2026-01-01T00:00:00Z"}', '{"$date":"2026-01-01T01:00:00+01:00"}'], ['{"$date":"2026-01-01T00:00:00Z"}', '{"$date":{"$numberLong":"1767225600000"}}'],
    ]).map((boundaries): [string, () => Partitions, string] => [`one value in two spellings, ${boundaries.join(' and ')}`, () => Partitions.at({ boundaries }),
      'boundaries of Partitions.at must be in ascending order, each value once, got "']),
    ['more workers than ranges', () => Partitions.at({ boundaries: ['5'], workers: 16 }),
      'workers of Partitions.at must be a whole number from 1 to 2, got 16; there are 2 ranges, one more than boundaries: leave it out for a worker each'],
    ['a long boundary', () => Partitions.at({ boundaries: [JSON.stringify('x'.repeat(300))] }), 'every entry in boundaries of Partitions.at must be of at most 256 bytes'],
  ])('refuses %s', (_what, partitions, message) => {
    expect(refused(partitions)).toThrow(new RegExp(message.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  });

  test('takes boundaries of all types that order is known of', () => {
    for (const boundaries of [['-1', '{"$numberLong":"5"}', '5.5'], ['{"$date":"2026-01-01T00:00:00Z"}', '{"$date":{"$numberLong":"1795478400000"}}'], ['{"$oid":"5f00000000000000000000ab"}'],
      ['{"$numberLong":"9007199254740992"}', '{"$numberLong":"9007199254740993"}']]) {
      expect(refused(() => Partitions.at({ boundaries }))).not.toThrow();
    }
  });

  test('refuses a source that is a function, a run that restarts itself, and texts in a collation', () => {
    const partitions = () => Partitions.ofTime({ workers: 2 });
    expect(() => synthEtl((stack) => ({ partitions: partitions(), source: PageSource.custom({ handler: importedFunction(stack, 'source') }) }))).toThrow(/Partitions.none where source is PageSource.custom/);
    expect(refused(partitions, { continuation: RunContinuation.selfRestart() })).toThrow(/RunContinuation.supervised where partitions is not Partitions.none/);
    expect(() => synthEtl((stack) => ({
      partitions: Partitions.at({ boundaries: ['"g"'] }), source: mongoSource(stack, { sort: ['name', '_id'], filter: undefined, collation: { locale: 'en' } }), parameters: {},
    }))).toThrow(/values of another type where the source has a collation/);
  });

  test('warns of many calls at the same time', () => {
    const { stack } = synthEtl((scope) => ({
      partitions: Partitions.ofTime({ workers: 16 }), transport: PageTransport.s3(), processor: ItemProcessor.perBatch({ handler: importedFunction(scope, 'handler') }),
    }));
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('workers of partitions are 16, and each processes a page with 40 calls at once, which are 640 together'));
  });
});
