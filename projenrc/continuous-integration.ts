import { Component } from 'projen';
import { TypeScriptProject } from 'projen/lib/typescript';

/** Checks that compiled documentation is true: README snippets compile in every language jsii translates to. */
export class ContinuousIntegration extends Component {
  constructor(project: TypeScriptProject) {
    super(project);
    const rosetta = project.addTask('rosetta', {
      description: 'Compile every snippet of the README and the docstrings',
      exec: 'jsii-rosetta extract --strict',
    });
    project.postCompileTask.spawn(rosetta);
  }
}
