/** What the public surface takes, as its source declares it: a new option is found here by itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../projenrc/tools/repository';

export interface Option {
  readonly name: string;
  readonly optional: boolean;
  /** As it is written: `Duration`, `string[]`, `{ [name: string]: RunParameter }`. */
  readonly type: string;
}

/** A static method that takes options. */
export interface Factory {
  readonly className: string;
  readonly method: string;
  readonly options: string;
  readonly optional: boolean;
}

export interface PublicSurface {
  /** Options by the name of their interface, inherited ones included. */
  readonly interfaces: ReadonlyMap<string, readonly Option[]>;
  readonly factories: readonly Factory[];
}

export function publicSurface(): PublicSurface {
  const index = parse('src/index.ts');
  const exported = index.statements.filter(ts.isExportDeclaration);
  const named = exported.flatMap(({ exportClause }) => (exportClause && ts.isNamedExports(exportClause) ? [...exportClause.elements] : []));
  const names = named.map(({ name }) => name.text);
  const files = new Set(exported.map(({ moduleSpecifier }) => (
    moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? join('src', `${moduleSpecifier.text}.ts`) : '')));
  const statements = [...files].flatMap((file) => [...parse(file).statements]);
  // Of structs, not of what has behaviour, such as IRunSchedule.
  const structs = statements.filter(ts.isInterfaceDeclaration).filter(({ name: { text } }) => names.includes(text) && !/^I[A-Z]/.test(text));
  const declared = new Map(structs.map((node) => [node.name.text, node]));
  const factories = statements.filter(ts.isClassDeclaration).flatMap((node) => (
    node.members.filter(ts.isMethodDeclaration).flatMap((method) => factoryOf(node, method))));
  return { interfaces: new Map([...declared].map(([name, node]) => [name, optionsOf(node, declared)])), factories };
}

function factoryOf(node: ts.ClassDeclaration, method: ts.MethodDeclaration): Factory[] {
  const [parameter] = method.parameters;
  const options = parameter?.type?.getText() ?? '';
  if (!method.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) || !options.endsWith('Options')) return [];
  return [{ className: node.name?.text ?? '', method: method.name.getText(), options, optional: parameter.initializer !== undefined }];
}

function optionsOf(node: ts.InterfaceDeclaration, declared: ReadonlyMap<string, ts.InterfaceDeclaration>): Option[] {
  const bases = (node.heritageClauses ?? []).flatMap(({ types }) => types.flatMap(({ expression }) => declared.get(expression.getText()) ?? []));
  const own = node.members.filter(ts.isPropertySignature).map(({ name, questionToken, type }) => (
    { name: name.getText(), optional: questionToken !== undefined, type: type?.getText() ?? '' }));
  return [...bases.flatMap((base) => optionsOf(base, declared)), ...own];
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.ES2022, true);
}
