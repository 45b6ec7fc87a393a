import { Condition, Expression, Operand, ParsedRequest, UpdateValue } from 'dynalite/db';
import { typeOf } from './attribute-value';
import { isCall, isPath } from './conditions';
import { hasArguments } from './update-sections';
import { ServiceError } from '../aws/service';
import { JsonObject } from '../json';

const EXPRESSIONS = ['UpdateExpression', 'ConditionExpression', 'FilterExpression', 'KeyConditionExpression', 'ProjectionExpression'];

/** Types of values that have an order. */
const ORDERED: readonly string[] = ['S', 'N', 'B'];

/**
 * Refuses as DynamoDB does what the engine's parser lets through. Source: the tests of ScyllaDB Alternator, which also run against DynamoDB
 * (github.com/scylladb/scylladb, test/alternator).
 */
export function assertExpressions(given: JsonObject, { _condition: condition, _filter: filter, _updates: updates }: ParsedRequest): void {
  for (const name of EXPRESSIONS) {
    const text = given[name];
    // In a name without `#`, a letter comes first.
    if (typeof text === 'string' && /(^|[^\w#:])_/.test(text)) throw invalid(name, 'Syntax error; token: "_"');
  }
  assertComparisons('ConditionExpression', condition);
  assertComparisons('FilterExpression', filter);
  for (const { val } of updates?.sections ?? []) if (val !== undefined) assertCalls(val);
}

function assertComparisons(name: string, condition: Condition | undefined): void {
  if (condition !== undefined) assertOperands(name, condition.expression);
}

function assertOperands(name: string, expression: Expression): void {
  switch (expression.type) {
    case 'and':
    case 'or':
    case 'not': return expression.args.forEach((part) => assertOperands(name, part));
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'between': {
      const wrong = expression.args.map(literalType).find((type) => type !== undefined && !ORDERED.includes(type));
      if (wrong === undefined) return undefined;
      const operator = expression.type.toUpperCase();
      throw invalid(name, `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${wrong}`);
    }
    default: return undefined;
  }
}

/** The type of a value that stands in the request; what an item holds only makes a condition false. */
function literalType(operand: Operand): string | undefined {
  return isPath(operand) || isCall(operand) ? undefined : typeOf(operand);
}

function assertCalls(value: UpdateValue): void {
  if (isPath(value) || !hasArguments(value)) return;
  for (const argument of value.args) {
    if (!isPath(argument) && hasArguments(argument) && argument.name === 'list_append') {
      throw invalid('UpdateExpression', 'The function is not allowed to be used this way in an expression; function: list_append');
    }
    assertCalls(argument);
  }
}

function invalid(name: string, problem: string): ServiceError {
  return new ServiceError('ValidationException', `Invalid ${name}: ${problem}`);
}
