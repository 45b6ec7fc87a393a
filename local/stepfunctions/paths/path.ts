import { parseFilter } from './filter';
import { followStep, matchSteps, Step } from './match';
import { PathSyntaxError, Scanner } from './scanner';
import { isObject, JsonValue } from '../../json';

/**
 * JSONPath as Step Functions evaluates it: the Jayway dialect. A definite path (only names and single indexes) gives the one value or fails;
 * any other path gives the list of all matches, empty if there are none.
 */
export interface Path {
  readonly text: string;
  readonly steps: readonly Step[];
  /** Whether the path can only ever point to one place. */
  readonly definite: boolean;
}

/** A definite path that leads nowhere; the message is the one Jayway gives, as it appears in the causes of AWS. */
export class PathNotFound extends Error {}

/** Parses the steps after the root: `.a['b'][0]`. `text` is only kept for messages. */
export function parsePath(text: string, rootLength: number): Path {
  const scanner = new Scanner(text, rootLength);
  const steps = parseSteps(scanner);
  if (!scanner.atEnd) throw new PathSyntaxError(`unexpected '${scanner.rest()}' in path '${text}'`);
  return { text, steps, definite: steps.every((step) => step.kind === 'name' || step.kind === 'index') };
}

/** Parses as many steps as there are; what follows is left to the caller, since a filter goes on after its paths. */
function parseSteps(scanner: Scanner): Step[] {
  const steps: Step[] = [];
  for (;;) {
    if (scanner.take('..')) {
      steps.push({ kind: 'descend' });
      if (!scanner.peek('[')) steps.push(dotStep(scanner));
    } else if (scanner.take('.')) {
      steps.push(dotStep(scanner));
    } else if (scanner.take('[')) {
      steps.push(bracketStep(scanner));
    } else {
      return steps;
    }
  }
}

function dotStep(scanner: Scanner): Step {
  if (scanner.take('*')) return { kind: 'wildcard' };
  const name = scanner.match(/[^\s.[\](){},|&=<>!'"@$*]+/y);
  if (name === undefined) throw new PathSyntaxError(`expected a name at '${scanner.rest()}' in path '${scanner.text}'`);
  // No PathSyntaxError: whether AWS takes such functions is documented nowhere.
  if (scanner.peek('(')) throw new Error(`the local cloud does not implement the JSONPath function ${name}() in '${scanner.text}'`);
  return { kind: 'name', name };
}

function bracketStep(scanner: Scanner): Step {
  const step = bracketContent(scanner);
  scanner.skipSpace();
  if (!scanner.take(']')) throw new PathSyntaxError(`expected ']' at '${scanner.rest()}' in path '${scanner.text}'`);
  return step;
}

function bracketContent(scanner: Scanner): Step {
  scanner.skipSpace();
  if (scanner.take('*')) return { kind: 'wildcard' };
  if (scanner.take('?')) return { kind: 'filter', filter: parseFilter(scanner, parseSteps) };
  if (scanner.peek('\'') || scanner.peek('"')) {
    const names = scanner.list(() => scanner.quoted());
    return names.length === 1 ? { kind: 'name', name: names[0] } : { kind: 'names', names };
  }
  const slice = scanner.match(/(-?\d+)?\s*:\s*(-?\d+)?/y);
  if (slice !== undefined) {
    const [from, to] = slice.split(':').map((bound) => (bound.trim() === '' ? undefined : Number(bound)));
    return { kind: 'slice', from, to };
  }
  const indexes = scanner.list(() => Number(scanner.match(/-?\d+/y) ?? NaN));
  if (indexes.some(Number.isNaN)) throw new PathSyntaxError(`expected an index, a name or a filter in brackets in path '${scanner.text}'`);
  return indexes.length === 1 ? { kind: 'index', index: indexes[0] } : { kind: 'indexes', indexes };
}

/** The value a definite path points to, or the list of matches. Throws `PathNotFound` for a definite path that leads nowhere. */
export function readPath(path: Path, root: JsonValue): JsonValue {
  return path.definite ? readDefinite(path, root) : matchSteps(path.steps, root, root);
}

function readDefinite(path: Path, root: JsonValue): JsonValue {
  let value = root;
  for (let at = 0; at < path.steps.length; at++) {
    const step = path.steps[at];
    const [found] = followStep(step, value, root);
    if (found === undefined) throw new PathNotFound(explainMissing(path, at, value));
    value = found;
  }
  return value;
}

function explainMissing(path: Path, at: number, value: JsonValue): string {
  const step = path.steps[at];
  if (step.kind === 'name' && !isObject(value)) {
    return `Expected to find an object with property ['${step.name}'] in path ${printSteps(path.steps.slice(0, at))} but found '${describe(value)}'`;
  }
  if (step.kind === 'name' && at < path.steps.length - 1) return `Missing property in path ${printSteps(path.steps.slice(0, at + 1))}`;
  return `No results for path: ${printSteps(path.steps)}`;
}

function printSteps(steps: readonly Step[]): string {
  return '$' + steps.map((step) => (step.kind === 'name' ? `['${step.name}']` : step.kind === 'index' ? `[${step.index}]` : '[*]')).join('');
}

function describe(value: JsonValue): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
