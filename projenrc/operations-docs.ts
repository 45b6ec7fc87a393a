import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

export interface OperationsDocsOptions {
  /** The tsconfig that covers sources, tests and tooling. */
  readonly tsconfig: string;
}

/** Pages in which the code tells of itself: of our errors from the docstrings, of options from their rules, of state machines from their definitions; written together with API.md. */
export class OperationsDocs extends Component {
  constructor(project: TypeScriptProject, options: OperationsDocsOptions) {
    super(project);
    const tables = project.addTask('docgen:operations', {
      description: 'Write the tables of docs/: of errors from the docstrings in errors.ts, of connection options from their rules',
      exec: 'tsx projenrc/tools/operations-tables.ts',
    });
    // CI generates again what docgen writes, and compares.
    const diagrams = project.addTask('docgen:diagrams', {
      description: 'Draw the state machines into docs/diagrams, from the definitions that are deployed',
      exec: `tsx --tsconfig ${options.tsconfig} diagrams/main.ts`,
    });
    project.annotateGenerated('/docs/diagrams/*.svg');
    for (const task of [tables, diagrams]) project.tasks.tryFind('docgen')!.spawn(task);
  }
}
