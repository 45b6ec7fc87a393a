/** The script on the page about the local cloud, run as it is. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import ts from 'typescript';
import { Credentials } from '../../local/account/credentials';
import { signedPost } from '../../local/client/signed-exchange';
import { LocalCloud } from '../../local/cloud';
import { ROOT } from '../../projenrc/tools/repository';

const PAGE = readFileSync(join(ROOT, 'docs/local-cloud.md'), 'utf8');

test('the script deploys an assembly, and prints its resources and how to reach them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  try {
    const app = new App({ outdir: folder, treeMetadata: false });
    const stack = new Stack(app, 'Theirs');
    new StateMachine(stack, 'Machine', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) });
    app.synth();
    const lines = await runScript(folder);
    expect(lines).toContainEqual(expect.stringMatching(/^# Machine\w+ \(AWS::StepFunctions::StateMachine\): arn:aws:states:us-east-1:/));
    expect(lines).toContainEqual(expect.stringMatching(/^export AWS_ENDPOINT_URL=https:\S+ AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1$/));
    expect(lines).toContainEqual(expect.stringMatching(/^export AWS_ACCESS_KEY_ID=\S+ AWS_SECRET_ACCESS_KEY=\S+ AWS_SESSION_TOKEN=$/));
    expect(lines).toContainEqual(expect.stringMatching(/^export AWS_CA_BUNDLE=(\S+) CURL_CA_BUNDLE=\1 SSL_CERT_FILE=\1 NODE_EXTRA_CA_CERTS=\1$/));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the services are named whose calls are answered', async () => {
  const cloud = await LocalCloud.start();
  try {
    const signing = { service: 'monitoring', region: cloud.environment.region, credentials: administrator(cloud), clock: cloud.clock, caPem: cloud.certificates.caPem };
    const { body } = await signedPost(cloud.endpoint, {}, '', signing);
    const [, served = ''] = /no calls of monitoring, only those of ([\w, ]+)/.exec(body) ?? [];
    const [, named = ''] = /The CLI and the SDKs reach (.*?)\. Other services/.exec(PAGE) ?? [];
    expect(served.split(', ').length).toBeGreaterThan(1);
    expect([...named.matchAll(/`(\w+)`/g)].map(([, service]) => service)).toEqual(served.split(', '));
  } finally {
    await cloud.close();
  }
});

function administrator(cloud: LocalCloud): Credentials {
  return cloud.credentials.issueForUser(cloud.users.createAdministrator('administrator'));
}

/** Until it ends, with Ctrl-C pressed as soon as it waits for it; answers what it printed. */
async function runScript(assembly: string): Promise<string[]> {
  const [, text = ''] = /```typescript\n(.*?)```/s.exec(PAGE) ?? [];
  // So that its end can be waited for.
  const waited = text.replace('void main(', 'exports.ended = main(');
  const { outputText } = ts.transpileModule(waited, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const lines: string[] = [];
  const script: { ended?: Promise<void> } = {};
  const load = (name: string): unknown => jest.requireActual(join(ROOT, name));
  const itsProcess = { argv: ['node', 'run.ts', assembly], on: (_signal: string, interrupted: () => void) => interrupted() };
  new Function('require', 'exports', 'process', 'console', outputText)(load, script, itsProcess, { log: (line: string) => lines.push(line) });
  if (script.ended === undefined) throw new Error('the page has no script that calls main');
  await script.ended;
  return lines;
}
