import { isObject, JsonValue } from '../../json';
import { Awaitable } from '../interpreter/languages/language';

/** Evaluates one expression; `place` is where it stands in its state: `Arguments/Payload/items[0]`. */
export type Evaluate = (expression: string, place: string) => Promise<JsonValue>;

type Fill = (evaluate: Evaluate) => Awaitable<JsonValue>;

/** The expression in a text; undefined for any other text, which stands for itself. Nothing may be before `{%` and after `%}`, not even a space. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2).trim() : undefined;
}

/** Values with expressions in them; what it has looked through once it keeps. Parts without expressions are shared, not copied. */
export class Templates {
  private readonly compiled = new WeakMap<object, Fill>();

  fill(template: JsonValue, place: string, evaluate: Evaluate): Awaitable<JsonValue> {
    if (typeof template !== 'object' || template === null) return compile(template, place)(evaluate);
    let fill = this.compiled.get(template);
    if (fill === undefined) {
      fill = compile(template, place);
      this.compiled.set(template, fill);
    }
    return fill(evaluate);
  }
}

function compile(template: JsonValue, place: string): Fill {
  if (typeof template === 'string') {
    const expression = expressionIn(template);
    return expression === undefined ? () => template : (evaluate) => evaluate(expression, place);
  }
  if (isStatic(template)) return () => template;
  if (Array.isArray(template)) {
    const items = template.map((item, index) => compile(item, `${place}[${index}]`));
    return async (evaluate) => inTurn(items, (item) => item(evaluate));
  }
  const fields = Object.entries(isObject(template) ? template : {}).map(([name, value]) => [name, compile(value, `${place}/${name}`)] as const);
  return async (evaluate) => Object.fromEntries(await inTurn(fields, async ([name, field]) => [name, await field(evaluate)] as const));
}

/** One after another, so that the first one that fails is always the same. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Awaitable<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function isStatic(template: JsonValue): boolean {
  if (typeof template === 'string') return expressionIn(template) === undefined;
  return typeof template !== 'object' || template === null || Object.values(template).every(isStatic);
}
