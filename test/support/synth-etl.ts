/** Synthesises PagedBatchEtl in a stack of its own, and reads the template as its tests need it. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction, IFunction } from 'aws-cdk-lib/aws-lambda';
import { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Changes, Subject, synthesise, SynthOptions } from './construct-kit/subject';
import { environmentOf, Resource, resourcesOfType } from './template';
import { ItemProcessor, MongoFilter, MongoSourceOptions, PagedBatchEtl, PagedBatchEtlProps, PageSource, RunParameter } from '../../src';
import { MongoSourceConfig } from '../../src/paged-batch-etl/contracts/source-function';

/** Props that only the user can know stand in for those that a test does not give. */
export type EtlProps = Changes<PagedBatchEtlProps>;

export const ETL: Subject<PagedBatchEtl, PagedBatchEtlProps> = { id: 'Metrics', Construct: PagedBatchEtl, props: etlProps };

export interface SynthesisedEtl {
  readonly stack: Stack;
  readonly etl: PagedBatchEtl;
  readonly template: Template;
}

/** Props may need constructs of the same stack; `customise` runs before the template is made. */
export function synthEtl(props?: EtlProps, customise?: (etl: PagedBatchEtl, stack: Stack) => void, options?: SynthOptions): SynthesisedEtl {
  const { stack, made, template } = synthesise(ETL, { props, then: customise }, options);
  return { stack, etl: made, template };
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
export function sourceOf(template: Template, construct = ETL.id): Resource {
  const isSource = new RegExp(`^${construct}Source[0-9A-F]{8}$`);
  const found = resourcesOfType(template, 'AWS::Lambda::Function').filter(({ id }) => isSource.test(id));
  if (found.length !== 1) throw new Error(`${found.length} source functions`);
  return found[0];
}

export function sourceEnvironment(template: Template, construct?: string): Record<string, string> {
  return environmentOf(sourceOf(template, construct));
}

export function mongoConfig(template: Template): MongoSourceConfig {
  return JSON.parse(sourceEnvironment(template).MONGO_SOURCE);
}
