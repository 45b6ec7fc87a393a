import fc from 'fast-check';
import { JsonObject, JsonValue } from '../../../local/json';
import { evaluate, Scope } from '../../../local/template/intrinsics';

const VALUES: JsonObject = { Name: 'value', List: ['a', 'b', 'c'], Number: 7, ['AWS::Region']: 'eu-central-1' };

const SCOPE: Scope = {
  mappings: { Sizes: { small: { memory: 128, zones: ['a', 'b'] } } },
  ref: (name, path) => {
    if (name === 'AWS::NoValue') return undefined;
    if (VALUES[name] === undefined) throw new Error(`${path}: no ${name}`);
    return VALUES[name];
  },
  attribute: (logicalId, attribute) => `<${logicalId}|${attribute}>`,
  condition: (name) => name === 'Yes',
  importValue: (name) => `imported ${name}`,
};

const of = (value: JsonValue) => evaluate(value, SCOPE, 'X');

test.each<[string, JsonValue, JsonValue]>([
  ['nothing to do', { a: [1, null, true, { b: 'c' }] }, { a: [1, null, true, { b: 'c' }] }],
  ['Ref', { Ref: 'Name' }, 'value'],
  ['GetAtt, list', { 'Fn::GetAtt': ['Id', 'A.B'] }, '<Id|A.B>'],
  ['GetAtt, text', { 'Fn::GetAtt': 'Id.A.B' }, '<Id|A.B>'],
  ['Join', { 'Fn::Join': ['', ['arn:', { Ref: 'Name' }, ':', 1]] }, 'arn:value:1'],
  ['Join of a list', { 'Fn::Join': ['-', { Ref: 'List' }] }, 'a-b-c'],
  ['Sub', { 'Fn::Sub': '${Name}/${AWS::Region}/${Id.Arn}/${!Name}/$Name' }, 'value/eu-central-1/<Id|Arn>/${Name}/$Name'],
  ['Sub with variables', { 'Fn::Sub': ['${A}-${Name}', { A: { Ref: 'Number' }, Name: 'own' }] }, '7-own'],
  ['Select', { 'Fn::Select': ['1', { Ref: 'List' }] }, 'b'],
  ['Split', { 'Fn::Split': ['/', 'a//b'] }, ['a', '', 'b']],
  ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'zones'] }, ['a', 'b']],
  ['GetAZs', { 'Fn::GetAZs': '' }, ['eu-central-1a', 'eu-central-1b']],
  ['GetAZs of the region by name', { 'Fn::Select': [1, { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] }, 'eu-central-1b'],
  ['Base64', { 'Fn::Base64': 'ü' }, 'w7w='],
  ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Name}-Export' } }, 'imported value-Export'],
  ['If', [{ 'Fn::If': ['Yes', 1, 2] }, { 'Fn::If': ['No', 1, 2] }], [1, 2]],
  ['a branch not taken is not evaluated', { 'Fn::If': ['Yes', 1, { Ref: 'Nobody' }] }, 1],
  ['NoValue', { a: { Ref: 'AWS::NoValue' }, b: [1, { 'Fn::If': ['Yes', { Ref: 'AWS::NoValue' }, 2] }] }, { b: [1] }],
  ['a member that is only called Ref', { Ref: 'x', Other: 1 }, { Ref: 'x', Other: 1 }],
  ['a member called Condition', { Condition: { StringEquals: {} } }, { Condition: { StringEquals: {} } }],
])('%s', (_, value, expected) => {
  expect(of(value)).toEqual(expected);
});

test.each<[string, JsonValue, string]>([
  ['an unknown function', { a: [{ 'Fn::Length': [] }] }, 'X.a[0]: the local cloud does not implement Fn::Length'],
  ['GetAZs of another region', { 'Fn::GetAZs': 'us-east-1' }, 'another region, us-east-1'],
  ['Cidr', { 'Fn::Cidr': [] }, 'does not implement Fn::Cidr'],
  ['Transform', { 'Fn::Transform': {} }, 'does not implement Fn::Transform'],
  ['a condition function in a value', { 'Fn::Equals': [1, 1] }, 'does not implement Fn::Equals here'],
  ['a function beside others', { 'Fn::Join': ['', []], 'b': 1 }, 'Fn::Join must stand alone, found beside b'],
  ['an unknown name', { a: { Ref: 'Nobody' } }, 'X.a.Ref: no Nobody'],
  ['GetAtt without attribute', { 'Fn::GetAtt': 'Id' }, 'expected "LogicalId.Attribute"'],
  ['Join of an object', { 'Fn::Join': ['', [{ a: 1 }]] }, 'X.Fn::Join[1][0]: expected a string'],
  ['Join of a list in a list', { 'Fn::Join': ['', [{ Ref: 'List' }]] }, 'expected a string'],
  ['Join without delimiter', { 'Fn::Join': [['a']] }, 'expected 2 arguments, got 1'],
  ['Select beyond the end', { 'Fn::Select': [3, { Ref: 'List' }] }, 'Fn::Select cannot select nonexistent value at index 3 of 3'],
  ['Select of nothing sensible', { 'Fn::Select': ['x', { Ref: 'List' }] }, 'at index "x"'],
  ['Split by nothing', { 'Fn::Split': ['', 'ab'] }, 'cannot be empty'],
  ['Sub of a list', { 'Fn::Sub': '${List}' }, 'X.Fn::Sub.${List}: expected a string'],
  ['Sub of a malformed name', { 'Fn::Sub': '${a b}' }, '${a b} is not a name'],
  ['an unknown mapping', { 'Fn::FindInMap': ['Nothing', 'a', 'b'] }, 'no mapping has the key Nothing'],
  ['an unknown key', { 'Fn::FindInMap': ['Sizes', 'small', 'b'] }, 'mapping Sizes has no small.b'],
])('%s: an error that names it', (_, value, message) => {
  expect(() => of(value)).toThrow(message);
});

describe('for any values', () => {
  const delimiter = fc.string({ minLength: 1, maxLength: 3 });

  test('Split undoes Join where no part shares a character with the delimiter', () => {
    const marks = fc.string({ unit: fc.constantFrom(':', '/', '|'), minLength: 1, maxLength: 3 });
    const part = fc.string().map((text) => text.replace(/[:/|]/g, ''));
    fc.assert(fc.property(marks, fc.array(part, { minLength: 1 }), (by, parts) => {
      expect(of({ 'Fn::Split': [by, { 'Fn::Join': [by, parts] }] })).toEqual(parts);
    }));
  });

  test('Join undoes Split always', () => {
    fc.assert(fc.property(delimiter, fc.string(), (by, whole) => {
      expect(of({ 'Fn::Join': [by, { 'Fn::Split': [by, whole] }] })).toBe(whole);
    }));
  });

  test('Select finds what Join put there', () => {
    fc.assert(fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (parts, seed) => {
      const index = seed % parts.length;
      expect(of({ 'Fn::Select': [String(index), parts] })).toBe(parts[index]);
    }));
  });

  test('Sub is Join with names, whatever the values have in them', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom('$', '{', '}', '!', 'N', 'a', 'm', 'e') }), { minLength: 1 }), (values) => {
      const variables = Object.fromEntries(values.map((value, index) => [`V${index}`, value]));
      const text = values.map((_, index) => `\${V${index}}`).join('/');
      expect(of({ 'Fn::Sub': [text, variables] })).toBe(of({ 'Fn::Join': ['/', values] }));
    }));
  });

  test('a value without functions stays as it is', () => {
    const plain = fc.jsonValue().filter((value) => !/"(Ref|Fn::[^"]*|__proto__)":/.test(JSON.stringify(value)));
    fc.assert(fc.property(plain, (value) => {
      const json: JsonValue = JSON.parse(JSON.stringify(value));
      expect(of(json)).toEqual(json);
    }));
  });
});
