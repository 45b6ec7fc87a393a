/** Synthesises PagedBatchEtl in a stack of its own, and reads the template as its tests need it. */
import { App, ArnFormat, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { plain, Resource, resources, resourcesOfType, SynthOptions } from './synth';
import { ItemProcessor, MongoFilter, MongoSourceOptions, PagedBatchEtl, PagedBatchEtlProps, PageSource, RunParameter } from '../../src';
import { MongoSourceConfig } from '../../src/paged-batch-etl/contracts/source-function';

/** Props that only the user can know stand in for those that a test does not give. */
export type EtlProps = (stack: Stack) => Partial<PagedBatchEtlProps>;

export interface SynthesisedEtl {
  readonly stack: Stack;
  readonly etl: PagedBatchEtl;
  readonly template: Template;
}

/** Props may need constructs of the same stack; `customise` runs before the template is made. */
export function synthEtl(
  props: EtlProps = () => ({}), customise: (etl: PagedBatchEtl, stack: Stack) => void = () => {}, options: SynthOptions = {},
): SynthesisedEtl {
  const stack = new Stack(new App({ context: options.context, treeMetadata: false }), 'Stack', { env: options.env });
  const etl = new PagedBatchEtl(stack, 'Metrics', etlProps(stack, props(stack)));
  customise(etl, stack);
  return { stack, etl, template: Template.fromStack(stack) };
}

/** The published use case, with whatever is given instead. */
export function etlProps(stack: Stack, props: Partial<PagedBatchEtlProps> = {}): PagedBatchEtlProps {
  return {
    parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date() },
    ...props,
    source: props.source ?? mongoSource(stack),
    processor: props.processor ?? ItemProcessor.perBatch({ handler: importedFunction(stack, 'calc-metrics') }),
  };
}

export function mongoSource(stack: Stack, options: Partial<MongoSourceOptions> = {}): PageSource {
  return PageSource.mongo({
    connectionSecret: options.connectionSecret ?? importedSecret(stack),
    database: 'Analytics',
    collection: 'jobs',
    sort: ['runDate', '_id'],
    filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }'),
    ...options,
  });
}

/** A function that exists already. */
export function importedFunction(stack: Stack, name: string): IFunction {
  const arn = stack.formatArn({ service: 'lambda', resource: 'function', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  return LambdaFunction.fromFunctionArn(stack, `Imported-${name}`, arn);
}

export function importedSecret(stack: Stack, name: string = 'connection'): ISecret {
  return Secret.fromSecretNameV2(stack, `Imported-${name}`, name);
}

/** The source function: the only one with that role in its name. */
export function sourceOf(template: Template): Resource {
  const found = resourcesOfType(template, 'AWS::Lambda::Function').filter(({ id }) => /^MetricsSource[0-9A-F]{8}$/.test(id));
  if (found.length !== 1) throw new Error(`${found.length} source functions`);
  return found[0];
}

export function sourceEnvironment(template: Template): Record<string, string> {
  const { Variables } = plain(sourceOf(template).Properties.Environment) as { Variables: Record<string, string> };
  return Variables;
}

export function mongoConfig(template: Template): MongoSourceConfig {
  return JSON.parse(sourceEnvironment(template).MONGO_SOURCE);
}

/** What every configuration must keep: used wherever a test changes something else. */
export function expectSecureEtl(template: Template): void {
  template.allResourcesProperties('AWS::StepFunctions::StateMachine', { LoggingConfiguration: { IncludeExecutionData: false, Level: 'ERROR' } });
  const types = resources(template).map(({ Type }) => Type);
  expect(types.filter((type) => /^Custom::|CustomResource/.test(type))).toEqual([]);
  const secretValues = JSON.stringify(template.toJSON()).match(/\{\{resolve:[^}]*\}\}/g);
  expect(secretValues).toBeNull();
}
