import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { FACTS } from './facts';
import { PagedBatchEtl } from '../../src';
import { testInstances } from '../support/construct-kit/instances';
import { testStatefulIds } from '../support/construct-kit/stateful-ids';
import { etlProps } from '../support/synth-etl';

testStatefulIds(FACTS);

describe('several instances', () => {
  testInstances(FACTS);

  test('share a source although their parameters differ', () => {
    const stack = new Stack(new App(), 'Stack');
    const props = etlProps(stack);
    new PagedBatchEtl(stack, 'Metrics', props);
    expect(() => new PagedBatchEtl(stack, 'Others', { ...props, parameters: {} })).toThrow('got "$$date_begin"; declare date_begin in parameters');
    expect(() => Template.fromStack(stack)).not.toThrow();
  });
});
