import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

export interface DiagramsOptions {
  /** The tsconfig that covers sources, tests and tooling. */
  readonly tsconfig: string;
}

/** Pictures of the state machines, drawn together with API.md: CI draws them again, and compares. */
export class Diagrams extends Component {
  constructor(project: TypeScriptProject, options: DiagramsOptions) {
    super(project);
    const diagrams = project.addTask('docgen:diagrams', {
      description: 'Draw the state machines into docs/diagrams, from the definitions that are deployed',
      exec: `tsx --tsconfig ${options.tsconfig} diagrams/main.ts`,
    });
    project.tasks.tryFind('docgen')!.spawn(diagrams);
    project.annotateGenerated('/docs/diagrams/*.svg');
  }
}
