import { ruleHolds } from './choice-rule';
import { Exit, Language, Producing, VisitedState } from './language';
import { printExactly } from '../../../exact-json';
import { JsonObject, JsonValue } from '../../../json';
import { parsePath } from '../../paths/path';
import { putAt, ReferencePathMismatch } from '../../paths/reference-path';
import { Assigning, Catcher, ChoiceRule, DataFlow, FailState, MapState, Numbers, Results, WaitState } from '../definition';
import { Data, Expressions } from '../expressions';
import { DataProblem, RuntimeProblem } from '../failure';
import { MAX_SECONDS, parseTimestamp } from '../timestamp';
import { Transition } from '../transition';

/** Numbers of seconds that cannot be zero. */
const positive: readonly string[] = ['TimeoutSeconds', 'HeartbeatSeconds'];

/** JSONPath: paths, payload templates, intrinsic functions. Nothing here takes time. */
export class JsonPathLanguage implements Language {
  constructor(private readonly visit: VisitedState, private readonly expressions: Expressions) {}

  arguments({ Parameters: template }: Results, extra?: JsonObject): JsonValue {
    const data = this.data(this.input(), extra);
    return template === undefined ? data.input : this.expressions.fill(template, data);
  }

  fill(template: JsonValue, _place: string, extra?: JsonObject): JsonValue {
    return this.expressions.fill(template, this.data(this.input(), extra));
  }

  number<Field extends string>(holder: Numbers<Field>, field: Field, _place?: string, kind: 'integer' | 'float' = 'integer'): number | undefined {
    const pathField = `${field}Path` as const;
    const paths: Partial<Record<`${Field}Path`, string>> = holder;
    const path: string | undefined = paths[pathField];
    if (path === undefined) return numberIn(holder[field]);
    const value = this.expressions.readField(path, this.data(this.input()));
    const number = numberFrom(value, kind);
    if (number === undefined || (positive.includes(field) && (number <= 0 || number > MAX_SECONDS))) {
      throw new RuntimeProblem(`The ${pathField} field refers to value "${printExactly(value)}" which is not a valid ${kind}: ${path}`);
    }
    return number;
  }

  unexpected(_given: JsonValue, place: string, expected: string, value: JsonValue): Error {
    return new RuntimeProblem(`The value of ${place} must be of type ${expected}, got ${printExactly(value)}`);
  }

  text(state: FailState, field: 'Error' | 'Cause'): string | undefined {
    const expression = state[`${field}Path`];
    if (expression === undefined) return state[field];
    return printExactly(this.expressions.evaluate(expression, `${field}Path`, this.data(this.visit.input)));
  }

  endOfWait({ Timestamp: given, TimestampPath: path, Seconds: seconds, SecondsPath: secondsPath }: WaitState): number {
    const data = this.data(this.input());
    if (given !== undefined) return timestamp(given, `The Timestamp parameter is not valid: ${given}`);
    if (path !== undefined) {
      const value = printExactly(this.readTime('TimestampPath', path, data));
      const expected = 'a valid ISO-8601 extended offset date-time format string';
      return timestamp(value, `The TimestampPath parameter does not reference ${expected}: ${path} == ${value}`);
    }
    return this.visit.entered.time + 1000 * (secondsPath === undefined ? (numberIn(seconds) ?? 0) : this.seconds(secondsPath, data));
  }

  holds(rule: ChoiceRule): boolean {
    return ruleHolds(rule, this.data(this.input()), this.expressions);
  }

  items({ ItemsPath: path = '$' }: MapState): readonly JsonValue[] {
    const items = this.expressions.readField(path, this.data(this.input()));
    if (!Array.isArray(items)) throw new RuntimeProblem(`Reference path "${path}" must point to array.`);
    return items;
  }

  leave(state: DataFlow & Assigning, next: string | undefined, exit?: Exit): Transition {
    const input = this.input();
    return { output: this.select(state.OutputPath, input), assigned: this.assigned(exit?.from ?? state, this.data(input)), next };
  }

  /** ResultSelector, ResultPath, OutputPath and Assign, whose `$` is the result itself. */
  leaveWith(state: Producing, result: JsonValue): Transition {
    const data = this.data(result);
    const selected = state.ResultSelector === undefined ? result : this.expressions.fill(state.ResultSelector, data);
    const output = this.select(state.OutputPath, this.combine(state.ResultPath, selected));
    return { output, assigned: this.assigned(state, data), next: state.Next };
  }

  /** Neither ResultSelector nor OutputPath applies to what a Catch hands on. */
  leaveBy(catcher: Catcher, failure: JsonObject): Transition {
    return { output: this.combine(catcher.ResultPath, failure), assigned: this.assigned(catcher, this.data(failure)), next: catcher.Next };
  }

  /** The input after InputPath, which a Fail state does not have. */
  private input(): JsonValue {
    const { state, input } = this.visit;
    return this.select(state.Type === 'Fail' ? undefined : state.InputPath, input);
  }

  /** What paths see when `$` is the given value. */
  private data(input: JsonValue, extra: JsonObject = {}): Data {
    return { input, context: () => this.visit.context(extra), variable: (name) => this.visit.variable(name) };
  }

  /** A value after a path such as OutputPath; null stands for the empty object. */
  private select(path: string | null | undefined, value: JsonValue): JsonValue {
    if (path === undefined || path === '$') return value;
    return path === null ? {} : this.expressions.readField(path, this.data(value));
  }

  /** The raw input with a result put where ResultPath says. */
  private combine(path: string | null | undefined, result: JsonValue): JsonValue {
    if (path === undefined || path === '$') return result;
    if (path === null) return this.visit.input;
    try {
      return putAt(parsePath(path, 1), this.visit.input, result);
    } catch (error) {
      if (error instanceof ReferencePathMismatch) throw new DataProblem('States.ResultPathMatchFailure', error.message);
      throw error;
    }
  }

  /** The variables of an Assign, computed with the values they had before. */
  private assigned({ Assign: template }: Assigning, data: Data): JsonObject | undefined {
    if (template === undefined) return undefined;
    return Object.fromEntries(Object.entries(template).map(([name, value]) => this.assignment(name, value, data)));
  }

  private assignment(name: string, value: JsonValue, data: Data): readonly [string, JsonValue] {
    if (!name.endsWith('.$')) return [name, this.expressions.fill(value, data)];
    return [name.slice(0, -2), this.expressions.evaluate(String(value), name, data)];
  }

  /** A path that leads nowhere has words of its own here. */
  private readTime(field: string, path: string, data: Data): JsonValue {
    try {
      return this.expressions.readField(path, data);
    } catch (error) {
      if (!(error instanceof RuntimeProblem)) throw error;
      throw new RuntimeProblem(`The ${field} parameter does not reference an input value: ${path}`);
    }
  }

  private seconds(path: string, data: Data): number {
    const value = this.readTime('SecondsPath', path, data);
    const seconds = numberFrom(value, 'integer');
    const problem = seconds === undefined ? 'cannot be parsed as a long value' : seconds < 0 ? 'references a negative value' : 'references a value that is too large';
    if (seconds === undefined || seconds < 0 || seconds > MAX_SECONDS) {
      throw new RuntimeProblem(`The SecondsPath parameter ${problem}: ${path} == ${printExactly(value)}`);
    }
    return seconds;
  }
}

/** A number, or a text that is one: AWS takes both where a path leads to them. */
function numberFrom(value: JsonValue, kind: 'integer' | 'float'): number | undefined {
  const pattern = kind === 'integer' ? /^[+-]?\d+$/ : /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
  const number = typeof value === 'string' && pattern.test(value) ? Number(value) : value;
  return typeof number === 'number' && (kind === 'float' || Number.isInteger(number)) ? number : undefined;
}

/** In JSONPath, a field that holds a number is never a text. */
function numberIn(value: number | string | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function timestamp(text: string, problem: string): number {
  const time = parseTimestamp(text);
  if (time === undefined) throw new RuntimeProblem(problem);
  return time;
}
