import { Template } from 'aws-cdk-lib/assertions';
import { AccessLogs } from '../../src';
import { everyOption } from '../support/every-option';
import { expectSecure, resourcesOfType, roleStatements, synth } from '../support/synth';

const environments: [name: string, env: { account: string; region: string } | undefined, partition: string][] = [
  ['aws', { account: '111122223333', region: 'us-east-1' }, 'aws'],
  ['aws-cn', { account: '111122223333', region: 'cn-north-1' }, 'aws-cn'],
  ['aws-us-gov', { account: '111122223333', region: 'us-gov-west-1' }, 'aws-us-gov'],
  ['an environment not yet known', undefined, 'aws'],
];

/** Every text of the template that names a partition. */
function partitionsIn(template: Template): string[] {
  return [...JSON.stringify(template.toJSON()).matchAll(/arn:(aws[a-z-]*):/g)].map(([, partition]) => partition);
}

describe.each(environments)('%s', (_name, env, partition) => {
  test.each([['no props', () => ({})], ['every option', everyOption]])('%s: partition, endpoint and security hold', (_props, props) => {
    const { template } = synth(props, undefined, { env });
    expect(partitionsIn(template)).toEqual([]);
    expect(JSON.stringify(template.toJSON())).not.toContain('EDGE');
    template.allResourcesProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['REGIONAL'] } });
    expectSecure(template);
  });

  test('with partition literals, only the partition of the Region is written', () => {
    const { template } = synth(() => ({ accessLogs: AccessLogs.logGroup() }), undefined, { env, context: { '@aws-cdk/core:enablePartitionLiterals': true } });
    expect(partitionsIn(template).filter((written) => written !== partition)).toEqual([]);
  });

  test('services are named as IAM knows them everywhere', () => {
    const { template } = synth(undefined, undefined, { env });
    const trusted = resourcesOfType(template, 'AWS::IAM::Role').map(({ Properties }) => JSON.stringify(Properties.AssumeRolePolicyDocument));
    const services = trusted.flatMap((document) => [...document.matchAll(/"Service":"([^"]+)"/g)].map(([, service]) => service));
    expect(services.sort()).toEqual(['apigateway.amazonaws.com', 'lambda.amazonaws.com', 'states.amazonaws.com']);
    expect(JSON.stringify(roleStatements(template, 'QueriesQueryRole'))).toContain('athena.amazonaws.com');
  });
});

test('a literal partition would be seen', () => {
  expect(partitionsIn(Template.fromJSON({ Resources: { Bad: { Type: 'A::B::C', Properties: { Arn: 'arn:aws:s3:::x' } } } }))).toEqual(['aws']);
});
