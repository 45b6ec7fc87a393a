import { App, Duration, RemovalPolicy, Size, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { IGrantable, User } from 'aws-cdk-lib/aws-iam';
import { IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, IFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import * as fc from 'fast-check';
import { ItemProcessor, PagedBatchEtl, PageSource, PageTransport, RunContinuation, S3TransportOptions } from '../../../src';
import { expressRetries, longestCalls, longestExpressTimeout, mostCalls } from '../../../src/paged-batch-etl/workflow/express-fit';
import { functionRetries } from '../../../src/paged-batch-etl/workflow/task-retry';
import { AslDistributedMap, AslGraph, AslMachine, AslMap, AslTask, isDistributed } from '../../../src/private/synth/asl';
import { useOfOtherStack } from '../../support/construct-kit/other-stack';
import { definitionsOf } from '../../support/etl-definitions';
import { refusal } from '../../support/refusal';
import { ETL, EtlProps, etlProps, importedFunction, sourceEnvironment, synthEtl, SynthesisedEtl } from '../../support/synth-etl';
import { keyStatements, only, plain, resourcesOfType, roleStatements } from '../../support/template';

const ENV = { account: '111122223333', region: 'eu-central-1' };

const s3 = (options?: S3TransportOptions): EtlProps => () => ({ transport: PageTransport.s3(options) });

const functionOf = (timeout?: Duration) => (stack: Stack): IFunction => (
  new LambdaFunction(stack, 'Own', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('//'), timeout }));

function segmentOf({ template }: SynthesisedEtl): AslMachine {
  const found = Object.entries(definitionsOf(template)).find(([name]) => name.endsWith('Segment'));
  if (found === undefined) throw new Error('there is no segment');
  return found[1];
}

function mapOf(synthesised: SynthesisedEtl): AslDistributedMap {
  const state = segmentOf(synthesised).States['Process Page'];
  if (state.Type !== 'Map' || !isDistributed(state)) throw new Error(`Process Page is a ${state.Type}`);
  return state;
}

/** The Task that calls the function. */
function callOf({ States }: AslGraph): AslTask | undefined {
  const found = Object.values(States).map((state) => (state.Type === 'Map' ? callOf(state.ItemProcessor) : state));
  return found.find((state): state is AslTask => state?.Type === 'Task' && state.Resource.endsWith(':lambda:invoke'));
}

const infos = ({ stack }: SynthesisedEtl) => Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('STANDARD')).map(({ entry }) => String(entry.data));
const warnings = ({ stack }: SynthesisedEtl, name: string) => (
  Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp(`cdk-data-workflows:${name}`)).map(({ entry }) => String(entry.data)));

describe('inline', () => {
  test('is the default: nothing is stored', () => {
    const [byDefault, inline] = [synthEtl(), synthEtl(() => ({ transport: PageTransport.inline() }))];
    expect(inline.template.toJSON()).toEqual(byDefault.template.toJSON());
    expect(byDefault.etl.pageBucket).toBeUndefined();
    expect(resourcesOfType(byDefault.template, 'AWS::S3::Bucket')).toEqual([]);
    expect(Object.keys(sourceEnvironment(byDefault.template)).filter((name) => name.startsWith('PAGE_'))).toEqual(['PAGE_BYTES']);
  });

  test('has no pages to grant', () => {
    expect(() => synthEtl(undefined, (etl, stack) => etl.grantReadPages(new User(stack, 'Reader')))).toThrow(refusal(
      'transport must be PageTransport.s3 where grantReadPages is called, got "PageTransport.inline"; no page is stored, so leave the call out',
    ));
  });
});

describe('the bucket of pages', () => {
  test('is made by default, and forgets pages after 30 days', () => {
    const { template, etl, stack } = synthEtl(s3());
    const { id, Properties } = only(template, 'AWS::S3::Bucket');
    expect(stack.resolve(etl.pageBucket?.bucketName)).toEqual({ Ref: id });
    expect(Properties.LifecycleConfiguration).toEqual({
      Rules: [{ ExpirationInDays: 30, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }],
    });
    expect(JSON.stringify(Properties.BucketEncryption)).toContain('AES256');
    expect(sourceEnvironment(template)).toMatchObject({
      PAGE_BUCKET: `<${id}>`, PAGE_PREFIX: 'pages/', PAGE_OBJECT_BYTES: `${16 * 1024 ** 2}`, PAGE_BATCH_BYTES: `${200 * 1024}`, PAGE_BATCH_TEXT_BYTES: `${240 * 1024}`, PAGE_BYTES: `${180 * 1024}`,
    });
  });

  test('is as it is asked to be', () => {
    const { template } = synthEtl(s3({ prefix: 'a/b/', maxPageBytes: Size.mebibytes(64), retention: Duration.days(15) }));
    expect(JSON.stringify(only(template, 'AWS::S3::Bucket').Properties.LifecycleConfiguration)).toContain('"ExpirationInDays":15');
    expect(sourceEnvironment(template)).toMatchObject({ PAGE_PREFIX: 'a/b/', PAGE_OBJECT_BYTES: `${64 * 1024 ** 2}` });
  });

  test('has batches that leave room for the input in the answer, where a state machine is the processor', () => {
    const { template } = synthEtl((stack) => ({
      transport: PageTransport.s3(),
      processor: ItemProcessor.stateMachine({ stateMachine: new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) }) }),
    }));
    expect(sourceEnvironment(template)).toMatchObject({ PAGE_BATCH_BYTES: `${90 * 1024}`, PAGE_BYTES: `${110 * 1024}` });
  });

  test('is encrypted with the key of the construct, by the key of the bucket', () => {
    const { template } = synthEtl((stack) => ({ ...s3()(stack), encryptionKey: new Key(stack, 'Key') }));
    expect(plain(only(template, 'AWS::S3::Bucket').Properties.BucketEncryption)).toEqual({
      ServerSideEncryptionConfiguration: [{
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: expect.stringMatching(/^<Key\w+\.Arn>$/) },
      }],
    });
  });

  test.each([[undefined, 'RetainExceptOnCreate', 'Retain'], [RemovalPolicy.DESTROY, 'Delete', 'Delete']])('removalPolicy %p', (removalPolicy, deletion, replace) => {
    const { template } = synthEtl((stack) => ({ ...s3()(stack), removalPolicy }));
    expect(template.toJSON().Resources[only(template, 'AWS::S3::Bucket').id]).toMatchObject({ DeletionPolicy: deletion, UpdateReplacePolicy: replace });
  });

  const bring = (bucketOf: (stack: Stack) => IBucket, env = ENV) => (
    synthEtl((stack) => ({ transport: PageTransport.s3({ bucket: bucketOf(stack), prefix: 'mine/' }) }), undefined, { env }));

  test('may be brought: then it is the user who lets pages expire, which a warning says', () => {
    const brought = bring((stack) => Bucket.fromBucketName(stack, 'Mine', 'my-bucket'));
    expect(resourcesOfType(brought.template, 'AWS::S3::Bucket')).toEqual([]);
    expect(sourceEnvironment(brought.template)).toMatchObject({ PAGE_BUCKET: 'my-bucket', PAGE_PREFIX: 'mine/' });
    expect(brought.etl.pageBucket?.bucketName).toBe('my-bucket');
    expect(warnings(brought, 'pageLifecycle')).toEqual([expect.stringMatching(/let objects under mine\/ expire, .*noncurrent versions must expire as well/)]);
    expect(warnings(synthEtl(s3()), 'pageLifecycle')).toEqual([]);
  });

  test.each<[string, (stack: Stack) => IBucket]>([
    ['another account', (stack) => Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'my-bucket', account: '444455556666', region: ENV.region })],
    ['another Region', (stack) => Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'my-bucket', account: ENV.account, region: 'eu-west-1' })],
  ])('of %s is refused', (_name, bucketOf) => {
    expect(() => bring(bucketOf)).toThrow(/the place of bucket of PageTransport\.s3 must be eu-central-1 of 111122223333, got ".*"; a Distributed Map reads from/);
  });

  test.each<[string, (stack: Stack) => { bucket: IBucket; key: IKey }]>([
    ['made here', (stack) => {
      const key = new Key(stack, 'Key');
      return { key, bucket: new Bucket(stack, 'Mine', { encryption: BucketEncryption.KMS, encryptionKey: key }) };
    }],
    ['imported', (stack) => {
      const key = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/1');
      return { key, bucket: Bucket.fromBucketAttributes(stack, 'Mine', { bucketName: 'my-bucket', encryptionKey: key }) };
    }],
  ])('that is %s with a key is used with that', (_name, make) => {
    const { template } = synthEtl((stack) => ({ transport: PageTransport.s3({ bucket: make(stack).bucket }) }), (etl, stack) => {
      etl.grantReadPages(new User(stack, 'Reader'));
    });
    for (const role of ['MetricsSourceRole', 'MetricsSegmentRole']) {
      expect(roleStatements(template, role)).toContainEqual(expect.objectContaining({
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Condition: { StringEquals: { 'kms:ViaService': expect.stringMatching(/^s3\..*\.<AWS::URLSuffix>$/) } },
      }));
    }
    const reader = resourcesOfType(template, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('Reader'));
    expect(JSON.stringify(reader)).toContain('"kms:Decrypt"');
    expect(JSON.stringify(reader)).not.toContain('GenerateDataKey');
  });

  test('is read by a processor of another stack by its own policy and that of the key, without a circle', () => {
    const app = new App();
    const [theirs, ours] = ['Theirs', 'Ours'].map((id) => new Stack(app, id, { env: { account: '111122223333', region: 'eu-central-1' } }));
    const handler = functionOf()(theirs);
    const etl = new PagedBatchEtl(ours, 'Metrics', etlProps(ours, {
      transport: PageTransport.s3(), processor: ItemProcessor.perBatch({ handler }), encryptionKey: new Key(ours, 'Key'),
    }));
    etl.grantReadPages(handler).assertSuccess();
    const template = Template.fromStack(ours);
    const read = { Action: 's3:GetObject', Effect: 'Allow', Principal: { AWS: Match.anyValue() }, Resource: Match.anyValue() };
    template.hasResourceProperties('AWS::S3::BucketPolicy', { PolicyDocument: { Statement: Match.arrayWith([Match.objectLike(read)]) } });
    const decrypt = { Action: 'kms:Decrypt', Principal: { AWS: Match.anyValue() }, Condition: { StringEquals: { 'kms:ViaService': Match.anyValue() } } };
    template.hasResourceProperties('AWS::KMS::Key', { KeyPolicy: { Statement: Match.arrayWith([Match.objectLike(decrypt)]) } });
    expect([theirs.dependencies, ours.dependencies]).toEqual([[], [theirs]]);
  });

  describe('is granted in another stack', () => {
    const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1';
    interface Stacks { readonly keys: Stack; readonly theirs: Stack; readonly ours: Stack }
    interface WithKey extends Stacks { readonly key: IKey }
    interface Granted { readonly processor: ItemProcessor; readonly grantee: IGrantable }

    const perBatch = (handler: IFunction, grantee: IGrantable = handler): Granted => ({ processor: ItemProcessor.perBatch({ handler }), grantee });
    const ofMachine = (stack: Stack): Granted => {
      const machine = new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Nothing')) });
      return { processor: ItemProcessor.stateMachine({ stateMachine: machine }), grantee: machine };
    };
    const ofAlias = (stack: Stack, granted: 'alias' | 'function'): Granted => {
      const handler = new LambdaFunction(stack, 'Own', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('//') });
      const alias = handler.addAlias('live');
      return perBatch(alias, granted === 'alias' ? alias : handler);
    };
    const roleOf = ({ role }: IFunction): IGrantable => {
      if (role === undefined) throw new Error('the function has no role');
      return role;
    };

    test.each<[string, (stacks: WithKey) => Granted, (stacks: Stacks) => IKey, (stacks: WithKey) => IBucket | undefined]>([
      ['a function, key imported', ({ theirs }) => perBatch(functionOf()(theirs)), ({ ours }) => Key.fromKeyArn(ours, 'Key', ARN), () => undefined],
      ['a function whose environment has the same key', ({ key, theirs }) => perBatch(new LambdaFunction(theirs, 'Own', {
        runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('//'), environmentEncryption: key, environment: { A: '1' },
      })), ({ keys }) => new Key(keys, 'Key'), () => undefined],
      ['the role of a function', ({ theirs }) => {
        const handler = functionOf()(theirs);
        return perBatch(handler, roleOf(handler));
      }, ({ ours }) => new Key(ours, 'Key'), () => undefined],
      ['an alias', ({ theirs }) => ofAlias(theirs, 'alias'), ({ ours }) => new Key(ours, 'Key'), () => undefined],
      ['the function of an alias', ({ theirs }) => ofAlias(theirs, 'function'), ({ ours }) => new Key(ours, 'Key'), () => undefined],
      ['a state machine', ({ theirs }) => ofMachine(theirs), ({ ours }) => new Key(ours, 'Key'), () => undefined],
      ['a function, bucket brought', ({ theirs }) => perBatch(functionOf()(theirs)), ({ ours }) => new Key(ours, 'Key'), ({ ours, key }) => new Bucket(ours, 'Mine', { encryptionKey: key })],
    ])('%s may read and decrypt, without a circle', (_, granted, keyOf, bucketOf) => {
      const app = new App();
      const [keys, theirs, ours] = ['Keys', 'Theirs', 'Ours'].map((id) => new Stack(app, id, { env: ENV }));
      const encryptionKey = keyOf({ keys, theirs, ours });
      const given = { keys, theirs, ours, key: encryptionKey };
      const [{ processor, grantee }, bucket] = [granted(given), bucketOf(given)];
      const etl = new PagedBatchEtl(ours, 'Metrics', etlProps(ours, { transport: PageTransport.s3({ bucket }), processor, encryptionKey }));
      const mentions = (action: string) => {
        const policies = [Template.fromStack(theirs).findResources('AWS::IAM::Policy'), ...['AWS::S3::BucketPolicy', 'AWS::KMS::Key'].map((type) => Template.fromStack(ours).findResources(type))];
        return JSON.stringify(policies).split(`"${action}"`).length - 1;
      };
      etl.grantReadPages(grantee).assertSuccess();
      expect(mentions('s3:GetObject')).toBe(1);
      expect(mentions('kms:Decrypt')).toBeGreaterThan(0);
    });
  });

  test('of another stack is used without a circle', () => {
    const { theirs } = useOfOtherStack(ETL, (other) => ({ transport: PageTransport.s3({ bucket: new Bucket(other, 'Mine', { encryption: BucketEncryption.KMS }) }) }));
    expect(keyStatements(theirs).length).toBeGreaterThan(0);
  });
});

describe('what there is room for', () => {
  const functions = ['perItem', 'perBatch'] as const;
  const calling = (suffix: string, handlerOf: (stack: Stack) => IFunction) => functions.map((name): [string, EtlProps] => (
    [`${name}${suffix}`, (stack) => ({ processor: ItemProcessor[name]({ handler: handlerOf(stack) }) })]));
  const known = calling(', Express', functionOf(Duration.seconds(3)));
  const unknown = calling('', (stack) => importedFunction(stack, 'item'));
  const machine: EtlProps = (stack) => ({
    processor: ItemProcessor.stateMachine({ stateMachine: new StateMachine(stack, 'Own', { definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Pass')) }) }),
  });

  /** What the segment asks for, and what the function is told, for segments that do not say it. */
  function roomOf(props: EtlProps) {
    const synthesised = synthEtl(props);
    const read = segmentOf(synthesised).States['Read Page'];
    if (read.Type !== 'Task') throw new Error(`Read Page is a ${read.Type}`);
    return { asked: read.Parameters.Payload, told: sourceEnvironment(synthesised.template) };
  }

  test.each([...known, ...unknown, ['stateMachine', machine] as const])('%s: the event says it, and it is what the source function is told', (_name, props) => {
    const inline = roomOf(props);
    expect(inline.asked).toMatchObject({ contract: 3, pageBytes: Number(inline.told.PAGE_BYTES) });
    const { asked, told } = roomOf((stack) => ({ ...props(stack), ...s3()(stack) }));
    const { PAGE_BATCH_BYTES: bytes, PAGE_BATCH_TEXT_BYTES: textBytes, PAGE_BATCH_ITEMS: items } = told;
    const batch = { bytes: Number(bytes), textBytes: Number(textBytes), items: items === undefined ? null : Number(items) };
    expect(asked).toMatchObject({ contract: 4, batch });
  });
});

describe('rights', () => {
  const pages = '<MetricsPagesDF689368.Arn>';

  test('the source function writes pages, and learns that there is none yet', () => {
    expect(roleStatements(synthEtl(s3()).template, 'MetricsSourceRole').slice(2)).toEqual([
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject'], Resource: [`${pages}/pages/*`] },
      { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [pages] },
    ]);
  });

  test.each([[false, ['s3:GetObject']], [true, ['s3:GetObject', 's3:DeleteObject']]])('the segment reads pages and writes results: deletePages %p', (deletePages, actions) => {
    const { template } = synthEtl(s3({ deletePages }));
    expect(roleStatements(template, 'MetricsSegmentRole').filter(({ Action }) => Action[0].startsWith('s3:'))).toEqual([
      { Effect: 'Allow', Action: actions, Resource: [`${pages}/pages/*`] },
      { Effect: 'Allow', Action: ['s3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'], Resource: [`${pages}/pages/*/results/*`] },
    ]);
    expect(roleStatements(template, 'MetricsWorkflowRole').filter(({ Action }) => Action[0].startsWith('s3:'))).toEqual([]);
  });

  test('on the segment itself are there before a run can start one', () => {
    const { template } = synthEtl(s3());
    const [policy] = resourcesOfType(template, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('MetricsMapRuns'));
    expect(plain(policy.Properties.PolicyDocument)).toMatchObject({
      Statement: [
        { Action: 'states:StartExecution', Resource: '<MetricsSegment997CA4DA>' },
        {
          Action: ['states:DescribeExecution', 'states:StopExecution'],
          Resource: ['', '/Page'].map((label) => `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<MetricsSegment997CA4DA.Name>${label}:*`),
        },
      ],
    });
    const [run] = resourcesOfType(template, 'AWS::StepFunctions::StateMachine').filter(({ id }) => id.startsWith('MetricsWorkflow'));
    expect(run.DependsOn).toContain(policy.id);
  });
});

describe('how many items there can be', () => {
  test('does not hang on the batch size: a page costs the same whatever it holds', () => {
    const etls = [1, 10_000].map((batchSize) => synthEtl((stack) => ({ ...s3()(stack), batchSize })).etl);
    expect(etls.map(({ batchSize }) => batchSize)).toEqual([1, 10_000]);
    expect(new Set(etls.map(({ pagesPerSegment }) => pagesPerSegment)).size).toBe(1);
    for (const { largestSafeBatchSize, maxItemsPerRun } of etls) {
      expect(largestSafeBatchSize).toBe(10_000);
      expect(maxItemsPerRun).toBeGreaterThan(2_000_000_000);
      expect(maxItemsPerRun).toBeLessThan(2 ** 31);
    }
  });

  test.each(['perItem', 'perBatch'] as const)('is what 6 events for a page, and 3 for each retry, allow: %s', (name) => {
    const { etl } = synthEtl((stack) => ({ ...s3()(stack), processor: ItemProcessor[name]({ handler: importedFunction(stack, 'item') }) }));
    // Read Page 5 and 5 retries of 3 events each, Process Page 6 and 3 retries of 3 events, Check For More Data 2; around them, at most 17.
    expect(etl.pagesPerSegment).toBe(Math.floor((24_999 - 17) / (5 + 15 + 6 + 9 + 2)));
  });

  test('the run ends when full segments could no longer be counted, and not sooner where pages have few items', () => {
    const { template } = synthEtl(s3());
    const run = Object.entries(definitionsOf(template)).find(([name]) => name.endsWith('Workflow'))?.[1];
    const text = JSON.stringify(run?.States['Check For More Data']);
    const [, segments] = /"\$\.progress\.segments","NumericGreaterThanEquals":(\d+)/.exec(text) ?? [];
    const [, items] = /"\$\.progress\.items","NumericGreaterThan":(\d+)/.exec(text) ?? [];
    const { etl } = synthEtl(s3());
    expect(Number(segments)).toBeGreaterThan(1_000);
    expect(Number(items) + etl.pagesPerSegment * 20_000).toBe(2 ** 31 - 1);
  });
});

test('executions that call the function for few items say so', () => {
  const notesAt = (maxConcurrency: number) => {
    const { stack } = synthEtl((given) => ({
      ...s3()(given), processor: ItemProcessor.perItem({ handler: functionOf(Duration.seconds(30))(given), maxConcurrency }),
    }));
    return Annotations.fromStack(stack).findInfo('*', Match.stringLikeRegexp('in each of its executions')).map(({ entry }) => String(entry.data));
  };
  expect(notesAt(5)).toEqual([expect.stringMatching(/^ItemProcessor\.perItem calls the function at most 5 times in each of its executions/)]);
  expect(notesAt(40)).toEqual([expect.stringMatching(/at most \d+ times/)]);
});

describe('of which type the executions of a Map Run are', () => {
  const processed = (name: 'perItem' | 'perBatch', handler: (stack: Stack) => IFunction, retryAttempts?: number) => (
    synthEtl((stack) => ({ ...s3()(stack), processor: ItemProcessor[name]({ handler: handler(stack), retryAttempts }) })));

  describe.each(['perItem', 'perBatch'] as const)('%s', (name) => {
    test.each<[type: string, delay: number, seconds: number | undefined, retryAttempts: number | undefined]>([
      ['EXPRESS', name === 'perItem' ? 1 : 10, 3, undefined], ['EXPRESS', name === 'perItem' ? 1 : 10, 9, undefined], ['EXPRESS', 1, 10, undefined], ['EXPRESS', 1, 33, undefined],
      ['STANDARD', 10, 34, undefined], ['STANDARD', 10, 1_800, 0], ['EXPRESS', 1, 55, 0], ['STANDARD', 10, 3, 20],
    ])('%s with delays from %i s for a function of %p seconds and %p retries', (type, delay, seconds, retryAttempts) => {
      const synthesised = processed(name, functionOf(seconds === undefined ? undefined : Duration.seconds(seconds)), retryAttempts);
      const { ItemProcessor: processor } = mapOf(synthesised);
      expect(processor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: type });
      expect(callOf(processor)?.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))).toMatchObject({ IntervalSeconds: delay });
      expect(infos(synthesised)).toHaveLength(type === 'STANDARD' ? 1 : 0);
    });

    test.each([[1_800, 0], [34, 3], [1_200, 20], [3, 20]])('STANDARD for a function of %i seconds with %i retries, and EXPRESS as an annotation advises', (seconds, retryAttempts) => {
      const [advice] = infos(processed(name, functionOf(Duration.seconds(seconds)), retryAttempts));
      const [, retries = `${retryAttempts}`, most] = /taken with (?:at most (\d+) retryAttempts and )?a function of this app whose timeout is at most (\d+) seconds?$/.exec(advice) ?? [];
      const executionType = (timeout: number) => (
        mapOf(processed(name, functionOf(Duration.seconds(timeout)), Number(retries))).ItemProcessor.ProcessorConfig.ExecutionType);
      expect([executionType(Number(most)), executionType(Number(most) + 1)]).toEqual(['EXPRESS', 'STANDARD']);
    });

    test('STANDARD for a function whose time-out is not known, and an annotation says what it takes', () => {
      const synthesised = processed(name, (stack) => importedFunction(stack, 'item'));
      expect(mapOf(synthesised).ItemProcessor.ProcessorConfig.ExecutionType).toBe('STANDARD');
      expect(infos(synthesised)).toEqual([expect.stringMatching(/the timeout of an imported function is not known\. EXPRESS ones are taken with a function of this app whose timeout is at most 33 seconds$/)]);
    });
  });

  test('no retry is left out of the five minutes, and none of them is given away', () => {
    const numbers = [fc.integer({ min: 1, max: 1_900 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 5 })] as const;
    fc.assert(fc.property(...numbers, (seconds, attempts, calls) => {
      const given = { timeout: Duration.seconds(seconds), attempts, calls };
      const [long, short] = (['long', 'short'] as const).map((delays) => functionRetries({ attempts, delays }));
      const fitting = [long, short].find((retries) => longestCalls(given, retries) <= 290);
      expect(expressRetries(given)).toEqual(fitting);
      expect(mostCalls(given) >= calls).toBe(fitting !== undefined);
      if (calls === 1) expect(fitting !== undefined).toBe(seconds <= longestExpressTimeout(attempts));
    }));
  });
});

describe('at the same time', () => {
  test.each([
    ['perItem', undefined, 1, 40], ['perItem', 7, 1, 7], ['perItem', 41, 2, 20], ['perItem', 1_000, 25, 40],
    ['perBatch', undefined, 4, 10], ['perBatch', 7, 1, 7], ['perBatch', 11, 2, 5], ['perBatch', 1_000, 100, 10],
  ] as const)('%s, maxConcurrency %p: %i executions with %i calls each', (name, maxConcurrency, executions, calls) => {
    const synthesised = synthEtl((stack) => ({ ...s3()(stack), processor: ItemProcessor[name]({ handler: importedFunction(stack, 'item'), maxConcurrency }) }));
    const { MaxConcurrency, ItemProcessor: { States } } = mapOf(synthesised);
    const [inner] = Object.values(States).filter((state): state is AslMap => state.Type === 'Map' && !isDistributed(state));
    expect([MaxConcurrency, inner.MaxConcurrency]).toEqual([executions, calls]);
  });

  test.each([[500, 0], [501, 1]])('%i calls: %i warnings', (maxConcurrency, count) => {
    const synthesised = synthEtl((stack) => ({ ...s3()(stack), processor: ItemProcessor.perBatch({ handler: importedFunction(stack, 'item'), maxConcurrency }) }));
    expect(warnings(synthesised, 'muchConcurrency')).toHaveLength(count);
  });
});

describe('what cannot work is refused', () => {
  test('a batchSize that nothing would come of', () => {
    const perItem = (batchSize?: number, more?: EtlProps) => synthEtl((stack) => ({
      ...s3()(stack), processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item') }), batchSize, ...more?.(stack),
    }));
    expect(() => perItem(50)).toThrow(refusal(
      'batchSize must be left out where ItemProcessor.perItem gets pages through PageTransport.s3, got 50; each call has one item, and maxPageBytes of the '
        + 'transport says how large a page is',
    ));
    expect(perItem().etl.batchSize).toBe(100);
    expect(perItem(50, (stack) => ({ source: PageSource.custom({ handler: importedFunction(stack, 'source') }), parameters: {} })).etl.batchSize).toBe(50);
    expect(perItem(50, () => ({ transport: PageTransport.inline() })).etl.batchSize).toBe(50);
  });

  const bucket = new Bucket(new Stack(), 'Mine');

  test.each<[message: string, options: S3TransportOptions]>([
    ...['', '/', 'a', '/a/', 'a//', 'a*/', '../', 'a/./', `${'x'.repeat(512)}/`].map((prefix): [string, S3TransportOptions] => [
      'prefix of PageTransport.s3 must be', { prefix },
    ]),
    ['maxPageBytes of PageTransport.s3 must be from 1 MiB to 1 GiB, got "1023 KiB"; the default is 16 MiB', { maxPageBytes: Size.kibibytes(1_023) }],
    ['maxPageBytes of PageTransport.s3 must be from 1 MiB to 1 GiB, got "2 GiB"; the default is 16 MiB', { maxPageBytes: Size.gibibytes(2) }],
    ['maxPageBytes of PageTransport.s3 must be known at synthesis', { maxPageBytes: Size.mebibytes(Token.asNumber({ Ref: 'Size' })) }],
    ['retention of PageTransport.s3 must be whole days, at least 15, got "14 days"', { retention: Duration.days(14) }],
    ['retention of PageTransport.s3 must be whole days, at least 15, got "15 days 12 hours"', { retention: Duration.hours(15 * 24 + 12) }],
    ['retention of PageTransport.s3 must be left out for your own bucket', { retention: Duration.days(30), bucket }],
  ])('%s: %j', (message, options) => {
    expect(() => PageTransport.s3(options)).toThrow(message);
  });

  test('with a run that restarts itself', () => {
    expect(() => synthEtl((stack) => ({ ...s3()(stack), continuation: RunContinuation.selfRestart() }))).toThrow(refusal(
      'continuation must be RunContinuation.supervised where transport is PageTransport.s3, got "RunContinuation.selfRestart"; a run of it has room for as many '
        + 'items, and is redriven at the page that failed; leave continuation out, or let pages travel inline',
    ));
  });
});
