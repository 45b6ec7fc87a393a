import { TemplateError } from './template-error';
import { JavaList, JavaValue } from './values';

const STEP = /\.([a-zA-Z_][a-zA-Z0-9_-]*)|\['([^'\\\]]+)'\]|\[([0-9]+)\]/y;

/**
 * The value at a JSONPath of plain member and position steps; null where there is none. Wildcards, filters, functions and everything else
 * are refused.
 */
export function readPath(root: JavaValue, path: string): JavaValue {
  return parsePath(path).reduce(child, root);
}

function parsePath(path: string): Array<string | number> {
  const steps: Array<string | number> = [];
  let position = path.startsWith('$') ? 1 : refuse(path);
  while (position < path.length) {
    STEP.lastIndex = position;
    const match = STEP.exec(path) ?? refuse(path);
    position += match[0].length;
    steps.push(match[3] === undefined ? match[1] ?? match[2] : Number(match[3]));
  }
  return steps;
}

function child(parent: JavaValue, step: string | number): JavaValue {
  if (typeof step === 'string') return parent instanceof Map ? parent.get(step) ?? null : null;
  return parent instanceof JavaList ? parent.items[step] ?? null : null;
}

function refuse(path: string): never {
  throw new TemplateError(`JSONPath ${JSON.stringify(path)}: only $, .name, ['name'] and [0] are implemented`);
}
