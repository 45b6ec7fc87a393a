import { Item, Path, Updates, UpdateSection, UpdateValue } from 'dynalite/db';
import { valueAt } from './attribute-value';
import { isPath } from './conditions';

/**
 * The parts of an update expression as the engine has to get them. DynamoDB looks at the item as it was before; the engine changes it part by part:
 * what it copies would change with the original, and an element that is removed would move those behind it.
 */
export function independentSections(sections: readonly UpdateSection[], before: Item): readonly UpdateSection[] {
  const isElement = ({ type, path }: UpdateSection) => type === 'remove' && typeof path.at(-1) === 'number';
  const copied = sections.map((section) => (section.type === 'set' && section.val !== undefined ? { ...section, val: copyOf(section.val, before) } : section));
  return [
    ...copied.filter((section) => !isElement(section)),
    ...copied.filter(isElement).sort((left, right) => comparePaths(right.path, left.path)),
  ];
}

/** Whether an update makes nothing of an item that is not there. Without any expression, DynamoDB makes one that has its key only. */
export function onlyRemoves(updates: Updates | undefined): boolean {
  return updates !== undefined && updates.sections.every(({ type }) => type === 'remove' || type === 'delete');
}

/** The value with copies of what it takes from the item; what the item does not have stays a path, for the engine to refuse. */
function copyOf(value: UpdateValue, before: Item): UpdateValue {
  if (isPath(value)) return structuredClone(valueAt(value, before)) ?? value;
  if (!hasArguments(value)) return value;
  if (value.name !== 'if_not_exists') return { ...value, args: value.args.map((argument) => copyOf(argument, before)) };
  const [path, otherwise] = value.args;
  return (isPath(path) ? structuredClone(valueAt(path, before)) : undefined) ?? copyOf(otherwise, before);
}

export function hasArguments(value: Exclude<UpdateValue, Path>): value is Extract<UpdateValue, { readonly args: readonly UpdateValue[] }> {
  return Array.isArray(value.args);
}

/** Elements of one list in the order of their indexes. */
function comparePaths(left: Path, right: Path): number {
  const at = left.findIndex((piece, index) => piece !== right[index]);
  const [one, other] = [left[at], right[at]];
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : 1;
}
