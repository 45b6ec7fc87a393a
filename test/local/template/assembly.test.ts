import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Stack, StackProps } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { lambdaResources } from '../../../local/lambda/resources';
import { loadStack } from '../../../local/template/assembly';
import { ResourceProviders } from '../../../local/template/resource';
import { createResources } from '../../../local/template/stack';
import { CONTEXT, ENVIRONMENT, Fixture } from '../lambda/fixtures';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assembly-test-'));
  mkdirSync(join(folder, 'code'));
  writeFileSync(join(folder, 'code', 'index.js'), 'exports.handler = async (event) => event;');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Synthesises stacks with one function each, as `cdk synth` does. */
function synthesize(stacks: Readonly<Record<string, StackProps>>): string {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  for (const [name, props] of Object.entries(stacks)) {
    const stack = new Stack(app, name, props);
    const code = Code.fromAsset(join(folder, 'code'));
    const lambda = new LambdaFunction(stack, 'Echo', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code });
    new CfnOutput(stack, 'Arn', { value: lambda.functionArn });
  }
  return app.synth().directory;
}

test('a synthesised stack is loaded, made, and runs its own asset', async () => {
  const fixture = new Fixture();
  const stack = loadStack(synthesize({ One: {} }));
  const roles: ResourceProviders = {
    'AWS::IAM::Role': ({ logicalId, properties }) => {
      properties.notModelled('AssumeRolePolicyDocument', 'ManagedPolicyArns');
      return { ref: logicalId, attributes: { Arn: `arn:aws:iam::111122223333:role/${logicalId}` } };
    },
  };
  const created = await createResources(stack, { ...lambdaResources(fixture.service), ...roles }, ENVIRONMENT);
  expect(created.outputs.Arn).toMatch(/^arn:aws:lambda:eu-central-1:111122223333:function:One-Echo\w+-\w{12}$/);
  expect(await fixture.service.invoke(created.outputs.Arn, '[1]', CONTEXT)).toMatchObject({ payload: '[1]' });
  await fixture.close();
});

test('one of several stacks is named by artifact or stack name', () => {
  const directory = synthesize({ One: { stackName: 'first' }, Two: { env: { account: '444455556666', region: 'us-east-1' } } });
  expect(loadStack(directory, 'first').stackName).toBe('first');
  expect(loadStack(directory, 'One').stackName).toBe('first');
  expect(loadStack(directory, 'Two')).toMatchObject({ stackName: 'Two', accountId: '444455556666', region: 'us-east-1' });
  expect(() => loadStack(directory)).toThrow('expected one stack, it has: first, Two');
  expect(() => loadStack(directory, 'Three')).toThrow('expected one stack named Three, it has: first, Two');
});

test('an asset is found by its key, in its own bucket only', () => {
  const directory = synthesize({ One: {} });
  const stack = loadStack(directory);
  const lambda = Object.values(stack.template.resources).find(({ type }) => type === 'AWS::Lambda::Function');
  const { S3Key } = lambda?.properties.Code as { S3Key: string };
  const path = stack.asset(S3Key, 'cdk-hnb659fds-assets-111122223333-eu-central-1');
  expect(readFileSync(join(path, 'index.js'), 'utf8')).toContain('exports.handler');
  expect(() => stack.asset(S3Key, 'other-bucket')).toThrow('is not published to the bucket other-bucket');
  expect(() => stack.asset('other.zip')).toThrow('no asset of the assembly has the object key other.zip');
});

test.each([
  ['context that is missing', { missing: [{ key: 'vpc' }] }, 'the synthesis is incomplete'],
  ['no stack', { artifacts: {} }, 'expected one stack, it has: none'],
])('an assembly with %s is refused', (_, changes, message) => {
  const directory = synthesize({ One: {} });
  const path = join(directory, 'manifest.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...changes }));
  expect(() => loadStack(directory)).toThrow(message);
});

test('a container image among the assets is refused by name', () => {
  const directory = synthesize({ One: {} });
  const path = join(directory, 'One.assets.json');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), dockerImages: { abc: {} } }));
  expect(() => loadStack(directory)).toThrow('One.assets.json: the local cloud does not implement container image assets: abc');
});
