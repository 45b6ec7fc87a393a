import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

/** Tables in the docs that are made from code, written together with API.md. */
export class DocTables extends Component {
  constructor(project: TypeScriptProject) {
    super(project);
    const tables = project.addTask('docgen:tables', {
      description: 'Write the tables in docs/ that are made from code',
      exec: 'tsx projenrc/tools/tables/write-tables.ts',
    });
    project.tasks.tryFind('docgen')!.spawn(tables);
  }
}
