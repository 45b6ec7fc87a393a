/** Compiles snippets as their readers would: each within its fixture, all in one program, against the sources of the package. */
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../projenrc/tools/repository';
import { Snippet, snippetProgram } from '../../projenrc/tools/snippets';

/** What is wrong with the types of snippets: a line for each fault, which names the snippet. */
export function compileSnippets(snippets: readonly Snippet[]): string[] {
  // Not every snippet uses all that its fixture imports and declares.
  const options: ts.CompilerOptions = {
    ...readOptions(), noEmit: true, composite: false, incremental: false, noUnusedLocals: false, noUnusedParameters: false,
  };
  const files = new Map(snippets.map((snippet, index) => [join(ROOT, 'test', `snippet-${index}.ts`), snippet]));
  const program = ts.createProgram([...files.keys()], options, hostWith(files, options));
  return [...files].flatMap(([file, { name }]) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${name} was not compiled`);
    const faults = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return faults.map((fault) => `${name}: ${ts.flattenDiagnosticMessageText(fault.messageText, '\n')}\n  ${lineOf(source, fault.start ?? 0)}`);
  });
}

function readOptions(): ts.CompilerOptions {
  const { config, error } = ts.readConfigFile(join(ROOT, 'tsconfig.dev.json'), (file) => ts.sys.readFile(file));
  if (error !== undefined) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  return ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, ROOT).options;
}

function hostWith(files: ReadonlyMap<string, Snippet>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    fileExists: (file) => files.has(file) || host.fileExists(file),
    readFile: (file) => host.readFile(file),
    getSourceFile: (file, ...rest) => {
      const snippet = files.get(file);
      return snippet === undefined ? host.getSourceFile(file, ...rest) : ts.createSourceFile(file, programOf(snippet), rest[0]);
    },
  };
}

/** What a snippet only declares has a type here, and no value. */
function programOf(snippet: Snippet): string {
  return snippetProgram(snippet, ({ type }) => `undefined as unknown as ${type}`);
}

function lineOf(source: ts.SourceFile, position: number): string {
  const { line } = source.getLineAndCharacterOfPosition(position);
  return source.text.split('\n')[line].trim();
}
