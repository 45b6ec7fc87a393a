import fc from 'fast-check';
import { JsonValue } from '../../local/json';

const NAMES = ['a', 'b', 'c', 'a b', 'it"s', 'length', 'length()', '10', '2', 'é', '\u{1f600}', '__proto__', '', 'null', 'x-y', '$', '@', '*'] as const;
const name = fc.constantFrom<string>(...NAMES);
const text = fc.constantFrom('', 'x', 'y', 'xy', 'X', 'a b', 'null', 'true', '5', '5.0', '-1', '1e2', '[1]');
const number = fc.oneof(fc.integer({ min: -3, max: 9 }), fc.constantFrom(0.5, 5.5, 100, -1, 2 ** 40, 0.0001, -12345678.5));
const scalar: fc.Arbitrary<JsonValue> = fc.oneof(text, number, fc.boolean(), fc.constant(null));

/** Members written in any order, as text: a JavaScript object moves some to the front. */
function objectText(members: readonly (readonly [string, string])[]): string {
  const unique = members.filter(([key], index) => members.findIndex(([other]) => other === key) === index);
  return `{${unique.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

/** Documents as JSON text: objects and lists with a few names and values, so that paths often meet them. */
export const documents: fc.Arbitrary<string> = fc.letrec<{ value: string; list: string; object: string; scalar: string }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('scalar'), tie('object'), tie('list')),
  scalar: scalar.map((value) => JSON.stringify(value)),
  object: fc.array(fc.tuple(fc.oneof(fc.constantFrom('a', 'b', 'c'), name), tie('value')), { maxLength: 5 }).map(objectText),
  list: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
})).object;

const quoted = (key: string) => `'${key}'`;
const index = fc.integer({ min: -3, max: 4 }).map(String);
const space = fc.constantFrom('', '', '', ' ');
const bracketed = (content: fc.Arbitrary<string>) => fc.tuple(space, content, space).map(([before, inside, after]) => `[${before}${inside}${after}]`);
const list = (item: fc.Arbitrary<string>) => fc.tuple(fc.array(item, { minLength: 2, maxLength: 3 }), fc.constantFrom(',', ', ')).map(([items, comma]) => items.join(comma));

const plainStep: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('a', 'b', 'c').map((key) => `.${key}`),
  name.map((key) => `.${key}`),
  bracketed(name.map(quoted)),
  bracketed(index),
);
const definiteSteps = fc.array(fc.oneof({ weight: 4, arbitrary: plainStep }, { weight: 1, arbitrary: fc.constant('[(@.length-1)]') }), { maxLength: 2 }).map((steps) => steps.join(''));

const literal = fc.oneof(
  text.map(quoted), number.map(String), fc.constantFrom('true', 'false', 'null', 'TRUE', 'x', '', '"x"', '[\'x\']', '/x.*/', '/X/i', '/[xy]+/', '/(/', '/\\d+/', '/'),
);
const operand = fc.oneof({ weight: 3, arbitrary: definiteSteps.map((steps) => `@${steps}`) }, definiteSteps.map((steps) => `$${steps}`), literal);
const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '=~', 'in', 'nin', 'contains', 'size', 'empty', 'subsetof', '=', '===');
const test: fc.Arbitrary<string> = fc.oneof(
  definiteSteps.map((steps) => `@${steps}`),
  definiteSteps.map((steps) => `!@${steps}`),
  fc.tuple(operand, space, operator, space, operand).map((parts) => parts.join('')),
);
const filter = fc.letrec<{ filter: string; part: string }>((tie) => ({
  filter: fc.oneof({ depthSize: 'small' }, tie('part'), fc.tuple(tie('filter'), fc.constantFrom(' && ', '||', '&&', ' || '), tie('filter')).map((parts) => parts.join(''))),
  part: fc.oneof({ weight: 6, arbitrary: test }, { weight: 1, arbitrary: fc.oneof(test.map((inner) => `(${inner})`), test.map((inner) => `!(${inner})`)) }),
})).filter.map((inside) => `[?(${inside})]`);

const slice = fc.tuple(fc.oneof(index, fc.constant('')), fc.oneof(index, fc.constant(''))).map((ends) => ends.join(':'));
const step: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: plainStep },
  { weight: 1, arbitrary: bracketed(list(fc.oneof(fc.constantFrom('a', 'b', 'c'), name).map(quoted))) },
  { weight: 1, arbitrary: bracketed(list(index)) },
  { weight: 2, arbitrary: bracketed(slice) },
  { weight: 2, arbitrary: fc.constantFrom('.*', '[*]', '*') },
  { weight: 2, arbitrary: fc.oneof(plainStep, fc.constantFrom('a', '*', '.')).map((next) => `..${next}`) },
  { weight: 3, arbitrary: filter },
  { weight: 1, arbitrary: fc.constantFrom('[(@.length-1)]', '[(@.size() - 2)]', '.length()', '.min()', '.[\'a\']', '.', '..', ' ', '["a"]', '[]', '[?]', '$', '[:]', '.a b') },
);

/** Paths of all kinds, some of which nobody accepts. */
export const paths: fc.Arbitrary<string> = fc.array(step, { maxLength: 4 }).map((steps) => `$${steps.join('')}`);
