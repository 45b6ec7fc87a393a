import ts from 'typescript';

/** What a program may ask for by its name. */
export type Load = (module: string) => unknown;

/** Runs the text of a TypeScript file, whose types nobody checks, with further names. */
export function runProgram(text: string, load: Load, names: Readonly<Record<string, unknown>>): void {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(text, { compilerOptions });
  new Function('require', 'exports', ...Object.keys(names), outputText)(load, {}, ...Object.values(names));
}
