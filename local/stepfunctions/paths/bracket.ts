import { PathSyntaxError } from './problems';
import { Filter, Step } from './step';

/** Parses what stands between `(` and `)` of a filter; passed in because paths contain filters and filters contain paths. */
type ParseFilter = (text: string) => Filter;

/** The text from an opening bracket to its closing one. Like Jayway, it does not look whether a bracket stands in quotes. */
export function bracketText(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '[') depth++;
    if (text[at] === ']') depth--;
    if (depth === 0) return text.slice(start, at + 1);
  }
  return refuse(text.slice(start));
}

/** The step that a bracket stands for. */
export function bracketStep(bracket: string, parseFilter: ParseFilter): Step {
  if (bracket === '[*]') return { kind: 'wildcard' };
  const content = bracket.slice(1, -1).trim();
  if (content.startsWith('?')) return { kind: 'filter', filter: parseFilter(filterText(bracket)) };
  if (content.startsWith('\'')) return nameStep(content, bracket);
  return fromEndStep(content) ?? sliceStep(content) ?? indexStep(content) ?? refuse(bracket);
}

/** Names in single quotes; there are no escapes. */
function nameStep(content: string, bracket: string): Step {
  if (!/^'[^']*'(?:\s*,\s*'[^']*')*$/.test(content) || content.includes(']')) return refuse(bracket);
  const names = [...content.matchAll(/'([^']*)'/g)].map(([, name]) => name);
  return names.length === 1 ? { kind: 'name', name: names[0] } : { kind: 'names', names };
}

function fromEndStep(content: string): Step | undefined {
  const found = /^\(\s*@\.(?:length|size(?:\(\s*\))?)\s*(-\s*\d+)\s*\)$/.exec(content);
  return found === null ? undefined : { kind: 'fromEnd', offset: integer(found[1].replace(/\s/g, '')) };
}

function sliceStep(content: string): Step | undefined {
  const [, from = '', to = ''] = /^(-?\d+)? *: *(-?\d+)?$/.exec(content) ?? [];
  if (from === '' && to === '') return undefined;
  return { kind: 'slice', ...(from === '' ? {} : { from: integer(from) }), ...(to === '' ? {} : { to: integer(to) }) };
}

function indexStep(content: string): Step | undefined {
  if (!/^-?\d+(?: *, *-?\d+)*$/.test(content)) return undefined;
  const indexes = content.split(',').map((index) => integer(index.trim()));
  return indexes.length === 1 ? { kind: 'index', index: indexes[0] } : { kind: 'indexes', indexes };
}

/** A whole number of 32 bits. */
function integer(text: string): number {
  const value = Number(text);
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : refuse(text);
}

/** The inside of `[?(…)]`; its brackets must be balanced outside of quotes too. */
function filterText(bracket: string): string {
  let quoted = false;
  let [square, round] = [0, 0];
  for (const [at, character] of [...bracket].entries()) {
    if (character === '\'' && bracket[at - 1] !== '\\') quoted = !quoted;
    if (quoted) continue;
    if (character === '[') square++;
    if (character === ']') square--;
    if (character === '(') round++;
    if (character === ')') round--;
  }
  const inside = /^\[\s*\?\s*\(([^]*)\)\s*\]$/.exec(bracket)?.[1];
  return quoted || square !== 0 || round !== 0 || inside === undefined ? refuse(bracket) : inside;
}

function refuse(text: string): never {
  throw new PathSyntaxError(`Could not analyze path component: ${text}`);
}
