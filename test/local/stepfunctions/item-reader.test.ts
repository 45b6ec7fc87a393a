import { parseItems } from '../../../local/stepfunctions/interpreter/distributed/item-reader';

test('every line of JSON is an item, also null', () => {
  expect(parseItems('{"a":1}\nnull\n\n0\n""\n[]\n', { InputType: 'JSONL' })).toEqual([{ a: 1 }, null, 0, '', []]);
});

test.each([['{"a":1}\nno JSON', 'JSONL'], ['{"a":1}', 'JSON'], ['no JSON', 'JSON']] as const)('%p is no list of items as %s', (body, InputType) => {
  expect(() => parseItems(body, { InputType })).toThrow();
});
