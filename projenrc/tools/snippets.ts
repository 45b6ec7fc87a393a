/** The snippets that users copy, those of the README and of the docstrings, as programs that can be run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository';

export interface Snippet {
  /** Where it stands: file and line. */
  readonly name: string;
  readonly text: string;
  /** The fixture that stands around it when it is compiled. */
  readonly fixture: string;
}

/** What a snippet declares without a value. */
export interface Declared {
  readonly name: string;
  readonly type: string;
}

/** All TypeScript blocks of a file in Markdown. */
export function markdownSnippets(file: string): Snippet[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(/^```ts(?: fixture=(\S+))?\n(.*?)^```$/gms)].map(({ index, 1: fixture = 'default', 2: snippet }) => (
    { name: `${file}:${lineAt(text, index)}`, text: snippet, fixture }));
}

/** All `@example`s of the docstrings below a folder. */
export function docstringSnippets(folder: string): Snippet[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).sort();
  return files.flatMap((file) => {
    const text = readFileSync(join(ROOT, folder, file), 'utf8');
    return [...text.matchAll(/^ *\* @example\n(.*?)(?=^ *\* @|^ *\*\/)/gms)].map(({ index, 1: block }) => (
      { name: `${join(folder, file)}:${lineAt(text, index)}`, text: block.replace(/^ *\* ?/gm, ''), fixture: 'default' }));
  });
}

export function declarationsOf({ text }: Snippet): Declared[] {
  return [...text.matchAll(/^declare const (\w+): ([\w.]+);$/gm)].map(([, name, type]) => ({ name, type }));
}

/**
 * The snippet within its fixture, whose class is then a stack.
 *
 * @param valueOf an expression for what the snippet only declares; `this` is the stack
 */
export function snippetProgram(snippet: Snippet, valueOf: (declared: Declared) => string): string {
  const fixture = readFileSync(join(ROOT, 'rosetta', `${snippet.fixture}.ts-fixture`), 'utf8');
  const lines = snippet.text.split('\n').filter((line) => !line.startsWith('declare '));
  const [imports, statements] = [true, false].map((wanted) => lines.filter((line) => line.startsWith('import ') === wanted).join('\n'));
  const values = declarationsOf(snippet).map((declared) => `const ${declared.name}: ${declared.type} = ${valueOf(declared)};\n`).join('');
  return `${imports}\n${fixture.replace('/// here', () => `${values}${statements}`)}`;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
