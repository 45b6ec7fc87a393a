import { isObject, JsonValue } from './json-value';
import { walkMembers } from './walk-members';

/** Each of the operators that compare, and what it is from the other side. */
const TURNED: ReadonlyMap<string, string> = new Map([['$gt', '$lt'], ['$gte', '$lte'], ['$lt', '$gt'], ['$lte', '$gte']]);

/** Something stored compared with a text, which may be a variable. */
export interface TextComparison {
  /** As it is seen from what is stored: `begin <= field` is `$gte`. */
  readonly operator: string;
  readonly text: string;
  /** Whether what is stored is computed first, as in `{ "$gte": [{ "$dateToString": … }, "2026-01-31"] }`. */
  readonly computed: boolean;
}

/** Where the filter says that something is greater or less than a text, within `$expr` also. */
export function findTextComparisons(filter: JsonValue): TextComparison[] {
  const found: TextComparison[] = [];
  walkMembers(filter, (operator, operand) => {
    const turned = TURNED.get(operator);
    if (turned === undefined) return;
    if (typeof operand === 'string') found.push({ operator, text: operand, computed: false });
    if (!Array.isArray(operand) || operand.length !== 2) return;
    const [left, right]: readonly JsonValue[] = operand;
    if (typeof right === 'string') found.push({ operator, text: right, computed: isObject(left) });
    if (typeof left === 'string') found.push({ operator: turned, text: left, computed: isObject(right) });
  });
  return found;
}
