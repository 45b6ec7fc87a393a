import { BinaryOperator } from './syntax-tree';
import { TemplateError } from './template-error';
import { JavaValue, print, typeName } from './values';

/** Operators that evaluate both operands; comparison for equality and logic are elsewhere. */
export function calculate(operator: BinaryOperator, left: JavaValue, right: JavaValue): JavaValue {
  if (operator === '+' && (typeof left === 'string' || typeof right === 'string') && left !== null && right !== null) {
    return print(left, 'an operand of +') + print(right, 'an operand of +');
  }
  if (typeof left !== 'bigint' || typeof right !== 'bigint') {
    // Velocity logs the mistake and goes on as with null or false.
    throw new TemplateError(`${typeName(left)} ${operator} ${typeName(right)} is not implemented`);
  }
  switch (operator) {
    case '+': return left + right;
    case '-': return left - right;
    case '*': return left * right;
    case '/': return left / nonZero(right);
    case '%': return left % nonZero(right);
    case '<': return left < right;
    case '>': return left > right;
    case '<=': return left <= right;
    case '>=': return left >= right;
    default: throw new TemplateError(`operator ${operator} is not implemented`);
  }
}

function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new TemplateError('division by zero');
  return divisor;
}
