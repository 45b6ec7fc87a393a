/** The snippets that users copy: those of the README and of the docstrings, and the example apps, as programs that a test can run. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

export const ROOT = join(__dirname, '../..');

export interface Snippet {
  /** Where it stands: file and line. */
  readonly name: string;
  readonly text: string;
  /** The fixture that stands around it when it is compiled. */
  readonly fixture: string;
}

/** What a program may ask for by its name. */
export type Load = (module: string) => unknown;

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

/** Names that a snippet declares without a value, with their types. */
export function declarationsOf({ text }: Snippet): [name: string, type: string][] {
  return [...text.matchAll(/^declare const (\w+): ([\w.]+);$/gm)].map(([, name, type]) => [name, type]);
}

/**
 * Runs a snippet as the constructor of the stack that its fixture has around it.
 *
 * @param values what the snippet only declares, by name; made when the stack is there
 */
export function runSnippet<S>(snippet: Snippet, load: Load, scope: unknown, values: (stack: S) => Readonly<Record<string, unknown>>): void {
  const fixture = readFileSync(join(ROOT, 'rosetta', `${snippet.fixture}.ts-fixture`), 'utf8');
  const [imports, statements] = [true, false].map((wanted) => (
    snippet.text.split('\n').filter((line) => line.startsWith('import ') === wanted && !line.startsWith('declare ')).join('\n')));
  const names = declarationsOf(snippet).map(([name]) => name);
  const text = `${imports}\n${fixture.replace('/// here', () => `const { ${names.join(', ')} } = __values(this);\n${statements}`)}\nnew SnippetStack(__scope, 'Ours');`;
  runProgram(text, load, { __scope: scope, __values: values });
}

/** Runs the app of an example. */
export function runExample(file: string, load: Load): void {
  runProgram(readFileSync(join(ROOT, file), 'utf8'), load, { __dirname: dirname(join(ROOT, file)) });
}

function runProgram(text: string, load: Load, globals: Readonly<Record<string, unknown>>): void {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  new Function('require', 'exports', ...Object.keys(globals), outputText)(load, {}, ...Object.values(globals));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
