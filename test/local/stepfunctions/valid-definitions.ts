import { sequence, single, task } from './support';
import { JsonObject } from '../../../local/json';

const inner = (name: string) => single({ Type: 'Pass' }, name);
const distributed = (name: string) => ({ ...inner(name), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } });
const lambdaArn = 'arn:aws:lambda:us-east-1:111122223333:function:f';
const bucket = 'arn:aws:states:::s3';

/** Definitions that use every field of the States Language once, and are right. */
export const validDefinitions: Readonly<Record<string, JsonObject>> = {
  'a machine': { ...single({ Type: 'Pass', Comment: 'c' }), Comment: 'c', Version: '1.0', TimeoutSeconds: 60, QueryLanguage: 'JSONPath' },
  'the flow of data': sequence({
    P: { Type: 'Pass', InputPath: '$.a', OutputPath: '$', Parameters: { 'b.$': '$.c', 'd': [1, { 'e.$': 'States.Format(\'{}\', $$.Execution.Id)' }] }, ResultPath: '$.r' },
    Q: { Type: 'Pass', Result: { a: 1 }, Assign: { 'x': 1, 'y.$': '$.a' } },
    W: { Type: 'Wait', Seconds: 1 },
    X: { Type: 'Wait', SecondsPath: '$.s' },
    Y: { Type: 'Wait', Timestamp: '2026-01-01T00:00:00Z' },
    Z: { Type: 'Wait', TimestampPath: '$.t' },
  }),
  'a Task': {
    StartAt: 'T',
    States: {
      T: task({
        Resource: lambdaArn,
        Parameters: { 'a.$': '$.b' },
        ResultSelector: { 'c.$': '$.d' },
        ResultPath: null,
        TimeoutSeconds: 10,
        HeartbeatSeconds: 5,
        Retry: [
          { ErrorEquals: ['A', 'States.Timeout'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1.5, MaxDelaySeconds: 60, JitterStrategy: 'FULL' },
          { ErrorEquals: ['States.ALL'] },
        ],
        Catch: [{ ErrorEquals: ['B'], Next: 'F', ResultPath: '$.e', Assign: { 'v.$': '$.Cause' } }, { ErrorEquals: ['States.ALL'], Next: 'G' }],
        Next: 'U',
      }),
      U: task({ Resource: lambdaArn, TimeoutSecondsPath: '$.t', HeartbeatSecondsPath: '$.h', Credentials: { RoleArn: 'arn:aws:iam::111122223333:role/r' }, End: true }),
      F: { Type: 'Fail', Error: 'E', Cause: 'C' },
      G: { Type: 'Fail', ErrorPath: '$.Error', CausePath: '$.Cause' },
    },
  },
  'a Choice': {
    StartAt: 'C',
    States: {
      C: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.a', StringEquals: 'x', Next: 'S', Assign: { v: 1 } },
          { Variable: '$.a', NumericGreaterThanPath: '$.b', Next: 'S' },
          { And: [{ Variable: '$.a', IsPresent: true }, { Not: { Variable: '$.a', TimestampLessThan: '2026-01-01T00:00:00Z' } }], Next: 'S' },
          { Or: [{ Variable: '$.a', BooleanEquals: true }, { Variable: '$.a', NumericEquals: 1 }], Next: 'S' },
        ],
        Default: 'S',
      },
      S: { Type: 'Succeed', InputPath: '$.a', OutputPath: '$.b' },
    },
  },
  'graphs inside': sequence({
    P: { Type: 'Parallel', Branches: [inner('A'), inner('B')], Parameters: { 'a.$': '$' }, ResultSelector: { 'b.$': '$' }, ResultPath: '$.r', Retry: [{ ErrorEquals: ['A'] }] },
    M: { Type: 'Map', ItemProcessor: { ...inner('I'), ProcessorConfig: { Mode: 'INLINE' } }, ItemsPath: '$.i', ItemSelector: { 'a.$': '$' }, MaxConcurrency: 2 },
    N: { Type: 'Map', Iterator: inner('J'), Parameters: { 'a.$': '$' }, MaxConcurrencyPath: '$.m' },
  }),
  'distributed Maps': sequence({
    M: {
      Type: 'Map',
      ItemProcessor: distributed('I'),
      ItemReader: {
        Resource: `${bucket}:getObject`,
        Parameters: { 'Bucket': 'b', 'Key.$': '$.k' },
        ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['a'], CSVDelimiter: 'COMMA', MaxItems: 5 },
      },
      ItemBatcher: { BatchInput: { 'a.$': '$' }, MaxItemsPerBatch: 2, MaxInputBytesPerBatch: 1000 },
      ResultWriter: { Resource: `${bucket}:putObject`, Parameters: { Bucket: 'b', Prefix: 'p' }, WriterConfig: { Transformation: 'NONE', OutputType: 'JSON' } },
      Label: 'L',
      ToleratedFailureCount: 1,
      ToleratedFailurePercentage: 2,
    },
    N: {
      Type: 'Map',
      ItemProcessor: distributed('J'),
      ItemReader: { Resource: `${bucket}:listObjectsV2`, Parameters: { Bucket: 'b' }, ReaderConfig: { MaxItemsPath: '$.m' } },
      ItemBatcher: { MaxItemsPerBatchPath: '$.b', MaxInputBytesPerBatchPath: '$.c' },
      ToleratedFailureCountPath: '$.f',
      ToleratedFailurePercentagePath: '$.p',
    },
  }),
  'JSONata': {
    ...sequence({
      P: { Type: 'Pass', Output: { a: '{% $states.input.b %}' }, Assign: { x: '{% 1 %}' } },
      W: { Type: 'Wait', Seconds: '{% $x %}', Output: '{% $states.input %}' },
      V: { Type: 'Wait', Timestamp: '{% $now() %}' },
      M: {
        Type: 'Map',
        Items: '{% [1, 2] %}',
        ItemSelector: { a: '{% $states.context.Map.Item.Value %}' },
        MaxConcurrency: '{% 1 %}',
        ItemProcessor: distributed('I'),
        ItemReader: { Resource: `${bucket}:getObject`, Arguments: { Bucket: '{% $x %}', Key: 'k' }, ReaderConfig: { InputType: 'JSON', MaxItems: '{% 3 %}' } },
        ItemBatcher: { BatchInput: { a: '{% $x %}' }, MaxItemsPerBatch: '{% 2 %}', MaxInputBytesPerBatch: '{% 1000 %}' },
        ResultWriter: { Resource: `${bucket}:putObject`, Arguments: { Bucket: 'b' } },
        ToleratedFailureCount: '{% 1 %}',
        ToleratedFailurePercentage: '{% 2 %}',
      },
      Q: { Type: 'Parallel', Arguments: '{% $x %}', Branches: [inner('B')], Output: '{% $states.result %}' },
      T: task({
        Resource: lambdaArn,
        Arguments: { a: '{% $x %}' },
        TimeoutSeconds: '{% 5 %}',
        HeartbeatSeconds: '{% 2 %}',
        Credentials: { RoleArn: '{% $x %}' },
        Output: '{% $states.result.a %}',
        Assign: { y: '{% $states.result %}' },
        Retry: [{ ErrorEquals: ['A'] }],
      }),
    }),
    QueryLanguage: 'JSONata',
  },
  'JSONata, ends': {
    QueryLanguage: 'JSONata',
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.a = 1 %}', Next: 'S', Output: '{% 1 %}', Assign: { x: 1 } }], Default: 'T', Output: '{% 2 %}', Assign: { x: 2 } },
      T: task({ Resource: lambdaArn, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'F', Output: '{% $states.errorOutput.Cause %}', Assign: { e: '{% $states.errorOutput %}' } }], Next: 'S' }),
      S: { Type: 'Succeed', Output: '{% 1 %}' },
      F: { Type: 'Fail', Error: '{% \'E\' %}', Cause: '{% \'C\' %}' },
    },
  },
};
