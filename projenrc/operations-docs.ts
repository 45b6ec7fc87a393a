import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

/** Pages in which the code tells of itself: of our errors from the docstrings, of options from their rules; written together with API.md. */
export class OperationsDocs extends Component {
  constructor(project: TypeScriptProject) {
    super(project);
    const tables = project.addTask('docgen:operations', {
      description: 'Write the tables of docs/: of errors from the docstrings in errors.ts, of connection options from their rules',
      exec: 'tsx projenrc/tools/operations-tables.ts',
    });
    project.tasks.tryFind('docgen')!.spawn(tables);
  }
}
