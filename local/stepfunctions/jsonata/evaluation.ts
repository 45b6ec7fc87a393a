import jsonata, { Expression } from 'jsonata';
import { Bindings } from './dialect';
import { EvaluationError } from './evaluation-error';
import { Budget, ENTRY, EXIT, MAX_STEPS, Surroundings } from './limits';
import { PlainJson } from './plain-json';
import { InexactNumber } from '../../exact-json';
import { JsonObject, JsonValue } from '../../json';

/** What an expression sees. */
export interface Scope {
  /** `$states`. */
  readonly states: JsonObject;
  /** The functions of AWS' dialect; see `dialect`. */
  readonly functions: Bindings;
  /** A workflow variable; undefined where it has no value. */
  readonly variable: (name: string) => JsonValue | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Why an expression has no value; the message is the end of AWS' sentence about it, which begins with the expression and its field. */
export class QueryProblem extends Error {}

interface Compiled {
  readonly expression: Expression;
  /** Names that could be those of variables; some may stand in a text or be names of functions. */
  readonly names: readonly string[];
}

/** No name that an expression can write. */
const BUDGET = 'the budget';

/** Evaluates JSONata; what it has compiled once it keeps, so that all executions of a state machine should share one. */
export class JsonataExpressions {
  private readonly compiled = new Map<string, Compiled>();
  private readonly plainJson = new PlainJson();

  /** `maxSteps`: parts of an expression that one evaluation may evaluate. */
  constructor(private readonly maxSteps: number = MAX_STEPS) {}

  /** The value of an expression, without `{%` and `%}`. Throws `QueryProblem`, and `InexactNumber`. */
  async evaluate(source: string, scope: Scope): Promise<JsonValue> {
    const result = await this.run(source, scope);
    if (result === undefined) throw new QueryProblem('returned nothing (undefined).');
    const value = this.plainJson.of(result);
    if (value === undefined) throw new QueryProblem('returned an unsupported result type.');
    return value;
  }

  private async run(source: string, { states, functions, variable, now }: Scope): Promise<unknown> {
    try {
      const { expression, names } = this.compile(source);
      const bindings: Record<string, unknown> = { ...functions, states, [BUDGET]: new Budget(now, this.maxSteps) };
      for (const name of names) {
        const value = variable(name);
        if (value !== undefined && name !== 'states') bindings[name] = value;
      }
      return await expression.evaluate(undefined, bindings);
    } catch (thrown) {
      if (thrown instanceof InexactNumber) throw thrown;
      throw new QueryProblem(`threw an error during evaluation${explain(thrown)}`);
    }
  }

  private compile(source: string): Compiled {
    const known = this.compiled.get(source);
    if (known !== undefined) return known;
    const expression = jsonata(source);
    callBack(expression, ENTRY, (surroundings) => budgetOf(surroundings)?.enter(surroundings));
    callBack(expression, EXIT, (surroundings, result) => budgetOf(surroundings)?.leave(surroundings, result));
    const names = [...source.matchAll(/\$([\p{ID_Start}_][\p{ID_Continue}]*)/gu)].map(([, name]) => name);
    const compiled = { expression, names: [...new Set(names)] };
    this.compiled.set(source, compiled);
    return compiled;
  }
}

/** The package takes symbols here, but its types do not know. */
function callBack(expression: Expression, name: symbol, callback: (surroundings: Surroundings, result: unknown) => void): void {
  const adapted = (_expression: unknown, _input: unknown, surroundings: Surroundings, result: unknown) => callback(surroundings, result);
  Reflect.apply(expression.assign, expression, [name, adapted]);
}

function budgetOf(surroundings: Surroundings): Budget | undefined {
  const budget = surroundings.lookup(BUDGET);
  return budget instanceof Budget ? budget : undefined;
}

/** A code stands before its message, as on AWS; limits and errors of the package itself have none. */
function explain(thrown: unknown): string {
  const { code, text } = thrown instanceof EvaluationError ? thrown : { code: textOf(thrown, 'code'), text: textOf(thrown, 'message') ?? String(thrown) };
  return code === undefined ? `: ${text}` : `. ${code}: ${text}`;
}

function textOf(thrown: unknown, member: string): string | undefined {
  const value: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, member) : undefined;
  return typeof value === 'string' ? value : undefined;
}
