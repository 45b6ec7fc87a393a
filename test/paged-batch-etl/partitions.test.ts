import { Template } from 'aws-cdk-lib/assertions';
import { RunContinuation } from '../../src';
import { everyEtlOption } from '../support/every-etl-option';
import { resourcesOfType } from '../support/synth';
import { EtlProps, expectSecureEtl, synthEtl } from '../support/synth-etl';

const environments: [name: string, env: { account: string; region: string } | undefined, partition: string][] = [
  ['aws', { account: '111122223333', region: 'us-east-1' }, 'aws'],
  ['aws-cn', { account: '111122223333', region: 'cn-north-1' }, 'aws-cn'],
  ['aws-us-gov', { account: '111122223333', region: 'us-gov-west-1' }, 'aws-us-gov'],
  ['an environment not yet known', undefined, 'aws'],
];

const configurations: [name: string, props: EtlProps][] = [
  ['no more than must be', () => ({})],
  ['every option', everyEtlOption],
  ['restarting itself', () => ({ continuation: RunContinuation.selfRestart() })],
];

/** Every text of the template that names a partition. */
function partitionsIn(template: Template): string[] {
  return [...JSON.stringify(template.toJSON()).matchAll(/arn:(aws[a-z-]*):/g)].map(([, partition]) => partition);
}

describe.each(environments)('%s', (_name, env, partition) => {
  test.each(configurations)('%s: partition and security hold', (_props, props) => {
    const { template } = synthEtl(props, undefined, { env });
    expect(partitionsIn(template)).toEqual([]);
    expectSecureEtl(template);
  });

  test.each(configurations)('%s: with partition literals, only the partition of the Region is written', (_props, props) => {
    const { template } = synthEtl(props, undefined, { env, context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    expect(partitionsIn(template).filter((written) => written !== partition)).toEqual([]);
  });

  test('services are named as IAM knows them everywhere', () => {
    const { template } = synthEtl(undefined, undefined, { env });
    const trusted = resourcesOfType(template, 'AWS::IAM::Role').map(({ Properties }) => JSON.stringify(Properties.AssumeRolePolicyDocument));
    const services = trusted.flatMap((document) => [...document.matchAll(/"Service":"([^"]+)"/g)].map(([, service]) => service));
    expect(services.sort()).toEqual(['lambda.amazonaws.com', 'states.amazonaws.com', 'states.amazonaws.com']);
  });
});

test('a literal partition would be seen', () => {
  expect(partitionsIn(Template.fromJSON({ Resources: { Bad: { Type: 'A::B::C', Properties: { Arn: 'arn:aws:s3:::x' } } } }))).toEqual(['aws']);
});
