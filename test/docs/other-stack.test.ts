/** Whatever users copy still synthesises when cluster, secret, bucket and functions are in another stack than the construct. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { TokenAuthorizer } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { DatabaseCluster } from 'aws-cdk-lib/aws-docdb';
import { InstanceType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { examplesIn } from '../../projenrc/tools/cdk-synth';
import { ROOT } from '../../projenrc/tools/repository';
import { declarationsOf, docstringSnippets, markdownSnippets, Snippet, snippetProgram } from '../../projenrc/tools/snippets';
import { AsyncAthenaQueryApi, FailurePolicy, PagedBatchEtl, PageTransport, RunLedger, RunParameter } from '../../src';
import { PAGES } from '../support/doc-pages';
import { runProgram } from '../support/run-program';
import { etlProps, mongoSource } from '../support/synth-etl';

/** Where what a snippet declares is: in a stack before ours, in ours, or in that of those who call us. */
interface Stacks {
  readonly theirs: Stack;
  readonly ours: Stack;
  readonly callers: Stack;
}

const vpcs = new WeakMap<Stack, Vpc>();
const vpcOf = (stack: Stack): Vpc => {
  const vpc = vpcs.get(stack) ?? new Vpc(stack, 'Vpc');
  vpcs.set(stack, vpc);
  return vpc;
};

/** Of each type that snippets declare, one with everything that could close a circle, such as a customer key. */
const DECLARED: Readonly<Record<string, (stacks: Stacks, id: string) => unknown>> = {
  'AsyncAthenaQueryApi': ({ theirs, ours }, id) => new AsyncAthenaQueryApi(ours, id, { resultBucket: new Bucket(theirs, id) }),
  'PagedBatchEtl': ({ theirs, ours }, id) => new PagedBatchEtl(ours, id, etlProps(ours, {
    source: mongoSource(ours, { connectionSecret: new Secret(theirs, id), vpc: vpcOf(theirs) }),
    transport: PageTransport.s3(),
    failurePolicy: FailurePolicy.tolerate(),
    ledger: RunLedger.table(),
    parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date(), tenant: RunParameter.text({ defaultValue: 'north' }) },
  })),
  'apigateway.TokenAuthorizer': ({ theirs, ours }, id) => new TokenAuthorizer(ours, id, {
    handler: newFunction(theirs, id), assumeRole: new Role(ours, `${id}Role`, { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') }),
  }),
  'cognito.IUserPool': ({ theirs }, id) => new UserPool(theirs, id),
  'docdb.DatabaseCluster': ({ theirs }, id) => new DatabaseCluster(theirs, id, {
    vpc: vpcOf(theirs), masterUser: { username: 'reader' }, instanceType: new InstanceType('t4g.medium'), kmsKey: new Key(theirs, `${id}Key`),
  }),
  'ec2.IVpc': ({ theirs }) => vpcOf(theirs),
  'ec2.Vpc': ({ theirs }) => vpcOf(theirs),
  'events.IEventBus': ({ theirs }, id) => new EventBus(theirs, id),
  'iam.IGrantable': ({ callers }, id) => new Role(callers, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
  'iam.IRole': ({ callers }, id) => new Role(callers, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
  'IStateMachine': ({ theirs }, id) => new StateMachine(theirs, id, { definitionBody: DefinitionBody.fromChainable(new Pass(theirs, `${id}Pass`)) }),
  'ITopic': ({ theirs }, id) => new Topic(theirs, id, { masterKey: new Key(theirs, `${id}Key`) }),
  'kms.IKey': ({ theirs }, id) => new Key(theirs, id),
  'lambda.Function': ({ callers }, id) => newFunction(callers, id),
  'lambda.IFunction': ({ theirs }, id) => newFunction(theirs, id),
  's3.IBucket': ({ theirs }, id) => new Bucket(theirs, id, { encryptionKey: new Key(theirs, `${id}Key`) }),
  'sns.ITopic': ({ theirs }, id) => new Topic(theirs, id, { masterKey: new Key(theirs, `${id}Key`) }),
  'sqs.IQueue': ({ theirs }, id) => new Queue(theirs, id, { encryptionMasterKey: new Key(theirs, `${id}Key`) }),
  'secretsmanager.ISecret': ({ theirs }, id) => new Secret(theirs, id, { encryptionKey: new Key(theirs, `${id}Key`) }),
};

/** All but what is about the local cloud. */
const SNIPPETS: Snippet[] = [...PAGES.flatMap(markdownSnippets), ...docstringSnippets('src')].filter(({ fixture }) => fixture !== 'interpreter');

test('snippets are found', () => {
  expect(SNIPPETS.length).toBeGreaterThanOrEqual(10);
  expect(SNIPPETS.filter(({ name }) => name.startsWith('src')).length).toBeGreaterThanOrEqual(3);
});

test.each(SNIPPETS.map((snippet) => ({ snippet, name: snippet.name })))('snippet $name', ({ snippet }) => {
  const app = newApp();
  const [theirs, callers] = ['Theirs', 'Callers'].map((id) => new Stack(app, id));
  const declare = (name: string, ours: Stack) => {
    const type = declarationsOf(snippet).find((declared) => declared.name === name)?.type ?? '';
    if (DECLARED[type] === undefined) throw new Error(`there is nothing of the type ${type} for ${name}: add it to DECLARED`);
    return DECLARED[type]({ theirs, ours, callers }, name);
  };
  const program = snippetProgram(snippet, ({ name }) => `__declare('${name}', this)`);
  runProgram(`${program}\nnew SnippetStack(__app, 'Ours');`, load, { __app: app, __declare: declare });
  // A circle is an error here.
  app.synth();
});

/** What an example makes for itself, and many an app has in another stack. */
const MOVED = ['Bucket', 'CfnDatabase', 'CfnEIP', 'CfnTable', 'DatabaseCluster', 'Function', 'NodejsFunction', 'Queue', 'Secret', 'UserPool', 'Vpc'];

test.each(examplesIn('typescript'))('example %s', (example) => {
  const app = newApp();
  const theirs = new Stack(app, 'Theirs');
  const folder = join(ROOT, 'examples/typescript', example);
  const moving = (name: string) => (
    Object.fromEntries(Object.entries(load(name)).map(([member, value]) => [member, instead(member, value, app, theirs)])));
  runProgram(readFileSync(join(folder, 'app.ts'), 'utf8'), moving, { __dirname: folder });
  app.synth();
  const ours = app.node.children.filter((child): child is Stack => child instanceof Stack && child !== theirs);
  // By their names: a stack is too large to be printed.
  expect(new Set(ours.flatMap(({ dependencies }) => dependencies.map(({ node }) => node.id)))).toEqual(new Set(['Theirs']));
  expect(theirs.node.children.length).toBeGreaterThan(0);
});

/** The app of the test, or a class whose instances are made in the other stack, wherever the example makes them. */
function instead(name: string, value: unknown, app: App, theirs: Stack): unknown {
  if (typeof value !== 'function' || ![...MOVED, 'App'].includes(name)) return value;
  return new Proxy(value, {
    construct: (Made: new (...args: unknown[]) => object, [, ...rest]: unknown[]) => (name === 'App' ? app : new Made(theirs, ...rest)),
  });
}

function newFunction(stack: Stack, id: string): LambdaFunction {
  return new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('//'), timeout: Duration.minutes(1) });
}

/** Nothing is bundled: what functions do is of no interest here. */
function newApp(): App {
  return new App({ treeMetadata: false, context: { 'aws:cdk:bundling-stacks': [] } });
}

/** As the test itself would get it: the package by its name is its source. */
function load(name: string): Record<string, unknown> {
  return jest.requireActual(name);
}
