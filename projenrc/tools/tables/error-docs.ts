import * as ts from 'typescript';
import { Table } from './markdown-table';

/** What the docstring of an error tells: one paragraph each. */
export interface ErrorDocs {
  readonly name: string;
  readonly cause: string;
  readonly action: string;
  /** How to go on when that is done: the last paragraph without its "Then". */
  readonly then: string;
}

/** The ways to go on. They are few, so that whoever is on call knows them after the first error. */
const THEN = /^Then ((?:deploy and )?(?:redrive|start another run|start the backfill again|submit the query again|call `plannerFunction`)(?![\w-]).*\.)$/;

/**
 * Reads what the docstrings of a class of constants tell of each error: its cause, what to do, and how to go on then.
 *
 * @param names of the errors, by the name of their constant
 * @throws Error if a name has no docstring, or one without all three parts
 */
export function readErrorDocs(source: string, className: string, names: Readonly<Record<string, string>>): ErrorDocs[] {
  const docstrings = docstringsOf(source, className);
  return Object.entries(names).map(([constant, name]) => {
    const [cause, action, last, ...more] = paragraphsOf(docstrings.get(constant) ?? '');
    const then = THEN.exec(last ?? '')?.[1];
    if (then === undefined || more.length > 0) {
      throw new Error(`The docstring of ${className}.${constant} must have three paragraphs: cause, what to do, and one that matches ${THEN.source}`);
    }
    return { name, cause, action, then: `${then[0].toUpperCase()}${then.slice(1)}` };
  });
}

export function errorTable(errors: readonly ErrorDocs[]): Table {
  return { header: ['error', 'cause', 'what to do', 'then'], rows: errors.map(({ name, cause, action, then }) => [`\`${name}\``, cause, action, then]) };
}

/** Docstrings of the members of a class, without asterisks. */
function docstringsOf(source: string, className: string): ReadonlyMap<string, string> {
  const { statements } = ts.createSourceFile('errors.ts', source, ts.ScriptTarget.Latest, true);
  const found = statements.filter(ts.isClassDeclaration).find(({ name }) => name?.text === className);
  const constants = found?.members.filter(ts.isPropertyDeclaration) ?? [];
  return new Map(constants.map((member) => [
    member.name.getText(),
    ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc).map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join('\n\n'),
  ]));
}

function paragraphsOf(docstring: string): string[] {
  return docstring.split(/\n\s*\n/).map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim());
}
