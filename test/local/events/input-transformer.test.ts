import * as fc from 'fast-check';
import { checkTransformer, InputTransformer, transformInput } from '../../../local/events/input-transformer';
import { JsonObject } from '../../../local/json';

const by = { ruleName: 'failed', ruleArn: 'arn:aws:events:eu-west-1:111122223333:rule/failed', ingestionTime: '2030-01-01T00:00:01.000Z' };
const event: JsonObject = {
  time: '2030-01-01T00:00:00Z',
  resources: ['arn:one', 'arn:two'],
  detail: { 'name': 'say "hi"', 'plain': 'run-7', 'count': 3, 'list': [1, 'two'], 'nothing': null, 'inner-part': { a: 'b' } },
};
const paths = {
  name: '$.detail.name',
  plain: '$.detail.plain',
  count: '$.detail.count',
  list: '$.detail.list',
  time: '$.time',
  second: '$.resources[1]',
  inner: '$.detail.inner-part',
};

function transform(transformer: InputTransformer): string {
  checkTransformer(transformer);
  return transformInput(transformer, event, by);
}

test('a variable by itself becomes JSON', () => {
  const output = transform({ paths, template: '{"Name":<name>,"Count":<count>,"List":<list>,"Second":<second>,"Note":"fixed"}' });
  expect(JSON.parse(output)).toEqual({ Name: 'say "hi"', Count: 3, List: [1, 'two'], Second: 'arn:two', Note: 'fixed' });
});

test('a variable inside a text becomes part of it', () => {
  expect(transform({ paths, template: '"<plain> at <time>, \\"<count>\\" times"' })).toBe('"run-7 at 2030-01-01T00:00:00Z, \\"3\\" times"');
});

test('an object inside a text loses its quotes, as AWS documents', () => {
  expect(transform({ paths, template: '{"Text":"inner: <inner>"}' })).toBe('{"Text":"inner: {a:b}"}');
});

test('the predefined variables stand for rule, time and event', () => {
  const template = '{"Rule":"<aws.events.rule-name>","Arn":<aws.events.rule-arn>,"At":<aws.events.event.ingestion-time>,'
    + '"Event":<aws.events.event.json>,"Rest":<aws.events.event>}';
  const { detail, ...rest } = event;
  expect(JSON.parse(transform({ paths: {}, template }))).toEqual({ Rule: 'failed', Arn: by.ruleArn, At: by.ingestionTime, Event: event, Rest: rest });
  expect(detail).toBeDefined();
});

test.each([
  ['a value that is null', { nothing: '$.detail.nothing' }, '{"A":<nothing>}', 'has no value'],
  ['a path without a value', { missing: '$.detail.missing' }, '{"A":<missing>}', 'has no value'],
  ['a variable without a path', {}, '{"A":<unknown>}', 'invalid placeholder unknown'],
  ['a text with quotes in quotes', { name: '$.detail.name' }, '{"A":"<name>"}', 'in quotes for a text with quotes'],
  ['the event in quotes', {}, '"<aws.events.event.json>"', 'must not stand in quotes'],
  ['a template that is no JSON', {}, '{"A":}', 'does not become valid JSON'],
  ['a template of plain text', { plain: '$.detail.plain' }, 'it is <plain>', 'a template that is no JSON'],
  ['a variable for a key', { plain: '$.detail.plain' }, '{<plain>:1}', 'does not become valid JSON'],
  ['a reserved name', { 'aws.x': '$.time' }, '{"A":1}', 'reserved'],
  ['a path that is not implemented', { all: '$.detail.list[*]' }, '<all>', 'does not implement the path $.detail.list[*]'],
])('%s is refused', (_, some, template, message) => {
  expect(() => transform({ paths: some, template })).toThrow(message);
});

test('whatever the text, it arrives as it was', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const transformer = { paths: { text: '$.detail.text' }, template: '{"Alone":<text>}' };
    expect(JSON.parse(transformInput(transformer, { detail: { text } }, by))).toEqual({ Alone: text });
  }));
});
