import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

/** The OpenAPI document of the docs, written together with API.md: CI writes it again, and compares. */
export class OpenApiExample extends Component {
  constructor(project: TypeScriptProject) {
    super(project);
    const example = project.addTask('docgen:openapi', {
      description: 'Write the OpenAPI document in docs/ that is made by the construct',
      exec: 'tsx projenrc/tools/openapi/write-example.ts',
    });
    project.tasks.tryFind('docgen')!.spawn(example);
    project.annotateGenerated('/docs/async-athena-query-api/openapi.json');
  }
}
