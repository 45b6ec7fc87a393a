import { bracketStep, bracketText } from './bracket';
import { evaluate } from './evaluate';
import { FilterPath, parseFilter } from './filter';
import { Missing, PathSyntaxError } from './problems';
import { isDefinite, printSteps, Step } from './step';
import { isObject, JsonValue } from '../../json';

export { PathNotFound, PathSyntaxError } from './problems';

/**
 * JSONPath as Step Functions evaluates it: that of Jayway 2.0, whose messages are in the causes of AWS. A path that can only lead to one place
 * gives the value there or fails; any other gives the list of all matches, empty if there are none.
 */
export interface Path {
  readonly text: string;
  readonly steps: readonly Step[];
  /** Whether the path can only ever point to one place: names and single indexes. */
  readonly definite: boolean;
}

/** Parses the steps after the root: `.a['b'][0]`. `text` is only kept for messages. */
export function parsePath(text: string, rootLength: number): Path {
  const steps = parseSteps(text.slice(rootLength), text);
  return { text, steps, definite: steps.every(({ kind }) => kind === 'name' || kind === 'index') };
}

/** The value a definite path points to, or the list of matches. Throws `PathNotFound` for a definite path that leads nowhere. */
export function readPath({ steps, definite }: Path, root: JsonValue): JsonValue {
  return definite ? readPlain(steps, root) : read(steps, root, root);
}

function read(steps: readonly Step[], start: JsonValue, root: JsonValue): JsonValue {
  const found = evaluate(steps, start, root);
  if (!steps.every(isDefinite)) return found;
  if (found.length === 0) throw new Missing(`No results for path: $${printSteps(steps)}`);
  return found[0];
}

/** The same as `read` for names and single indexes, which most paths are made of. */
function readPlain(steps: readonly Step[], root: JsonValue): JsonValue {
  let value: JsonValue | undefined = root;
  for (const step of steps) {
    value = step.kind === 'name' && isObject(value) && Object.hasOwn(value, step.name) ? value[step.name]
      : step.kind === 'index' && Array.isArray(value) ? value[step.index]
        : undefined;
    // Says what is missing.
    if (value === undefined) return read(steps, root, root);
  }
  return value;
}

function parseSteps(rest: string, text: string): Step[] {
  const path = rest.replace(/[\0- ]+$/, '');
  if (path !== '' && !/^[.[]/.test(path)) return refuse(text, 'Invalid path');
  if (path.endsWith('.')) return refuse(text, 'A path can not end with a dot');
  const steps: Step[] = [];
  for (let at = 0; at < path.length;) {
    if (path.startsWith('..', at)) {
      steps.push({ kind: 'descend' });
      at += 2;
    } else if (path[at] === '.') {
      // A dot before a bracket means nothing.
      at++;
      const name = nameAt(path, at);
      if (name !== '') steps.push(name === '*' ? { kind: 'wildcard' } : nameStep(name, text));
      at += name.length;
    } else if (path[at] === '[') {
      const bracket = bracketText(path, at);
      steps.push(bracketStep(bracket, (filter) => parseFilter(filter, filterPath)));
      at += bracket.length;
    } else if (path[at] === '*') {
      steps.push({ kind: 'wildcard' });
      at++;
    } else {
      const name = nameAt(path, at);
      if (name === '') return refuse(text, 'Space not allowed in path');
      if (name.startsWith('$')) return refuse(text, 'A second root');
      steps.push(nameStep(name, text));
      at += name.length;
    }
  }
  return steps;
}

/** A name without quotes goes on to the next dot, bracket or space: `length()` is a name too. */
function nameAt(path: string, at: number): string {
  return /[^.[ ]*/y.exec(path.slice(at))?.[0] ?? '';
}

function nameStep(name: string, text: string): Step {
  return /['\]]/.test(name) ? refuse(text, `Invalid name ${name}`) : { kind: 'name', name };
}

function filterPath(text: string): FilterPath {
  const steps = parseSteps(text.slice(1), text);
  const atRoot = text.startsWith('$');
  return { definite: steps.every(isDefinite), read: (item, root) => read(steps, atRoot ? root : item, root) };
}

function refuse(text: string, problem: string): never {
  throw new PathSyntaxError(`${problem} in path '${text}'`);
}
