import fc from 'fast-check';
import { readEmbeddedMetrics } from '../../../local/cloudwatch/embedded-metrics';
import { MetricStore } from '../../../local/cloudwatch/metric-store';
import { JsonObject, JsonValue } from '../../../local/json';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const DAY = 86_400_000;

const directive: JsonObject = { Namespace: 'Shop', Dimensions: [['Site', 'Till'], ['Site']], Metrics: [{ Name: 'Orders', Unit: 'Count' }, { Name: 'Wait' }] };

/** A line with the members of a root, its metadata changed. */
function line(members: JsonObject, changed: JsonObject = {}, metadata: JsonObject = {}): string {
  return JSON.stringify({ _aws: { Timestamp: NOW, CloudWatchMetrics: [{ ...directive, ...changed }], ...metadata }, Site: 'a', Till: '1', ...members });
}

const values = { Orders: 2, Wait: [10, 20.5] };

test('every dimension set gets every metric, an array as several values', () => {
  const { values: found, ignored } = readEmbeddedMetrics(line(values), NOW);
  expect(ignored).toEqual([]);
  expect(found.map(({ metric: { namespace, name, dimensions }, value, unit }) => [namespace, name, dimensions, value, unit])).toEqual([
    { Site: 'a', Till: '1' }, { Site: 'a' },
  ].flatMap((dimensions) => [['Shop', 'Orders', dimensions, 2, 'Count'], ['Shop', 'Wait', dimensions, 10, 'None'], ['Shop', 'Wait', dimensions, 20.5, 'None']]));
  expect(new Set(found.map(({ timestamp }) => timestamp))).toEqual(new Set([NOW]));
});

test('a line without the metadata has no metrics, whatever it is', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    fc.pre(!text.includes('"_aws"'));
    expect(readEmbeddedMetrics(text, NOW)).toEqual({ values: [], ignored: [] });
  }));
});

test.each<[string, string, string]>([
  ['text around the object', `INFO ${line(values)}`, 'one JSON object as a whole'],
  ['the metadata further inside', JSON.stringify({ message: JSON.parse(line(values)) }), 'not a member of the line itself'],
  ['no list of directives', line(values, {}, { CloudWatchMetrics: {} }), 'CloudWatchMetrics is not a list'],
  ['a timestamp in words', line(values, {}, { Timestamp: '2030-01-01' }), 'Timestamp'],
  ['a timestamp in seconds', line(values, {}, { Timestamp: NOW / 1000 }), 'two weeks old'],
  ['a timestamp two weeks old', line(values, {}, { Timestamp: NOW - 14 * DAY - 1 }), 'two weeks old'],
  ['a timestamp far ahead', line(values, {}, { Timestamp: NOW + 7_200_001 }), 'two hours ahead'],
  ['no namespace', line(values, { Namespace: '' }), 'Namespace'],
  ['no dimension sets', line(values, { Dimensions: 'Site' }), 'must be lists'],
  ['more than 100 metrics', line(values, { Metrics: Array.from({ length: 101 }, () => ({ Name: 'Orders' })) }), '101 metrics'],
])('%s hides all metrics, for a reason', (_, text, reason) => {
  const { values: found, ignored } = readEmbeddedMetrics(text, NOW);
  expect(found).toEqual([]);
  expect(ignored).toEqual([expect.stringContaining(reason)]);
});

test.each<[string, JsonObject, JsonObject, number, string]>([
  ['a metric that is no number', { ...values, Orders: '2' }, {}, 4, 'Orders is not a number'],
  ['a metric that is absent', { Wait: 1 }, {}, 2, 'Orders is not a number'],
  ['a list with a text in it', { ...values, Wait: [1, '2'] }, {}, 2, 'Wait is not a number'],
  ['more than 100 values', { ...values, Wait: Array.from({ length: 101 }, () => 1) }, {}, 2, '101 values'],
  ['an unknown unit', { ...values }, { Metrics: [{ Name: 'Orders', Unit: 'Pieces' }, { Name: 'Wait' }] }, 4, '"Pieces"'],
  ['an unknown resolution', { ...values }, { Metrics: [{ Name: 'Orders', StorageResolution: 5 }, { Name: 'Wait' }] }, 4, 'resolution 5'],
  ['a dimension that is absent', { ...values }, { Dimensions: [['Site'], ['Clerk']] }, 3, '["Clerk"]'],
  ['a dimension that is no text', { ...values, Till: 1 }, {}, 3, '["Site","Till"]'],
])('%s is passed over, the rest is not', (_, members, changed, count, reason) => {
  const { values: found, ignored } = readEmbeddedMetrics(line(members, changed), NOW);
  expect(found).toHaveLength(count);
  expect(ignored).toEqual([expect.stringContaining(reason)]);
});

test('a metric may be named like a member of every object', () => {
  const changed: JsonObject = { Metrics: [{ Name: 'constructor' }], Dimensions: [['toString']] };
  expect(readEmbeddedMetrics(line({}, changed), NOW)).toMatchObject({ values: [], ignored: [expect.stringContaining('toString')] });
});

test('statistics are those of the data of the period and the unit', () => {
  const metric = { namespace: 'Shop', name: 'Orders', dimensions: { Site: 'a', Till: '1' } };
  const data = fc.array(fc.record({ value: fc.integer(), at: fc.nat(20), unit: fc.constantFrom('Count', 'None') }), { maxLength: 30 });
  fc.assert(fc.property(data, fc.nat(20), fc.nat(20), fc.constantFrom<JsonValue>('Count', null), (all, from, length, unit) => {
    const store = new MetricStore();
    for (const { value, at, unit: of } of all) store.put({ ...metric, dimensions: { Till: '1', Site: 'a' } }, value, at, of);
    store.put({ ...metric, dimensions: { Site: 'a' } }, 1000, from);
    const chosen = all.filter((datum) => datum.at >= from && datum.at < from + length && (unit === null || unit === datum.unit));
    const wanted = chosen.map(({ value }) => value);
    const selection = { from, to: from + length, unit: unit === null ? undefined : 'Count' };
    expect(store.statistics(metric, selection)).toEqual(wanted.length === 0 ? undefined : {
      sampleCount: wanted.length,
      sum: wanted.reduce((sum, value) => sum + value, 0),
      minimum: Math.min(...wanted),
      maximum: Math.max(...wanted),
    });
  }));
});
