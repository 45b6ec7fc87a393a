/** Lints what the examples synthesise to with cfn-lint. What is let through stands in .ci/cfn-lint.yaml, with the reason. */
import { join } from 'node:path';
import { cdkSynth, EXAMPLES } from './cdk-synth';
import { PythonVenv } from './python-venv';
import { fail, ROOT } from './repository';

function main(): void {
  const venv = new PythonVenv();
  venv.install('-r', join(ROOT, '.ci/requirements.txt'));
  for (const example of EXAMPLES) {
    const { folder, templates } = cdkSynth(join('typescript', example));
    venv.run('cfn-lint', ['--config-file', join(ROOT, '.ci/cfn-lint.yaml'), ...templates.map((template) => join(folder, template))]);
    console.log(`cfn-lint found nothing in ${templates.join(', ')}`);
  }
}

try {
  main();
} catch (error) {
  fail(error);
}
