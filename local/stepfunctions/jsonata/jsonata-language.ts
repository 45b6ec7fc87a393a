import { Bindings } from './dialect';
import { QueryProblem } from './evaluation';
import { JsonataQueries } from './queries';
import { expressionIn } from './template';
import { JsonObject, JsonValue } from '../../json';
import { Assigning, Catcher, ChoiceRule, DataFlow, FailState, MapState, Numbers, Outputs, Results, WaitState } from '../interpreter/definition';
import { EvaluationFailure } from '../interpreter/failure';
import { Exit, Language, Producing, VisitedState } from '../interpreter/languages/language';
import { MAX_SECONDS, parseTimestamp } from '../interpreter/timestamp';
import { Transition } from '../interpreter/transition';

/** What an expression sees beside the input and the context object, as members of `$states`. */
type Seen = { readonly result?: JsonValue; readonly errorOutput?: JsonObject };

/**
 * What a number may be at least and at most, by field; others are not negative. Source: developer guide, the page of each state. In which words
 * AWS refuses them is not documented.
 */
const limits: Readonly<Record<string, readonly [number, number]>> = {
  TimeoutSeconds: [1, MAX_SECONDS],
  HeartbeatSeconds: [1, MAX_SECONDS],
  Seconds: [0, MAX_SECONDS],
  ToleratedFailurePercentage: [0, 100],
};

/** What one execution evaluates expressions with. */
export interface JsonataMeans {
  readonly queries: JsonataQueries;
  /** See `dialect`. */
  readonly functions: Bindings;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** JSONata: `Arguments`, `Output`, and an expression in almost every field. */
export class JsonataLanguage implements Language {
  constructor(private readonly visit: VisitedState, private readonly means: JsonataMeans) {}

  async arguments({ Arguments: template }: Results, extra?: JsonObject): Promise<JsonValue> {
    return template === undefined ? this.visit.input : this.fill(template, 'Arguments', extra);
  }

  async fill(template: JsonValue, place: string, extra?: JsonObject): Promise<JsonValue> {
    return this.filled(template, place, {}, extra);
  }

  async number<Field extends string>(holder: Numbers<Field>, field: Field, place: string = '', kind: string = 'integer'): Promise<number | undefined> {
    const given: number | string | undefined = holder[field];
    if (given === undefined || typeof given === 'number') return given;
    const value = await this.fill(given, place + field);
    if (typeof value !== 'number') throw this.unexpected(given, place + field, 'number', value);
    if (kind === 'integer' && !Number.isInteger(value)) throw this.unexpected(given, place + field, 'integer', value);
    const [least, most] = limits[field] ?? [0, Infinity];
    if (value < least) throw this.failed(place + field, `The ${field} field must be at least ${least}: ${value}`, 'after');
    if (value > most) throw this.failed(place + field, `The ${field} field must be at most ${most}: ${value}`, 'after');
    return value;
  }

  async text(state: FailState, field: 'Error' | 'Cause'): Promise<string | undefined> {
    const given = state[field];
    if (given === undefined) return undefined;
    const value = await this.fill(given, field);
    if (typeof value !== 'string') throw this.unexpected(given, field, 'string', value);
    return value;
  }

  async endOfWait(state: WaitState): Promise<number> {
    if (state.Timestamp !== undefined) return this.timestamp(state.Timestamp);
    return this.visit.entered.time + 1000 * (await this.number(state, 'Seconds') ?? 0);
  }

  async holds({ Condition: given = false }: ChoiceRule, place: string): Promise<boolean> {
    const value = await this.fill(given, `${place}Condition`);
    if (typeof value !== 'boolean') throw this.unexpected(given, `${place}Condition`, 'boolean', value);
    return value;
  }

  async items({ Items: given }: MapState): Promise<readonly JsonValue[]> {
    const items = given === undefined ? this.visit.input : await this.fill(given, 'Items');
    if (Array.isArray(items)) return items;
    if (given === undefined) throw this.failed('Items', `Map state input must be an array but was: ${typeName(items)}`);
    throw this.unexpected(given, 'Items', 'array', items);
  }

  async leave(state: DataFlow & Outputs & Assigning, next: string | undefined, exit: Exit = { from: state, place: '' }): Promise<Transition> {
    return this.left(exit.from, exit.place, this.visit.input, {}, next);
  }

  async leaveWith(state: Producing, result: JsonValue): Promise<Transition> {
    // A Pass does no work, so it has no result.
    return this.left(state, '', result, this.visit.state.Type === 'Pass' ? {} : { result }, state.Next);
  }

  async leaveBy(catcher: Catcher, failure: JsonObject, place: string): Promise<Transition> {
    return this.left(catcher, place, failure, { errorOutput: failure }, catcher.Next);
  }

  /** Without `Output`, the state answers `otherwise`. */
  private async left(
    { Assign, Output }: Assigning & Outputs, place: string, otherwise: JsonValue, seen: Seen, next: string | undefined,
  ): Promise<Transition> {
    const assigned = Assign === undefined ? undefined : await this.assigned(Assign, `${place}Assign`, seen);
    const output = Output === undefined ? otherwise : await this.filled(Output, `${place}Output`, seen);
    return { output, assigned, next };
  }

  /** All values see the variables as they were before. */
  private async assigned(template: JsonObject, place: string, seen: Seen): Promise<JsonObject> {
    const values: JsonObject = {};
    for (const [name, value] of Object.entries(template)) values[name] = await this.filled(value, `${place}/${name}`, seen);
    return values;
  }

  private async filled(template: JsonValue, place: string, seen: Seen, extra: JsonObject = {}): Promise<JsonValue> {
    return this.means.queries.templates.fill(template, place, async (expression, at) => this.evaluate(expression, at, seen, extra));
  }

  private async evaluate(expression: string, place: string, seen: Seen, extra: JsonObject): Promise<JsonValue> {
    const { visit, means: { queries, functions, now } } = this;
    const states: JsonObject = { input: visit.input, context: visit.context(extra), ...seen };
    try {
      return await queries.expressions.evaluate(expression, { states, functions, variable: (name) => visit.variable(name), now: now() });
    } catch (error) {
      if (!(error instanceof QueryProblem)) throw error;
      throw this.failed(place, `The JSONata expression '${expression}' specified for the field '${place}' ${error.message}`);
    }
  }

  private async timestamp(given: string): Promise<number> {
    const text = await this.fill(given, 'Timestamp');
    if (typeof text !== 'string') throw this.unexpected(given, 'Timestamp', 'string', text);
    const time = parseTimestamp(text);
    if (time !== undefined) return time;
    throw this.failed('Timestamp', `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`, 'after');
  }

  unexpected(given: JsonValue, place: string, expected: string, value: JsonValue): EvaluationFailure {
    const expression = typeof given === 'string' ? expressionIn(given) : undefined;
    return this.failed(
      place,
      `The JSONata expression '${expression ?? String(given)}' specified for the field '${place}' returned an unexpected result type. `
      + `Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
    );
  }

  /**
   * Records that a field has no usable value. On AWS the event stands beside the one that entered the state, as long as nothing else has happened
   * in it; it follows that one where the value is of the right type, but cannot be used.
   */
  private failed(location: string, problem: string, standing: 'beside' | 'after' = 'beside'): EvaluationFailure {
    const failure = new EvaluationFailure(`${this.visit.place} ${problem}`);
    this.visit.recordEvaluationFailure(failure, location, standing);
    return failure;
  }
}

/** As `$type` names it. */
function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
