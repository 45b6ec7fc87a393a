/** What the policy makes of a template: nothing where the first failure fails the run. */
import { Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { FailurePolicy, PageTransport, RunContinuation, TolerateOptions } from '../../../src';
import { ItemProcessor } from '../../../src/paged-batch-etl/item-processor/item-processor';
import { aslProblem } from '../../support/asl-schema';
import { rowsUnder } from '../../support/doc-pages';
import { EtlStackOptions, processors, synthEtl } from '../../support/etl-stack';
import { refusal } from '../../support/refusal';
import { EtlProps, importedFunction, synthEtl as synthConstruct } from '../../support/synth-etl';
import { definition, plain, resourcesOfType, roleStatements } from '../../support/template';

const TRANSPORTS: Readonly<Record<string, Pick<EtlStackOptions, 'transport'>>> = { 'inline': {}, 's3': { transport: () => PageTransport.s3() }, 's3, deleted': { transport: () => PageTransport.s3({ deletePages: true }) } };
const cells = Object.entries(processors).flatMap(([name, processor]) => (
  Object.entries(TRANSPORTS).map(([transport, options]): [string, EtlStackOptions] => [`${name}, ${transport}`, { processor, ...options }])));

const tolerating = (options?: TolerateOptions): EtlProps => () => ({ failurePolicy: FailurePolicy.tolerate(options) });

test.each(cells)('FailurePolicy.failFast() changes nothing: %s', (_name, { processor, transport }) => {
  const templateOf = (failurePolicy?: FailurePolicy) => (
    synthConstruct((own) => ({ processor: processor?.(own), transport: transport?.(own), failurePolicy })).template);
  const template = templateOf();
  expect(templateOf(FailurePolicy.failFast()).toJSON()).toEqual(template.toJSON());
  expect(JSON.stringify(template.toJSON())).not.toMatch(/Collect Failures|Collector|DeadLetters|TooManyFailed|unreadable/);
});

test.each(cells)('the machines of a run that tolerates failures are valid Amazon States Language: %s', (_name, options) => {
  const machines = Object.entries(synthEtl({ ...options, tolerance: { items: 5 } }).machines);
  expect(machines.map(([name, machine]) => [name, aslProblem(machine)])).toEqual(machines.map(([name]) => [name, undefined]));
});

test.each<[string, EtlStackOptions, number]>([
  ['a batch of 1,000', { processor: processors.perBatch }, 378],
  ['items, 100 a page', { processor: processors.perItem }, 10],
  ['items in an Express execution, 100 a page', { processor: processors.expressItems }, 378],
  ['a state machine', { processor: processors.stateMachine }, 409],
  ['a batch of a page in S3', { transport: () => PageTransport.s3() }, 438],
])('a segment has room for as many pages, with every retry used: %s', (_name, options, pages) => {
  expect(synthEtl({ ...options, tolerance: {} }).parts.pagesPerSegment).toBe(pages);
});

test('the page about failures tells these numbers', () => {
  const pages = (options: EtlStackOptions) => synthEtl(options).parts.pagesPerSegment;
  const kinds = [
    { processor: processors.perBatch },
    { processor: processors.expressItems },
    { processor: processors.perItem },
    { processor: processors.stateMachine },
    { transport: () => PageTransport.s3() },
  ];
  const told = rowsUnder('docs/paged-batch-etl/failures.md', 'processor').map(([, ...numbers]) => numbers.map(Number));
  expect(told).toEqual(kinds.map((options) => [pages(options), pages({ ...options, tolerance: {} })]));
});

describe('limits', () => {
  const limitsOf = (options?: TolerateOptions) => {
    const { template } = synthConstruct(tolerating(options));
    const [segment] = resourcesOfType(template, 'AWS::StepFunctions::StateMachine').filter(({ id }) => id.startsWith('MetricsSegment'));
    return Object(Object(Object(definition(segment).States)['Collect Failures']).Parameters).Payload.limits;
  };

  test.each<[TolerateOptions | undefined, object]>([
    [undefined, { items: 1_000, percentage: 50 }],
    [{ maxItems: 7 }, { items: 7, percentage: null }],
    [{ maxPercentage: 0.5 }, { items: null, percentage: 0.5 }],
    [{ maxItems: 0, maxPercentage: 100 }, { items: 0, percentage: 100 }],
  ])('%j', (options, limits) => {
    expect(limitsOf(options)).toEqual(limits);
  });

  test.each<[TolerateOptions, string]>([
    [{ maxItems: -1 }, 'maxItems of FailurePolicy.tolerate must be a whole number from 0 to 2147483647, got -1; leave it out, and give maxPercentage, for any number'],
    [{ maxItems: 1.5 }, 'maxItems of FailurePolicy.tolerate must be a whole number from 0 to 2147483647, got 1.5; leave it out, and give maxPercentage, for any number'],
    [{ maxItems: Token.asNumber({}) }, 'maxItems of FailurePolicy.tolerate must be known at synthesis, got "a token"; the workflow is rendered with it'],
    [{ maxPercentage: 101 }, 'maxPercentage of FailurePolicy.tolerate must be a number from 0 to 100, got 101; write percent, such as 0.5 for one item of 200'],
    [{ maxPercentage: NaN }, 'maxPercentage of FailurePolicy.tolerate must be a number from 0 to 100, got NaN; write percent, such as 0.5 for one item of 200'],
    [{ deadLetters: { prefix: '/letters' } },
      'prefix of deadLetters of FailurePolicy.tolerate must be a key prefix that ends in a slash and does not start with one, got "/letters"; such as `dead-letters/`'],
  ])('%j is refused', (options, message) => {
    expect(() => synthConstruct(tolerating(options))).toThrow(refusal(message));
  });
});

test('RunContinuation.selfRestart is refused, with the reason', () => {
  expect(() => synthConstruct(() => ({ failurePolicy: FailurePolicy.tolerate(), continuation: RunContinuation.selfRestart() }))).toThrow(refusal(
    'continuation must be RunContinuation.supervised where failurePolicy is FailurePolicy.tolerate, got "RunContinuation.selfRestart"; only a supervised run can be redriven after '
    + 'too many items failed; leave continuation out, or leave failurePolicy out',
  ));
});

test.each([['grantReadDeadLetters'], ['metricFailedItems']] as const)('%s is refused where no failure is tolerated', (method) => {
  const { etl, stack } = synthConstruct(() => ({}));
  expect(() => (method === 'metricFailedItems' ? etl[method]() : etl[method](importedFunction(stack, 'reader')))).toThrow(refusal(
    `failurePolicy must be FailurePolicy.tolerate where ${method} is called, got "FailurePolicy.failFast"; the first failure fails the run, so leave the call out`,
  ));
});

describe('rights', () => {
  test('the collector writes and deletes letters, reads pages where they are in a bucket, and no more', () => {
    const rights = (transport?: PageTransport) => roleStatements(synthConstruct(() => ({ failurePolicy: FailurePolicy.tolerate(), transport })).template, 'MetricsCollectorRole');
    const letters = { Effect: 'Allow', Action: ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'], Resource: [expect.stringMatching(/^<MetricsDeadLetters\w+\.Arn>\/dead-letters\/\*$/)] };
    const logs = expect.objectContaining({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] });
    expect(rights()).toEqual([logs, letters]);
    expect(rights(PageTransport.s3())).toEqual([logs, letters, { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [expect.stringMatching(/^<MetricsPages\w+\.Arn>\/pages\/\*$/)] }]);
  });

  test('the segment may call it, and nobody else', () => {
    const { template } = synthConstruct(tolerating());
    const calling = (role: string) => JSON.stringify(roleStatements(template, role)).includes('MetricsCollector');
    expect(['MetricsSegmentRole', 'MetricsWorkflowRole', 'MetricsSourceRole'].map(calling)).toEqual([true, false, false]);
  });
});

test('a bucket of the user gets the letters, and none is made', () => {
  const { template, etl } = synthConstruct((stack) => ({ failurePolicy: FailurePolicy.tolerate({ deadLetters: { bucket: Bucket.fromBucketName(stack, 'Mine', 'mine'), prefix: 'x/' } }) }));
  expect(resourcesOfType(template, 'AWS::S3::Bucket')).toEqual([]);
  expect(etl.deadLetterBucket?.bucketName).toBe('mine');
  const [collector] = resourcesOfType(template, 'AWS::Lambda::Function').filter(({ id }) => id.startsWith('MetricsCollector'));
  expect(plain(collector.Properties.Environment)).toEqual({ Variables: { LETTERS_BUCKET: 'mine', LETTERS_PREFIX: 'x/' } });
});

test('the bucket made here keeps letters, encrypted, and out of sight', () => {
  const { template, etl } = synthConstruct(tolerating({ deadLetters: { withDocuments: true } }));
  const [bucket] = resourcesOfType(template, 'AWS::S3::Bucket');
  expect(plain(bucket.Properties)).toMatchObject({ PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true } });
  expect(bucket.Properties).not.toHaveProperty('LifecycleConfiguration');
  Template.fromJSON(template.toJSON()).hasResource('AWS::S3::Bucket', { DeletionPolicy: 'RetainExceptOnCreate' });
  expect(etl.deadLetterBucket).toBeDefined();
  expect(etl.collectorFunction).toBeDefined();
});

test('a page is as large as it can be beside what is told of its failures', () => {
  const bytes = (processor: (stack: Stack) => ItemProcessor, batchSize?: number, withDocuments = false) => (
    synthEtl({ processor, batchSize, tolerance: { withDocuments } }).transport.maxPageBytes / 1024);
  expect(bytes(processors.perBatch)).toBe(180);
  expect(bytes(processors.perBatch, undefined, true)).toBe(110);
  expect(bytes(processors.stateMachine)).toBe(110);
  expect(bytes(processors.perItem)).toBe(180);
  expect(Math.floor(bytes(processors.expressItems))).toBe(90);
});
