import { Environment } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expectSecure } from './security';
import { CommonConstruct, CommonProps, Facts, synthesise, variantsOf } from './subject';

const account = '111122223333';

const environments: [name: string, env: Environment | undefined, partition: string[]][] = [
  ['aws', { account, region: 'us-east-1' }, ['aws']],
  ['aws-cn', { account, region: 'cn-north-1' }, ['aws-cn']],
  ['aws-us-gov', { account, region: 'us-gov-west-1' }, ['aws-us-gov']],
  ['an environment not yet known', undefined, []],
];

/** All partitions that are written out in the template. */
export function partitionsIn(template: Template): string[] {
  const written = [...JSON.stringify(template.toJSON()).matchAll(/arn:(aws[a-z-]*):/g)].map(([, partition]) => partition);
  return [...new Set(written)];
}

/** All names of services, as roles, policies and conditions write them. */
function servicesIn(template: Template): string[] {
  const policies = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy'].map((type) => template.findResources(type));
  const written = JSON.stringify(policies).match(/[a-z0-9-]+\.amazonaws\.com(\.cn)?/g) ?? [];
  return [...new Set(written)].sort();
}

/** All of it works in China and in GovCloud too. */
export function testPartitions<Made extends CommonConstruct, Props extends CommonProps>(facts: Facts<Made, Props>): void {
  describe.each(environments)('%s', (_name, env, partition) => {
    test.each(variantsOf(facts))('no partition is written out, no edge is needed, and security holds: %s', (_variant, variant) => {
      const synthesised = synthesise(facts, variant, { env });
      expect(partitionsIn(synthesised.template)).toEqual([]);
      expect(JSON.stringify(synthesised.template.toJSON())).not.toContain('EDGE');
      expectSecure(synthesised);
    });

    test.each(variantsOf(facts))('with partition literals, only the partition of the Region is written: %s', (_variant, variant) => {
      const { template } = synthesise(facts, variant, { env, context: { '@aws-cdk/core:enablePartitionLiterals': true } });
      expect(partitionsIn(template)).toEqual(partition);
    });

    test('services are named as IAM knows them everywhere', () => {
      expect(servicesIn(synthesise(facts, {}, { env }).template)).toEqual(facts.services.map((service) => `${service}.amazonaws.com`));
    });
  });

  test('a literal partition would be seen', () => {
    expect(partitionsIn(Template.fromJSON({ Resources: { Bad: { Type: 'A::B::C', Properties: { Arn: 'arn:aws:s3:::x' } } } }))).toEqual(['aws']);
  });
}
