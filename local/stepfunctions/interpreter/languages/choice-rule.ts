import { JsonValue } from '../../../json';
import { PathNotFound } from '../../paths/path';
import { choiceOperators } from '../choice-operators';
import { ChoiceExpression } from '../definition';
import { Data, Expressions } from '../expressions';
import { RuntimeProblem } from '../failure';

/** Whether a rule of a Choice, or a part of one, holds in JSONPath. */
export function ruleHolds(expression: ChoiceExpression, data: Data, expressions: Expressions): boolean {
  if (expression.And !== undefined) return expression.And.every((part) => ruleHolds(part, data, expressions));
  if (expression.Or !== undefined) return expression.Or.some((part) => ruleHolds(part, data, expressions));
  if (expression.Not !== undefined) return !ruleHolds(expression.Not, data, expressions);
  return compare(expression, data, expressions);
}

function compare(expression: ChoiceExpression, data: Data, expressions: Expressions): boolean {
  const variable = expression.Variable ?? '$';
  if (expression.IsPresent !== undefined) return isPresent(variable, data, expressions) === expression.IsPresent;
  for (const [field, value] of Object.entries(expression)) {
    // Operators compare with plain values only.
    if (value === undefined || typeof value === 'object') continue;
    const operator = choiceOperators.get(field);
    if (operator !== undefined) return operator(read(variable, data, expressions), value);
    const pathOperator = field.endsWith('Path') ? choiceOperators.get(field.slice(0, -'Path'.length)) : undefined;
    if (pathOperator !== undefined) return pathOperator(read(variable, data, expressions), read(String(value), data, expressions));
  }
  throw new Error(`an accepted Choice has the rule ${JSON.stringify(expression)}`);
}

function read(path: string, data: Data, expressions: Expressions): JsonValue {
  try {
    return expressions.read(path, data);
  } catch (error) {
    if (error instanceof PathNotFound) throw new RuntimeProblem(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
    throw error;
  }
}

function isPresent(path: string, data: Data, expressions: Expressions): boolean {
  try {
    expressions.read(path, data);
    return true;
  } catch (error) {
    if (error instanceof PathNotFound) return false;
    throw error;
  }
}
