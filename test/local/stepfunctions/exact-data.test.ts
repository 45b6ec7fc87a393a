import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { sequence, single } from './support';
import { VirtualClock } from '../../../local/clock';
import { InexactNumber } from '../../../local/exact-json';
import { JsonObject } from '../../../local/json';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { jsonTexts, sameNumbers, unholdable } from '../../support/json-texts';
import { environment } from '../http/small-cloud';

const FUNCTION = `arn:aws:lambda:${environment.region}:${environment.accountId}:function:f`;
const context = { caller: {} };
const definitions = {
  // Through a Pass, a function that answers what it got, a place in another object, and a Map.
  through: sequence({
    P: { Type: 'Pass', ResultPath: '$' },
    T: { Type: 'Task', Resource: FUNCTION, ResultPath: '$' },
    In: { Type: 'Pass', Parameters: { 'kept.$': '$' } },
    Out: { Type: 'Pass', OutputPath: '$.kept' },
    List: { Type: 'Pass', Parameters: { 'items.$': 'States.Array($)' } },
    Map: { Type: 'Map', ItemsPath: '$.items', ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } } },
    Item: { Type: 'Pass', OutputPath: '$[0]' },
  }),
  texts: sequence({
    P: { Type: 'Pass', Parameters: { 'text.$': 'States.JsonToString($)', 'value.$': 'States.StringToJson(States.JsonToString($))' } },
    Both: { Type: 'Pass', Parameters: { 'text.$': '$.text', 'value.$': '$.value', 'found.$': 'States.ArrayContains(States.Array(1, $.value), $.value)' } },
  }),
  merge: sequence({ P: { Type: 'Pass', Parameters: { 'merged.$': 'States.JsonMerge($, $, false)', 'length.$': 'States.ArrayLength($.*)' }, OutputPath: '$.merged' } }),
  answer: sequence({ T: { Type: 'Task', Resource: FUNCTION, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }, Caught: { Type: 'Pass' } }),
  parse: sequence({ P: { Type: 'Pass', Parameters: { 'value.$': 'States.StringToJson($.text)' } } }),
  add: sequence({ P: { Type: 'Pass', Parameters: { 'sum.$': 'States.MathAdd($[0], $[1])' } } }),
};

/** A service whose one function answers what `respond` makes of its payload; all JSON as text. */
async function createService(respond: (payload: string) => string = (payload) => payload) {
  const service = new StepFunctionsService({
    environment,
    clock: new VirtualClock(0),
    authorize: async () => undefined,
    targets: { services: [], lambda: { invokeFunction: async (_, payload) => ({ statusCode: 200, executedVersion: '$LATEST', payload: respond(payload) }) } },
  });
  for (const [name, definition] of Object.entries(definitions)) await service.createStateMachine({ name, roleArn: 'arn:aws:iam::111122223333:role/r', definition: JSON.stringify(definition) });
  const call = async (operation: string, input: JsonObject) => service.call(operation, input, context);
  return async (machine: keyof typeof definitions, input: string): Promise<JsonObject> => {
    const stateMachineArn = `arn:aws:states:${environment.region}:${environment.accountId}:stateMachine:${machine}`;
    const { executionArn } = await call('StartExecution', { stateMachineArn, input });
    await service.ended(String(executionArn));
    const { events } = await call('GetExecutionHistory', { executionArn });
    return { ...await call('DescribeExecution', { executionArn }), events: JSON.stringify(events) };
  };
}

async function waitFor(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

test('property: a text comes out of an execution as it went in, but for the spelling of numbers, or StartExecution names a number', async () => {
  const payloads: string[] = [];
  const run = await createService((payload) => {
    payloads.push(payload);
    return payload;
  });
  await fc.assert(fc.asyncProperty(jsonTexts, async (text) => {
    const refused = unholdable(text);
    if (refused.length > 0) return expect(run('through', text)).rejects.toThrow(InexactNumber);
    const { output, status } = await run('through', text);
    expect(status).toBe('SUCCEEDED');
    expect(sameNumbers(text, String(output))).toBe(true);
    expect(payloads.at(-1)).toBe(output);
  }), { numRuns: 150 });
});

test('property: as a text and back, and in a list, it is the same too', async () => {
  const run = await createService();
  await fc.assert(fc.asyncProperty(jsonTexts.filter((text) => unholdable(text).length === 0), async (text) => {
    const { output } = await run('texts', text);
    const { text: printed }: { text: string } = JSON.parse(String(output));
    expect(sameNumbers(text, printed)).toBe(true);
    expect(output).toBe(`{"text":${JSON.stringify(printed)},"value":${printed},"found":true}`);
  }), { numRuns: 150 });
});

test('property: merged with itself, an object stays as it is', async () => {
  const run = await createService();
  await fc.assert(fc.asyncProperty(jsonTexts.filter((text) => text.startsWith('{') && unholdable(text).length === 0), async (text) => {
    expect(sameNumbers(text, String((await run('merge', text)).output))).toBe(true);
  }), { numRuns: 100 });
});

test('the events of a history have the order of members too', async () => {
  const run = await createService();
  const { events } = await run('through', '{"10":1,"2":{"b":1,"1":2}}');
  expect(events).toContain(JSON.stringify('{"10":1,"2":{"b":1,"1":2}}'));
  expect(events).not.toContain(JSON.stringify('{"2":{"1":2,"b":1},"10":1}'));
});

describe('a number that cannot be held', () => {
  const failed = (number: string) => ({ status: 'FAILED', error: 'LocalCloud.InexactNumber', cause: expect.stringContaining(number) });

  test('of a function fails the execution, whatever it catches', async () => {
    const run = await createService(() => '{"id":1234567890123456789}');
    expect(await run('answer', '{}')).toMatchObject(failed('1234567890123456789'));
  });

  test('in a text that is parsed does', async () => {
    expect(await (await createService())('parse', JSON.stringify({ text: '[1e999]' }))).toMatchObject(failed('1e999'));
  });

  test('that is a sum does', async () => {
    const run = await createService();
    expect(await run('add', '[9007199254740990,1]')).toMatchObject({ output: '{"sum":9007199254740991}' });
    expect(await run('add', '[9007199254740991,1]')).toMatchObject(failed('9007199254740992'));
  });

  test('is refused by SendTaskSuccess, and the Task goes on waiting', async () => {
    const tokens: string[] = [];
    const service = new StepFunctionsService({
      environment,
      clock: new VirtualClock(0),
      authorize: async () => undefined,
      integrations: {
        supports: () => true,
        call: async ({ token }) => {
          tokens.push(token ?? '');
          return {};
        },
      },
    });
    const definition = JSON.stringify(single({
      Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: { 'QueueUrl': 'q', 'MessageBody.$': '$$.Task.Token' },
    }));
    const { arn: stateMachineArn } = await service.createStateMachine({ name: 'm', roleArn: 'arn:aws:iam::111122223333:role/r', definition });
    const { executionArn } = await service.call('StartExecution', { stateMachineArn }, context);
    await waitFor(() => tokens.length > 0);
    const send = async (output: string) => service.call('SendTaskSuccess', { taskToken: tokens[0], output }, context);
    await expect(send('{"id":9007199254740993}')).rejects.toThrow('9007199254740993');
    await send('{"id":9007199254740991}');
    await service.ended(String(executionArn));
    expect(await service.call('DescribeExecution', { executionArn }, context)).toMatchObject({ status: 'SUCCEEDED', output: '{"id":9007199254740991}' });
  });

  test('in a definition refuses the machine', async () => {
    const service = new StepFunctionsService({ environment, clock: new VirtualClock(0), authorize: async () => undefined });
    const create = async (definition: string) => service.createStateMachine({ name: 'm', roleArn: 'arn:aws:iam::111122223333:role/r', definition });
    await expect(create('{"StartAt":"P","States":{"P":{"Type":"Pass","Result":9223372036854775807,"End":true}}}')).rejects.toThrow('9223372036854775807');
    await expect(create('{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"a.$":"States.MathAdd(9223372036854775807, 1)"},"End":true}}}')).rejects.toThrow('9223372036854775807');
  });
});
