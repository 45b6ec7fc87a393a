/** Synthesises AsyncAthenaQueryApi in a stack of its own, and reads the template as its tests need it. */
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Subject, synthesise, SynthOptions } from './construct-kit/subject';
import { environmentOf, only } from './template';
import { AsyncAthenaQueryApi, AsyncAthenaQueryApiProps } from '../../src';

export const QUERIES: Subject<AsyncAthenaQueryApi, AsyncAthenaQueryApiProps> = { id: 'Queries', Construct: AsyncAthenaQueryApi, props: (_stack, changes) => changes };

export interface Synthesised {
  readonly stack: Stack;
  readonly queries: AsyncAthenaQueryApi;
  readonly template: Template;
}

/** Props may need constructs of the same stack; `customise` runs before the template is made. */
export function synth(
  props?: (stack: Stack) => AsyncAthenaQueryApiProps, customise?: (queries: AsyncAthenaQueryApi, stack: Stack) => void, options?: SynthOptions,
): Synthesised {
  const { stack, made, template } = synthesise(QUERIES, { props, then: customise }, options);
  return { stack, queries: made, template };
}

/** Environment of the delivery function. */
export function deliveryEnvironment(template: Template): Record<string, string> {
  return environmentOf(only(template, 'AWS::Lambda::Function', 'Delivery'));
}

/** The compiled pattern of callback URLs in the request model. */
export function callbackUrlPattern(template: Template): RegExp {
  const { Schema } = only(template, 'AWS::ApiGateway::Model').Properties as { Schema: { properties: { CallbackUrl: { pattern: string } } } };
  return new RegExp(Schema.properties.CallbackUrl.pattern);
}
