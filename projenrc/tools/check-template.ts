/** Lints what the examples synthesise to with cfn-lint. What is let through stands in .ci/cfn-lint.yaml, with the reason. */
import { join } from 'node:path';
import { cdkSynth, examplesIn } from './cdk-synth';
import { PythonVenv } from './python-venv';
import { emptyFolder, fail, ROOT } from './repository';

async function main(): Promise<void> {
  const venv = new PythonVenv();
  await venv.install('-r', join(ROOT, '.ci/requirements.txt'));
  for (const example of examplesIn('typescript')) {
    const output = emptyFolder(join('cdk.out/linted', example));
    const templates = await cdkSynth(join(ROOT, 'examples/typescript', example), output);
    await venv.run('cfn-lint', ['--config-file', join(ROOT, '.ci/cfn-lint.yaml'), ...templates.map((template) => join(output, template))]);
    console.log(`cfn-lint found nothing in ${templates.join(', ')}`);
  }
}

main().catch(fail);
