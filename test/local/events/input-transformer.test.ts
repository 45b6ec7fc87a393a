import * as fc from 'fast-check';
import { JsonObject } from '../../../local/aws/service';
import { transformInput } from '../../../local/events/input-transformer';

const event: JsonObject = { time: '2030-01-01T00:00:00Z', detail: { name: 'say "hi"', count: 3, list: [1, 'two'], nothing: null } };
const paths = { name: '$.detail.name', count: '$.detail.count', list: '$.detail.list', time: '$.time' };

test('a variable by itself becomes JSON', () => {
  const output = transformInput({ paths, template: '{"Name":<name>,"Count":<count>,"List":<list>,"Note":"fixed"}' }, event);
  expect(JSON.parse(output)).toEqual({ Name: 'say "hi"', Count: 3, List: [1, 'two'], Note: 'fixed' });
});

test('a variable inside a text becomes part of it', () => {
  const output = transformInput({ paths, template: '"<name> at <time>, <count> times, \\"<list>\\""' }, event);
  expect(JSON.parse(output)).toBe('say "hi" at 2030-01-01T00:00:00Z, 3 times, "[1,"two"]"');
});

test.each([
  ['a value that is null', { nothing: '$.detail.nothing' }, '{"A":<nothing>}'],
  ['a path without a value', { missing: '$.detail.missing' }, '{"A":<missing>}'],
  ['a variable without a path', {}, '{"A":<unknown>}'],
])('%s is refused', (_, some, template) => {
  expect(() => transformInput({ paths: some, template }, event)).toThrow('has no value');
});

test('a path that is not implemented is refused', () => {
  expect(() => transformInput({ paths: { all: '$.detail.list[*]' }, template: '<all>' }, event)).toThrow('does not implement the path $.detail.list[*]');
});

test('whatever the text, it arrives as it was', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const transformer = { paths: { text: '$.detail.text' }, template: '{"Alone":<text>,"Within":"<<text>>"}' };
    expect(JSON.parse(transformInput(transformer, { detail: { text } }))).toEqual({ Alone: text, Within: `<${text}>` });
  }));
});
