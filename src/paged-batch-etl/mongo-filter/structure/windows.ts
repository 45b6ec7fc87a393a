import { isObject, JsonValue } from './json-value';
import { VARIABLE } from './variables';

/** Two variables between which every document has a field. */
export interface VariableWindow {
  readonly begin: string;
  readonly end: string;
  /** Whether a value can be at both ends at once: `$gte` the begin and `$lte` the end. */
  readonly closed: boolean;
}

interface Bound {
  readonly field: string;
  readonly name: string;
  /** Whether the value itself is within. */
  readonly inclusive: boolean;
}

interface Bounds {
  readonly lower: Bound[];
  readonly upper: Bound[];
}

/** The windows that hold for all documents under the filter: those in alternatives (`$or`) or in `$expr` are left out. */
export function findWindows(filter: JsonValue): VariableWindow[] {
  const bounds: Bounds = { lower: [], upper: [] };
  collectBounds(filter, bounds);
  return bounds.lower.flatMap((begin) => bounds.upper.filter(({ field }) => field === begin.field).map((end) => (
    { begin: begin.name, end: end.name, closed: begin.inclusive && end.inclusive })));
}

function collectBounds(filter: JsonValue, bounds: Bounds): void {
  if (!isObject(filter)) return;
  for (const [field, condition] of Object.entries(filter)) {
    if (field === '$and' && Array.isArray(condition)) for (const part of condition) collectBounds(part, bounds);
    if (field.startsWith('$') || !isObject(condition)) continue;
    for (const [operator, operand] of Object.entries(condition)) {
      const name = typeof operand === 'string' ? VARIABLE.exec(operand)?.[1] : undefined;
      if (name === undefined) continue;
      const bound = { field, name, inclusive: operator.endsWith('e') };
      if (operator === '$gt' || operator === '$gte') bounds.lower.push(bound);
      if (operator === '$lt' || operator === '$lte') bounds.upper.push(bound);
    }
  }
}
