import { MemoryStorage } from './distributed-map-support';
import { newExecution, sequence, single, task, trace, types } from './support';
import { ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';
import { ExecutionOptions } from '../../../local/stepfunctions/interpreter/execution';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { JsonataQueries } from '../../../local/stepfunctions/jsonata/queries';

const echo: ExecutionOptions['task'] = async ({ input }) => input;

/** A machine in JSONata. */
function jsonata(definition: JsonObject): JsonObject {
  return { QueryLanguage: 'JSONata', ...definition };
}

async function run(definition: JsonObject, options: Parameters<typeof newExecution>[1] = {}) {
  const execution = newExecution(definition, { task: echo, ...options });
  return { ...await execution.run(), execution };
}

/** The first EvaluationFailed of an execution. */
function failure({ execution: { history } }: Awaited<ReturnType<typeof run>>) {
  return history.events.find(({ type }) => type === 'EvaluationFailed');
}

const MISSING = '{% $states.input.missing %}';
const inner = single({ Type: 'Pass' }, 'Inner');

/** A Map that reads its items with such arguments. */
function reading(Arguments: JsonValue): JsonObject {
  const processor = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...inner };
  return { Type: 'Map', ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON' }, Arguments }, ItemProcessor: processor };
}

describe('a field without a value fails the state', () => {
  test.each<[string, JsonObject]>([
    ['Output', { Type: 'Pass', Output: MISSING }],
    ['Output/a/b[0][1]', { Type: 'Pass', Output: { a: { b: [[1, MISSING]] } } }],
    ['Assign/x/y', { Type: 'Pass', Assign: { x: { y: MISSING } } }],
    ['Arguments/Payload', task({ Arguments: { Payload: MISSING } })],
    ['TimeoutSeconds', task({ Arguments: {}, TimeoutSeconds: MISSING })],
    ['HeartbeatSeconds', task({ Arguments: {}, HeartbeatSeconds: MISSING })],
    ['Seconds', { Type: 'Wait', Seconds: MISSING }],
    ['Timestamp', { Type: 'Wait', Timestamp: MISSING }],
    ['Error', { Type: 'Fail', Error: MISSING }],
    ['Cause', { Type: 'Fail', Cause: MISSING }],
    ['Output', { Type: 'Succeed', Output: MISSING }],
    ['Arguments/x', { Type: 'Parallel', Arguments: { x: MISSING }, Branches: [inner] }],
    ['Items', { Type: 'Map', Items: MISSING, ItemProcessor: inner }],
    ['Items[1]', { Type: 'Map', Items: [1, MISSING], ItemProcessor: inner }],
    ['MaxConcurrency', { Type: 'Map', Items: [1], MaxConcurrency: MISSING, ItemProcessor: inner }],
    ['ItemSelector/x', { Type: 'Map', Items: [1], ItemSelector: { x: MISSING }, ItemProcessor: inner }],
  ])('%s of %j', async (location, state) => {
    const ended = await run(jsonata(single(state)));
    const cause = 'An error occurred while executing the state \'Only\' (entered at the event id #2). '
      + `The JSONata expression '$states.input.missing' specified for the field '${location}' returned nothing (undefined).`;
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError', cause });
    expect(failure(ended)?.details).toEqual({ state: 'Only', error: 'States.QueryEvaluationError', cause, location });
  });

  test.each<[string, JsonObject]>([
    ['Choices[1]/Condition', { Choices: [{ Condition: false, Next: 'End' }, { Condition: MISSING, Next: 'End' }] }],
    ['Choices[0]/Output/v', { Choices: [{ Condition: '{% true %}', Output: { v: MISSING }, Next: 'End' }], Output: 'default' }],
    ['Choices[0]/Assign/x', { Choices: [{ Condition: true, Assign: { x: MISSING }, Next: 'End' }] }],
    ['Output', { Choices: [{ Condition: false, Next: 'End' }], Default: 'End', Output: MISSING }],
  ])('%s of a Choice', async (location, fields) => {
    const ended = await run(jsonata({ StartAt: 'C', States: { C: { Type: 'Choice', ...fields }, End: { Type: 'Succeed' } } }));
    expect(failure(ended)?.details.location).toBe(location);
  });

  test('a rule after the one that holds is not evaluated', async () => {
    const Choices = [{ Condition: true, Next: 'End' }, { Condition: MISSING, Next: 'End' }];
    expect((await run(jsonata({ StartAt: 'C', States: { C: { Type: 'Choice', Choices }, End: { Type: 'Succeed' } } }))).status).toBe('SUCCEEDED');
  });

  test('Catch[1]/Output/v and Catch[1]/Assign/x: nothing catches them in the same state', async () => {
    for (const [location, fields] of [['Catch[1]/Output/v', { Output: { v: MISSING } }], ['Catch[1]/Assign/x', { Assign: { x: MISSING } }]] as const) {
      const Catch = [{ ErrorEquals: ['Mine'], Next: 'End' }, { ErrorEquals: ['States.ALL'], ...fields, Next: 'End' }];
      const ended = await run(jsonata({ StartAt: 'T', States: { T: task({ Arguments: {}, Catch, Next: 'End' }), End: { Type: 'Succeed' } } }), {
        task: async () => {
          throw new TaskFailure('Broken');
        },
      });
      expect(ended.status).toBe('FAILED');
      expect(failure(ended)?.details.location).toBe(location);
    }
  });
});

test.each<[string, JsonObject, string]>([
  ['a text for seconds', { Type: 'Wait', Seconds: '{% "5" %}' }, 'Expected \'number\', but was \'string\' for value: "5"'],
  ['half a second', { Type: 'Wait', Seconds: '{% 0.5 %}' }, 'Expected \'integer\', but was \'number\' for value: 0.5'],
  ['null for a time', { Type: 'Wait', Timestamp: '{% null %}' }, 'Expected \'string\', but was \'null\' for value: null'],
  ['a list for an error', { Type: 'Fail', Error: '{% [1] %}' }, 'Expected \'string\', but was \'array\' for value: [1]'],
  ['a number for items', { Type: 'Map', Items: '{% 1 %}', ItemProcessor: inner }, 'Expected \'array\', but was \'number\' for value: 1'],
  ['a time-out of zero', task({ Arguments: {}, TimeoutSeconds: '{% 0 %}' }), 'The TimeoutSeconds field must be at least 1: 0'],
  ['more seconds than a Wait takes', { Type: 'Wait', Seconds: '{% 100000000 %}' }, 'The Seconds field must be at most 99999999: 100000000'],
  ['a time-out that is too long', task({ Arguments: {}, TimeoutSeconds: '{% 1e8 %}' }), 'The TimeoutSeconds field must be at most 99999999: 100000000'],
  ['a negative concurrency', { Type: 'Map', Items: [1], MaxConcurrency: '{% -1 %}', ItemProcessor: inner }, 'The MaxConcurrency field must be at least 0: -1'],
  ['a number for a role', task({ Arguments: {}, Credentials: { RoleArn: '{% 1 %}' } }), '\'Credentials/RoleArn\' returned an unexpected result type. Expected \'string\', but was \'number\' for value: 1'],
  ['a list for the arguments of a reader', reading('{% [1] %}'), '\'ItemReader/Arguments\' returned an unexpected result type. Expected \'object\', but was \'array\' for value: [1]'],
  ['a number for a bucket', reading({ Bucket: '{% 1 %}', Key: 'k' }), '\'ItemReader/Arguments/Bucket\' returned an unexpected result type. Expected \'string\', but was \'number\' for value: 1'],
  ['an input that is no list', { Type: 'Map', ItemProcessor: inner }, 'Map state input must be an array but was: object'],
])('%s fails the state', async (_, state, problem) => {
  const ended = await run(jsonata(single(state)));
  expect(ended.error).toBe('States.QueryEvaluationError');
  expect(ended.cause).toContain(problem);
});

test('a condition that is no boolean fails the state', async () => {
  const definition = jsonata({ StartAt: 'C', States: { C: { Type: 'Choice', Choices: [{ Condition: '{% 1 %}', Next: 'End' }], Default: 'End' }, End: { Type: 'Succeed' } } });
  expect((await run(definition)).cause).toContain('\'Choices[0]/Condition\' returned an unexpected result type. Expected \'boolean\', but was \'number\' for value: 1');
});

describe('EvaluationFailed in the history', () => {
  test('stands beside the event that entered the state, if nothing has happened since', async () => {
    const { execution } = await run(jsonata(sequence({ A: { Type: 'Pass' }, B: { Type: 'Pass', Output: MISSING } })));
    expect(trace(execution).slice(3)).toEqual(['4<-3 PassStateEntered', '5<-3 EvaluationFailed', '6<-5 ExecutionFailed']);
  });

  test('follows what has happened in the state', async () => {
    const { execution } = await run(jsonata(single(task({ Arguments: {}, Output: MISSING }))));
    expect(trace(execution).slice(4)).toEqual(['5<-4 TaskSucceeded', '6<-5 EvaluationFailed', '7<-6 ExecutionFailed']);
  });

  test('once for every attempt, and a Catch goes on after the last', async () => {
    const state = task({
      Arguments: { a: MISSING },
      Retry: [{ ErrorEquals: ['States.QueryEvaluationError'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'After' }],
      Next: 'After',
    });
    const { execution, output } = await run(jsonata({ StartAt: 'T', States: { T: state, After: { Type: 'Succeed' } } }));
    expect(output).toBe('States.QueryEvaluationError');
    expect(trace(execution).slice(1, 5)).toEqual(['2<-0 TaskStateEntered', '3<-0 EvaluationFailed', '4<-3 EvaluationFailed', '5<-4 TaskStateExited']);
  });

  test('a Map or Parallel whose own field fails tells so, though it has not started', async () => {
    const failing: JsonObject[] = [
      { Type: 'Map', Items: MISSING, ItemProcessor: inner },
      { Type: 'Parallel', Arguments: MISSING, Branches: [inner] },
    ];
    for (const state of failing) {
      const { execution } = await run(jsonata(single(state)));
      expect(trace(execution).slice(1)).toEqual([
        `2<-0 ${String(state.Type)}StateEntered`, '3<-0 EvaluationFailed', `4<-3 ${String(state.Type)}StateFailed`, '5<-4 ExecutionFailed',
      ]);
    }
  });

  test('inside an iteration the Map fails after it', async () => {
    const { execution } = await run(jsonata(single({ Type: 'Map', Items: [1], ItemProcessor: single({ Type: 'Pass', Output: MISSING }, 'Inner') })));
    expect(types(execution).slice(4)).toEqual(['PassStateEntered', 'EvaluationFailed', 'MapIterationFailed', 'MapStateFailed', 'ExecutionFailed']);
  });
});

describe('$states and variables', () => {
  test('a Task sees its result in Output and Assign, and its token in Arguments', async () => {
    const resource = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
    const execution = newExecution(jsonata(single(task({
      Resource: resource, Arguments: { QueueUrl: 'q', MessageBody: '{% $states.context.Task.Token %}' }, Output: { given: '{% $states.input.a %}', back: '{% $states.result %}' },
    }))), {
      input: { a: 1 },
      tokens: undefined,
      task: async ({ input, token }) => {
        expect(input).toEqual({ QueueUrl: 'q', MessageBody: token });
        throw new TaskFailure('Seen');
      },
    });
    expect((await execution.run()).error).toBe('Seen');
    const ended = await run(jsonata(single(task({ Arguments: '{% {"b": $states.input.a} %}', Output: { given: '{% $states.input.a %}', back: '{% $states.result %}' } }))), { input: { a: 1 } });
    expect(ended.output).toEqual({ given: 1, back: { b: 1 } });
  });

  test('all values of an Assign see the variables as they were, and an iteration does not change those outside', async () => {
    const ended = await run(jsonata(sequence({
      A: { Type: 'Pass', Assign: { x: 1, y: 2 } },
      B: { Type: 'Pass', Assign: { x: '{% $y %}', y: '{% $x %}' } },
      M: { Type: 'Map', Items: [1], ItemProcessor: single({ Type: 'Pass', Assign: { z: '{% $x + $y %}' }, Output: '{% $states.input %}' }, 'I') },
      C: { Type: 'Pass', Output: { x: '{% $x %}', y: '{% $y %}', z: '{% $exists($z) %}' } },
    })));
    expect(ended.output).toEqual({ x: 2, y: 1, z: false });
  });

  test('a variable called like a function or like $states does not hide it from other states', async () => {
    const ended = await run(jsonata(sequence({ A: { Type: 'Pass', Assign: { sum: 5 } }, B: { Type: 'Pass', Output: ['{% $sum %}', '{% $count([1, 2]) %}'] } })));
    expect(ended.output).toEqual([5, 2]);
  });

  test('time in expressions is virtual', async () => {
    const start = Date.UTC(2026, 0, 1);
    const ended = await run(jsonata(sequence({
      A: { Type: 'Wait', Seconds: '{% 3600 %}' }, B: { Type: 'Wait', Timestamp: '{% $fromMillis($millis() + 3600000) %}' }, C: { Type: 'Pass', Output: '{% $now() %}' },
    })), { clock: new VirtualClock(start) });
    expect(ended.output).toBe('2026-01-01T02:00:00.000Z');
  });

  test('what one state returns, the next sees as JSON: a list of one item is a list', async () => {
    const ended = await run(jsonata(sequence({
      A: { Type: 'Pass', Assign: { list: '{% $states.input.rows[kind = "a"][] %}' }, Output: '{% [$states.input.rows[0]] %}' },
      B: { Type: 'Map', ItemProcessor: single({ Type: 'Pass', Output: '{% $states.input.kind %}' }, 'I'), Output: { kinds: '{% $states.result %}', list: '{% $list %}' } },
    })), { input: { rows: [{ kind: 'a' }, { kind: 'b' }] } });
    expect(ended.output).toEqual({ kinds: ['a'], list: [{ kind: 'a' }] });
  });
});

test('a text with anything before {% stands for itself', async () => {
  const Output = [' {% 1 %}', ' {% 1 %} ', 'x {% 1 %}', '{%1%}', '$states.input'];
  expect((await run(jsonata(single({ Type: 'Pass', Output })))).output).toEqual([' {% 1 %}', ' {% 1 %} ', 'x {% 1 %}', 1, '$states.input']);
});

test('numbers in the fields of a distributed Map may be expressions, and its children are in the language of the machine', async () => {
  const ended = await run(jsonata(single({
    Type: 'Map',
    Items: '{% $states.input.list %}',
    MaxConcurrency: '{% 1 %}',
    ToleratedFailureCount: '{% $count($states.input.list) %}',
    ItemSelector: { n: '{% $states.context.Map.Item.Value %}' },
    ItemBatcher: { MaxItemsPerBatch: '{% 2 %}', BatchInput: { name: '{% $states.context.State.Name %}' } },
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...single({ Type: 'Pass', Output: '{% [$states.input.BatchInput.name, $sum($states.input.Items.n)] %}' }, 'I') },
  })), { input: { list: [1, 2, 3] } });
  expect(ended.output).toEqual([['Only', 3], ['Only', 3]]);
});

test.each<[string, JsonValue, JsonValue]>([
  ['a list', ['{% $states.context.Map.Item.Value %}', 'x'], [[1, 'x'], [2, 'x']]],
  ['a text', 'x', ['x', 'x']],
  ['a number', 7, [7, 7]],
  ['an expression', '{% $states.context.Map.Item.Value * 2 %}', [2, 4]],
])('an item and the input of a batch may be any JSON: %s', async (_, selector, inputs) => {
  const items = { Type: 'Map', Items: [1, 2], ItemSelector: selector, ItemProcessor: inner };
  expect((await run(jsonata(single(items)))).output).toEqual(inputs);
  const batch = { MaxItemsPerBatch: 2, BatchInput: typeof selector === 'string' && selector.startsWith('{%') ? '{% $states.context.State.Name %}' : 'in' };
  const processor = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...inner };
  const [first] = [(await run(jsonata(single({ ...items, ItemBatcher: batch, ItemProcessor: processor })))).output].flat();
  expect(first).toEqual({ BatchInput: batch.BatchInput === 'in' ? 'in' : 'Only', Items: inputs });
});

test('a distributed Map in JSONata reads from S3 and writes to it', async () => {
  const storage = new MemoryStorage({ 'items.json': '[{"n":1},{"n":2},{"n":3}]' });
  const ended = await run(jsonata(single({
    Type: 'Map',
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON', MaxItems: '{% $states.input.most %}' }, Arguments: { Bucket: 'bucket', Key: '{% $states.input.key %}' },
    },
    ItemSelector: '{% $states.context.Map.Item.Value.n %}',
    ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: '{% {"Bucket": "bucket", "Prefix": $states.input.to} %}' },
    Output: '{% $states.result.ResultWriterDetails.Bucket %}',
    ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...single({ Type: 'Pass', Output: '{% $states.input * 10 %}' }, 'I') },
  })), { input: { most: 2, key: 'items.json', to: 'results' }, storage });
  expect(ended.output).toBe('bucket');
  const [succeeded] = [...storage.objects].filter(([key]) => key.startsWith('results/') && key.endsWith('SUCCEEDED_0.json'));
  expect(JSON.parse(succeeded[1].toString()).map(({ Output }: JsonObject) => Output)).toEqual(['10', '20']);
});

test.each<[string, JsonObject]>([
  ['ItemReader/Arguments/Key', { ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON' }, Arguments: { Bucket: 'b', Key: MISSING } } }],
  ['ItemReader/ReaderConfig/MaxItems', {
    ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSON', MaxItems: MISSING }, Arguments: { Bucket: 'b', Key: 'k' } },
  }],
  ['ItemBatcher/MaxItemsPerBatch', { Items: [1], ItemBatcher: { MaxItemsPerBatch: MISSING } }],
  ['ItemBatcher/BatchInput/x', { Items: [1], ItemBatcher: { MaxItemsPerBatch: 1, BatchInput: { x: MISSING } } }],
  ['ResultWriter/Arguments/Prefix', { Items: [1], ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: MISSING } } }],
  ['ToleratedFailurePercentage', { Items: [1], ToleratedFailurePercentage: MISSING }],
])('%s of a distributed Map', async (location, fields) => {
  const processor = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...inner };
  const ended = await run(jsonata(single({ Type: 'Map', ...fields, ItemProcessor: processor })), { storage: new MemoryStorage({ k: '[]' }) });
  expect(ended.error).toBe('States.QueryEvaluationError');
  expect(failure(ended)?.details.location).toBe(location);
});

test('executions of one machine share what is compiled', async () => {
  const queries = new JsonataQueries();
  const spy = jest.spyOn(queries.expressions, 'evaluate');
  const definition = jsonata(single({ Type: 'Pass', Output: '{% $states.input.n * 2 %}' }));
  const outputs = await Promise.all([1, 2, 3].map(async (n) => (await run(definition, { input: { n }, queries })).output));
  expect(outputs).toEqual([2, 4, 6]);
  expect(spy).toHaveBeenCalledTimes(3);
});

test('an execution that is stopped while an expression is evaluated leaves no event after it', async () => {
  const execution = newExecution(jsonata(single({ Type: 'Pass', Output: '{% $sum($map([1..1000], function($v) { $v })) %}' })));
  const running = execution.run();
  execution.stop('Enough');
  expect((await running).status).toBe('ABORTED');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(types(execution)).toEqual(['ExecutionStarted', 'PassStateEntered', 'ExecutionAborted']);
});

describe('when the machine is created', () => {
  const parse = (definition: JsonObject) => parseDefinition(JSON.stringify(definition), () => true);
  const output = (expression: string) => jsonata(single({ Type: 'Pass', Output: { v: `{% ${expression} %}` } }));
  const unsupported = (reference: string) => `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '${reference}' at the top level is not supported. at /States/Only/Output/v`;

  // Measured on AWS: floci-io/floci issues 2670 and 2745.
  test.each([
    ['1 +', 'INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/Only/Output/v'],
    ['$x[1,2)', 'INVALID_JSONATA_EXPRESSION: Expected "]", got "," at /States/Only/Output/v'],
    ['"unterminated', 'INVALID_JSONATA_EXPRESSION: String literal must be terminated by a matching quote at /States/Only/Output/v'],
    ['{"a":}', 'INVALID_JSONATA_EXPRESSION: The symbol "}" cannot be used as a unary operator at /States/Only/Output/v'],
    ['$match("a", /abc', 'INVALID_JSONATA_EXPRESSION: No terminating / in regular expression at /States/Only/Output/v'],
    ['phone', unsupported('phone')],
    ['phone[0]', unsupported('phone')],
    ['$.phone', unsupported('$')],
    ['{"a": [1, phone]}', unsupported('phone')],
    ['$map($states.input.a, function($x){ phone })', unsupported('phone')],
    ['$x ? phone : 1', unsupported('phone')],
    ['($x := phone; $x)', unsupported('phone')],
    ['$states.input ~> $f(phone)', unsupported('phone')],
    ['$$', 'UNSUPPORTED_JSONATA_EXPRESSION: Reference to \'$$\' is not supported. at /States/Only/Output/v'],
    ['$states.errorOutput', 'UNSUPPORTED_JSONATA_EXPRESSION: Field \'$states.errorOutput\' does not exist. at /States/Only/Output/v'],
    ['$states.result.a', 'UNSUPPORTED_JSONATA_EXPRESSION: Field \'$states.result\' does not exist. at /States/Only/Output/v'],
  ])('%s is refused', (expression, message) => {
    expect(() => parse(output(expression))).toThrow(ServiceError);
    expect(() => parse(output(expression))).toThrow(message);
  });

  test.each([
    '$states.input.items[phone > 3]', '$states.input.items^(phone)', '$states.input.items{phone: $sum(n)}', '$map($states.input.a, function($x){ $x.phone })', '$phone',
    '$states.context.Execution.Id', '$states.input ~> |a|{"b": c}|', '$states.input.a.(b + c)',
  ])('%s is accepted', (expression) => {
    expect(() => parse(output(expression))).not.toThrow();
  });

  test.each<[JsonObject, string]>([
    [task({ Arguments: {}, Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% phone %}', Next: 'Z' }], Next: 'Z' }), '/States/A/Catch[0]/Output'],
    [{ Type: 'Wait', Seconds: '{% phone %}', Next: 'Z' }, '/States/A/Seconds'],
    [{ Type: 'Wait', Timestamp: 'today', Next: 'Z' }, '/States/A/Timestamp'],
    [{ Type: 'Choice', Choices: [{ Condition: '{% phone = 1 %}', Next: 'Z' }] }, '/States/A/Choices[0]/Condition'],
    [{ Type: 'Map', ItemBatcher: { BatchInput: { Comment: '{% phone %}' } }, ItemProcessor: inner, Next: 'Z' }, '/States/A/ItemBatcher/BatchInput/Comment'],
    [{ Type: 'Map', ItemProcessor: single({ Type: 'Pass', Output: '{% phone %}' }, 'I'), Next: 'Z' }, '/States/A/ItemProcessor/States/I/Output'],
    [{ Type: 'Parallel', Branches: [single({ Type: 'Pass', Assign: { Next: '{% phone %}' } }, 'B')], Next: 'Z' }, '/States/A/Branches[0]/States/B/Assign/Next'],
    [{ Type: 'Pass', Assign: { 'x.$': 1 }, Next: 'Z' }, '/States/A/Assign/x.$'],
    [{ Type: 'Pass', Parameters: {}, Next: 'Z' }, 'The QueryLanguage is set to \'JSONata\', but field \'Parameters\' is only supported for the \'JSONPath\' QueryLanguage at /States/A'],
    [{ Type: 'Pass', QueryLanguage: 'JSONPath', Next: 'Z' }, '\'QueryLanguage\' can not be \'JSONPath\' if set to \'JSONata\' for whole state machine at /States/A'],
    [{ Type: 'Pass', QueryLanguage: 'jsonata', Next: 'Z' }, 'Value should be one of the following: [JSONPath, JSONata] at /States/A/QueryLanguage'],
  ])('%j is refused', (state, message) => {
    const definition = jsonata({ StartAt: 'A', States: { A: state, Z: { Type: 'Succeed' } } });
    expect(() => parse(definition)).toThrow(ServiceError);
    expect(() => parse(definition)).toThrow(message);
  });

  test('a state in JSONPath has no fields of JSONata, and texts in it are no expressions', () => {
    expect(() => parse(single({ Type: 'Pass', Output: 1 }))).toThrow('The QueryLanguage is set to \'JSONPath\', but field \'Output\' is only supported for the \'JSONata\' QueryLanguage at /States/Only');
    expect(() => parse(single({ Type: 'Pass', Parameters: { a: '{% phone %}' } }))).not.toThrow();
    expect(() => parse({ ...single({ Type: 'Pass' }), QueryLanguage: 'YAQL' })).toThrow('[JSONPath, JSONata] at /QueryLanguage');
  });

  test.each(['{% 1 %} ', '{% 1', '{%'])('%j begins as an expression, but does not end as one', (text) => {
    expect(() => parse(jsonata(single({ Type: 'Pass', Output: text })))).toThrow('JSONata string must start with {% and end with %} at /States/Only/Output');
  });

  test('comments, targets and names of errors and columns are no expressions', () => {
    const Retry = [{ ErrorEquals: ['{% phone %}'] }];
    const reader = { Resource: 'arn:aws:states:::s3:getObject', Arguments: { Bucket: 'b', Key: 'k' }, ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['{% phone %}'] } };
    const processor = { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...inner };
    expect(() => parse(jsonata(sequence({
      A: { Type: 'Pass', Comment: '{% phone %}' }, B: task({ Arguments: {}, Retry }), C: { Type: 'Map', ItemReader: reader, ItemProcessor: processor },
    })))).not.toThrow();
  });
});

describe('both languages in one machine', () => {
  test('states of a machine in JSONPath may be in JSONata, and variables and outputs go from one to the other', async () => {
    const ended = await run(sequence({
      A: { Type: 'Pass', Assign: { 'n.$': '$.n' } },
      B: { Type: 'Pass', QueryLanguage: 'JSONata', Assign: { m: '{% $n + 1 %}' }, Output: { list: '{% [$n, $n] %}' } },
      C: { Type: 'Pass', Parameters: { 'first.$': '$.list[0]', 'm.$': '$m' } },
    }), { input: { n: 1 } });
    expect(ended.output).toEqual({ first: 1, m: 2 });
  });

  test('states inside a Map fall back to the language of the machine, not to that of the Map', async () => {
    const processor = single({ Type: 'Pass', Parameters: { 'item.$': '$' } }, 'I');
    const ended = await run(single({ Type: 'Map', QueryLanguage: 'JSONata', Items: '{% [1, 2] %}', ItemProcessor: processor }));
    expect(ended.output).toEqual([{ item: 1 }, { item: 2 }]);
  });

  test('events in branches come in the same order every time', async () => {
    const branch = (name: string, expression: string): JsonObject => sequence({ [name]: { Type: 'Pass', Output: `{% ${expression} %}` }, [`${name}2`]: { Type: 'Pass' } });
    const definition = jsonata(single({ Type: 'Parallel', Branches: [branch('Slow', '$sum($map([1..50], function($v) { $v }))'), branch('Fast', '1'), branch('Middle', '1 + 1')] }));
    const traces = await Promise.all([1, 2, 3].map(async () => trace((await run(definition)).execution)));
    expect(traces[1]).toEqual(traces[0]);
    expect(traces[2]).toEqual(traces[0]);
  });
});

test('a value keeps its identity on the way through a machine, so that a large one is measured once', async () => {
  const large: JsonValue = { text: 'a'.repeat(100_000), items: Array.from({ length: 100 }, (_, index) => ({ index })) };
  const { execution } = await run(jsonata(sequence({ A: { Type: 'Pass', Output: '{% $states.input %}' }, B: { Type: 'Pass', Assign: { kept: '{% $states.input.items %}' } } })), { input: large });
  const [, , exited, , assigned] = execution.history.events;
  expect(exited.details.output).toBe(large);
  expect(assigned.details.assignedVariables?.kept).toBe(large.items);
});
