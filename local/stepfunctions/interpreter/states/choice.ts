import { JsonValue } from '../../../json';
import { PathNotFound } from '../../paths/path';
import { choiceOperators } from '../choice-operators';
import { ChoiceExpression, ChoiceState } from '../definition';
import { Data } from '../expressions';
import { RuntimeProblem, StateFailure } from '../failure';
import { Run } from '../run';
import { Transition, Visit } from '../visit';

/** Choice: the first rule that holds decides, else the default. */
export function runChoice(visit: Visit<ChoiceState>): Transition {
  const { state, run } = visit;
  const input = visit.selectInput(state);
  const data = visit.data(input);
  const rule = state.Choices.find((candidate) => holds(candidate, data, run));
  const next = rule?.Next ?? state.Default;
  if (next === undefined) {
    const cause = `${visit.place} Failed to transition out of the state. The state does not point to a next state.`;
    throw new StateFailure('States.NoChoiceMatched', cause);
  }
  // The Assign of the state itself belongs to the default.
  return { output: visit.select(state.OutputPath, input), assigned: visit.assigned(rule ?? state, data), next };
}

function holds(expression: ChoiceExpression, data: Data, run: Run): boolean {
  if (expression.And !== undefined) return expression.And.every((part) => holds(part, data, run));
  if (expression.Or !== undefined) return expression.Or.some((part) => holds(part, data, run));
  if (expression.Not !== undefined) return !holds(expression.Not, data, run);
  return compare(expression, data, run);
}

function compare(expression: ChoiceExpression, data: Data, run: Run): boolean {
  const variable = expression.Variable ?? '$';
  if (expression.IsPresent !== undefined) return isPresent(variable, data, run) === expression.IsPresent;
  for (const [field, value] of Object.entries(expression)) {
    // Operators compare with plain values only.
    if (value === undefined || typeof value === 'object') continue;
    const operator = choiceOperators.get(field);
    if (operator !== undefined) return operator(read(variable, data, run), value);
    const pathOperator = field.endsWith('Path') ? choiceOperators.get(field.slice(0, -'Path'.length)) : undefined;
    if (pathOperator !== undefined) return pathOperator(read(variable, data, run), read(String(value), data, run));
  }
  throw new RuntimeProblem(`The local cloud does not implement the choice rule ${JSON.stringify(expression)}`);
}

function read(path: string, data: Data, run: Run): JsonValue {
  try {
    return run.expressions.read(path, data);
  } catch (error) {
    if (error instanceof PathNotFound) throw new RuntimeProblem(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
    throw error;
  }
}

function isPresent(path: string, data: Data, run: Run): boolean {
  try {
    run.expressions.read(path, data);
    return true;
  } catch (error) {
    if (error instanceof PathNotFound) return false;
    throw error;
  }
}
