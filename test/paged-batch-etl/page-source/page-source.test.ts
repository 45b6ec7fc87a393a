import { Duration, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Alias, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  MissingCollection, MongoAlternate, MongoCaseFirst, MongoFilter, MongoItemFormat, MongoMaxVariable, MongoReadConcern, MongoReadPreference,
  PageSource,
} from '../../../src';
import { LONGEST_CUSTOM_READ } from '../../../src/paged-batch-etl/page-source/custom';
import { storingTime } from '../../../src/paged-batch-etl/source-functions/page-time';
import { TimeLeft } from '../../../src/paged-batch-etl/source-functions/time-left';
import { importedFunction, importedSecret, mongoConfig, mongoSource, sourceEnvironment, sourceOf, synthEtl } from '../../support/synth-etl';
import { only, plain, roleStatements } from '../../support/template';
import { withTimeLeft } from '../source-functions/harness';

const filter = '{"runDate":{"$gte":"$$date_begin","$lt":"$$date_end"}}';

describe('a MongoDB source', () => {
  test('by default reads what the secret says by TLS, checks the index and refuses mixed types', () => {
    expect(mongoConfig(synthEtl().template)).toEqual({
      engine: 'mongo',
      srv: false,
      tls: true,
      database: 'Analytics',
      collection: 'jobs',
      sort: ['runDate', '_id'],
      filter,
      indexCheck: true,
      mixedIdTypes: false,
      itemFormat: 'relaxed',
    });
  });

  test('walks by _id unless told otherwise', () => {
    const { template } = synthEtl((stack) => ({ source: PageSource.mongo({ connectionSecret: importedSecret(stack), database: 'd', collection: 'c' }) }));
    expect(mongoConfig(template)).toMatchObject({ sort: ['_id'] });
    expect(mongoConfig(template)).not.toHaveProperty('filter');
  });

  test('takes every option to the function', () => {
    const collation = {
      locale: 'de',
      caseLevel: true,
      caseFirst: MongoCaseFirst.LOWER,
      strength: 2,
      numericOrdering: true,
      alternate: MongoAlternate.SHIFTED,
      maxVariable: MongoMaxVariable.SPACE,
      normalization: true,
      backwards: false,
    };
    const { template } = synthEtl((stack) => ({
      source: mongoSource(stack, {
        host: 'cluster.example.com',
        srv: true,
        tls: false,
        projection: ['runDate', 'delay'],
        hint: 'runDate_1__id_1',
        readPreference: MongoReadPreference.SECONDARY,
        readConcern: MongoReadConcern.MAJORITY,
        collation,
        ifMissing: MissingCollection.EMPTY,
        indexCheck: false,
        itemFormat: MongoItemFormat.CANONICAL,
      }),
    }));
    expect(mongoConfig(template)).toEqual({
      engine: 'mongo',
      host: 'cluster.example.com',
      srv: true,
      tls: false,
      database: 'Analytics',
      collection: 'jobs',
      sort: ['runDate', '_id'],
      filter,
      projection: ['runDate', 'delay'],
      hint: 'runDate_1__id_1',
      readPreference: 'secondary',
      readConcern: 'majority',
      collation: {
        locale: 'de',
        caseLevel: true,
        caseFirst: 'lower',
        strength: 2,
        numericOrdering: true,
        alternate: 'shifted',
        maxVariable: 'space',
        normalization: true,
        backwards: false,
      },
      ifMissing: 'empty',
      indexCheck: false,
      mixedIdTypes: false,
      itemFormat: 'canonical',
    });
  });

  test('takes mixed types of _id when asked to', () => {
    const { template } = synthEtl((stack) => ({ source: mongoSource(stack, { sort: ['_id'], filter: undefined, mixedIdTypes: true }) }));
    expect(mongoConfig(template)).toMatchObject({ sort: ['_id'], mixedIdTypes: true });
  });

  test('has the time and memory that it is given', () => {
    const { template } = synthEtl((stack) => ({ source: mongoSource(stack, { timeout: Duration.minutes(3), memorySize: 1024 }) }));
    expect(sourceOf(template).Properties).toMatchObject({ Timeout: 180, MemorySize: 1024 });
  });

  test('with a filter that is as large as a function can hold is made, and one that is larger is refused', () => {
    const withFilter = (length: number) => synthEtl((stack) => ({
      source: mongoSource(stack, { filter: MongoFilter.ejson(JSON.stringify({ name: 'x'.repeat(length) })) }),
    })).template;
    // The room that everything else leaves; names are known, so it is the same in every run.
    const { MONGO_SOURCE } = sourceEnvironment(withFilter(0));
    expect(MONGO_SOURCE.length).toBeGreaterThan(100);
    const fits = (length: number) => {
      try {
        return Buffer.byteLength(JSON.stringify(sourceEnvironment(withFilter(length))));
      } catch (error) {
        return String(error);
      }
    };
    expect(fits(2_500)).toBeLessThanOrEqual(4_096);
    expect(fits(4_000)).toMatch(
      /^InvalidPropError: Stack\/Metrics: the source together with the parameters must be at most 4096 bytes, got "\d+ bytes of environment variables"; shorten the filter/,
    );
  });
});

describe('a DocumentDB source', () => {
  const { template, etl } = synthEtl((stack) => ({
    source: PageSource.documentDb({ connectionSecret: importedSecret(stack), vpc: new Vpc(stack, 'Vpc'), database: 'Analytics', collection: 'jobs' }),
  }));

  test('asks nothing of the server that DocumentDB lacks', () => {
    expect(mongoConfig(template)).toEqual({
      engine: 'documentDb',
      tls: true,
      database: 'Analytics',
      collection: 'jobs',
      sort: ['_id'],
      indexCheck: true,
      mixedIdTypes: false,
      itemFormat: 'relaxed',
    });
  });

  test('is in its VPC', () => {
    expect(plain(sourceOf(template).Properties.VpcConfig)).toMatchObject({ SecurityGroupIds: [expect.stringContaining('MetricsSource')] });
    expect(etl.connections.securityGroups).toHaveLength(1);
  });
});

describe('a custom source', () => {
  test('is called through a function that may call it and nothing else', () => {
    const { template } = synthEtl((stack) => ({ source: PageSource.custom({ handler: importedFunction(stack, 'invoices') }) }));
    const arn = 'arn:<AWS::Partition>:lambda:<AWS::Region>:<AWS::AccountId>:function:invoices';
    expect(sourceEnvironment(template)).toMatchObject({ SOURCE_FUNCTION_ARN: arn });
    expect(sourceEnvironment(template)).not.toHaveProperty('MONGO_SOURCE');
    expect(roleStatements(template, 'MetricsSourceRole').slice(1)).toEqual([{ Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [arn] }]);
  });

  test.each<[string, (stack: Stack) => PageSource, number]>([
    ['an imported function', (stack) => PageSource.custom({ handler: importedFunction(stack, 'invoices') }), 90],
    ['a function with a time-out', (stack) => PageSource.custom({ handler: ownFunction(stack, Duration.minutes(2)) }), 150],
    ['a function without one', (stack) => PageSource.custom({ handler: ownFunction(stack) }), 33],
    ['a function with the longest time-out', (stack) => PageSource.custom({ handler: ownFunction(stack, Duration.minutes(30)) }), 1_770],
    ['a version of a function', (stack) => PageSource.custom({ handler: ownFunction(stack, Duration.minutes(2)).currentVersion }), 150],
    ['an alias of a function', (stack) => PageSource.custom({ handler: aliasOf(ownFunction(stack, Duration.minutes(2))) }), 150],
    ['a time-out of its own', (stack) => PageSource.custom({ handler: ownFunction(stack), timeout: Duration.seconds(10) }), 40],
  ])('waits for %s, and then says so itself', (_name, source, seconds) => {
    const { template } = synthEtl((stack) => ({ source: source(stack) }));
    expect(sourceOf(template).Properties.Timeout).toBe(seconds);
  });

  test('gives the first answer of a page in S3 all of it, however long it is', () => {
    const stack = new Stack();
    const handler = importedFunction(stack, 'invoices');
    const leftOf = (seconds: number): number => {
      const { _binding: source } = PageSource.custom({ handler, timeout: Duration.seconds(seconds) });
      const time = new TimeLeft(withTimeLeft(source.bind({ scope: stack, parameters: {} }).timeout.toMilliseconds()));
      return time.forCall(storingTime(time)) - seconds * 1000;
    };
    const longest = LONGEST_CUSTOM_READ.toSeconds();
    // Before that call, only the record of the page is looked for.
    for (let seconds = 1; seconds <= longest; seconds += 1) expect(leftOf(seconds)).toBeGreaterThanOrEqual(2_000);
  });

  test('that is a version or an alias is called as that', () => {
    const { template } = synthEtl((stack) => ({ source: PageSource.custom({ handler: ownFunction(stack).currentVersion }) }));
    const version = only(template, 'AWS::Lambda::Version').id;
    expect(sourceEnvironment(template).SOURCE_FUNCTION_ARN).toBe(`<${version}>`);
    expect(roleStatements(template, 'MetricsSourceRole').slice(1)).toEqual([{ Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [`<${version}>`] }]);
  });
});

test('the page bytes of the processor and the largest batch are the function\'s', () => {
  const { template, etl } = synthEtl(() => ({ batchSize: 50 }));
  expect(sourceEnvironment(template)).toMatchObject({ PAGE_BYTES: '184320', MAX_BATCH_SIZE: '50' });
  expect(etl.batchSize).toBe(50);
});

function ownFunction(stack: Stack, timeout?: Duration): LambdaFunction {
  return new LambdaFunction(stack, 'Own', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = () => 1'), timeout });
}

function aliasOf(handler: LambdaFunction): Alias {
  return new Alias(handler, 'Live', { aliasName: 'live', version: handler.currentVersion });
}
