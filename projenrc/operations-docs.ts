import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

/** The pages for whoever is called at night: what they tell of our errors is written from the docstrings, together with API.md. */
export class OperationsDocs extends Component {
  constructor(project: TypeScriptProject) {
    super(project);
    const tables = project.addTask('docgen:operations', {
      description: 'Write the tables of errors in docs/operations*.md from the docstrings in errors.ts',
      exec: 'tsx projenrc/tools/operations-tables.ts',
    });
    project.tasks.tryFind('docgen')!.spawn(tables);
  }
}
