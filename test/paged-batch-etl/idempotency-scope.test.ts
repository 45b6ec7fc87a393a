import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IdempotencyScope, PagedBatchEtl, PageSource } from '../../src';
import { SourceConfig, readCustomConfig, readMongoConfig } from '../../src/paged-batch-etl/source-functions/reader/source-config';
import { refusal } from '../support/refusal';
import { EtlProps, etlProps, importedFunction, mongoSource, sourceEnvironment, synthEtl } from '../support/synth-etl';

const ARN = 'arn:aws:lambda:eu-west-1:111122223333:function:source';

const environmentOf = (props: EtlProps) => ({
  ...sourceEnvironment(synthEtl(props).template), AWS_LAMBDA_FUNCTION_NAME: 'source', CONNECTION_SECRET_ARN: ARN,
});

type ReadConfig = (environment: Record<string, string>) => SourceConfig;

const told = (props: EtlProps, read: ReadConfig = readMongoConfig) => read(environmentOf(props)).idempotency;

test('the run is the default, of which the source function is told nothing', () => {
  expect(sourceEnvironment(synthEtl(() => ({ idempotencyScope: IdempotencyScope.RUN })).template)).toEqual(sourceEnvironment(synthEtl().template));
  expect(told(() => ({}))).toBeUndefined();
});

test('sources of all kinds learn the scope, and which construct they read for', () => {
  const construct = expect.stringMatching(/^<AWS::Region>\/<AWS::AccountId>\/Stack\/[0-9a-f]{42}$/);
  expect(told(() => ({ idempotencyScope: IdempotencyScope.WINDOW }))).toEqual({ scope: 'window', construct });
  expect(told((stack) => ({
    idempotencyScope: IdempotencyScope.ITEM, source: PageSource.custom({ handler: importedFunction(stack, 'invoices') }), parameters: {},
  }), (environment) => readCustomConfig({ ...environment, SOURCE_FUNCTION_ARN: ARN }))).toEqual({ scope: 'item', construct });
});

/** As a source function is told in an app: a name for each deployment of it. */
function nameIn(make: (app: App) => Stack, id = 'Metrics'): string {
  const stack = make(new App());
  new PagedBatchEtl(stack, id, { ...etlProps(stack), idempotencyScope: IdempotencyScope.ITEM });
  return sourceEnvironment(Template.fromStack(stack), id).IDEMPOTENCY;
}

const ENV = { account: '111122223333', region: 'eu-west-1' };

test('every construct, stack, account and Region has a name of its own, which is the same in every deployment', () => {
  const names = () => [
    nameIn((app) => new Stack(app, 'Stack')),
    nameIn((app) => new Stack(app, 'Stack'), 'Others'),
    nameIn((app) => new Stack(app, 'Stack', { stackName: 'branch-1' })),
    nameIn((app) => new Stack(app, 'Stack', { env: ENV })),
    nameIn((app) => new Stack(app, 'Stack', { env: { ...ENV, region: 'eu-west-2' } })),
    nameIn((app) => new NestedStack(new Stack(app, 'Stack'), 'Nested')),
  ];
  expect(new Set(names()).size).toBe(6);
  expect(names()).toEqual(names());
});

test('a nested stack is named by the stack around it, whose name does not change when it is created again', () => {
  expect(nameIn((app) => new NestedStack(new Stack(app, 'Outer', { env: ENV }), 'Nested'))).toContain('eu-west-1/111122223333/Outer/');
});

test('a window needs parameters', () => {
  const synth = () => synthEtl((stack) => ({
    source: mongoSource(stack, { filter: undefined }), parameters: {}, idempotencyScope: IdempotencyScope.WINDOW,
  }));
  expect(synth).toThrow(refusal(
    'idempotencyScope must be RUN or ITEM where no parameters are declared, got "IdempotencyScope.WINDOW"; all runs are of the same window, so say ITEM if that is meant',
  ));
});
