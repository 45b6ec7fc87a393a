import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KNOWN_DIFFERENCES } from './known-differences';
import { runConformance } from '../../../local/stepfunctions/conformance/conformance';
import { Matcher } from '../../../local/stepfunctions/conformance/match';
import { printReport } from '../../../local/stepfunctions/conformance/report';

const folder = join(__dirname, '..', '..', '..', '..', 'shared', 'conformance', 'stepfunctions');
const whenRecorded = existsSync(folder) ? test : test.skip;
if (!existsSync(folder)) console.info(`skipped: no recordings in ${folder}`);

whenRecorded('everything in scope is as recorded on AWS, but for the gaps that are known', async () => {
  const outcomes = await runConformance(folder);
  const known = Object.values(KNOWN_DIFFERENCES).flat();
  expect(outcomes.filter(({ difference, name }) => difference !== undefined && !known.includes(name))).toEqual([]);
  const passed = outcomes.filter(({ difference, skipped }) => difference === undefined && skipped === undefined).map(({ name }) => name);
  expect(known.filter((name) => passed.includes(name))).toEqual([]);
  const names = outcomes.map(({ name }) => name);
  expect(known.filter((name) => !names.includes(name))).toEqual([]);
  expect(passed.length).toBeGreaterThan(400);
});

describe('the runner itself', () => {
  const definition = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
  const events = [
    { id: 1, previousEventId: 0, type: 'ExecutionStarted', input: { a: 1 } },
    { id: 2, previousEventId: 0, type: 'PassStateEntered', state: 'P', input: { a: 1 } },
    { id: 3, previousEventId: 2, type: 'PassStateExited', state: 'P', output: { a: 1 } },
    { id: 4, previousEventId: 3, type: 'ExecutionSucceeded', output: { a: 1 } },
  ];
  const recording = { name: 'made-up', features: ['Pass'], recorded: '01-01-2025, 00:00:00', definition, input: { a: 1 }, expected: { status: 'SUCCEEDED', output: { a: 1 }, events } };

  async function report(change: object): Promise<string> {
    return reportOn('cases', { ...recording, ...change });
  }

  async function reportOn(kind: 'cases' | 'api', file: object): Promise<string> {
    const corpus = mkdtempSync(join(tmpdir(), 'corpus-'));
    try {
      mkdirSync(join(corpus, kind));
      writeFileSync(join(corpus, kind, 'made-up.json'), JSON.stringify(file));
      return printReport(await runConformance(corpus));
    } finally {
      rmSync(corpus, { recursive: true });
    }
  }

  test('a recording that agrees passes', async () => {
    expect(await report({})).toMatch(/1 passed, 0 failed, 0 skipped$/);
  });

  test.each([
    ['another predecessor', { ...events[2], previousEventId: 1 }, 'event 3 PassStateExited.previousEventId: expected 1, got 2'],
    ['another type', { ...events[2], type: 'WaitStateExited' }, 'expected "WaitStateExited", got "PassStateExited"'],
    ['another payload', { ...events[2], output: { a: 2 } }, 'output.a: expected 2, got 1'],
  ])('%s is found', async (_, event, message) => {
    const text = await report({ expected: { ...recording.expected, events: [events[0], events[1], event, events[3]] } });
    expect(text).toContain(message);
    expect(text).toMatch(/0 passed, 1 failed, 0 skipped$/);
  });

  test('an execution that never ends is found', async () => {
    const T = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f' }, End: true };
    const text = await report({ definition: { StartAt: 'T', States: { T } }, tasks: { T: [{ hang: true }] } });
    expect(text).toContain('the execution never ends');
    expect(text).toMatch(/0 passed, 1 failed, 0 skipped$/);
  });

  test('one event too many is found', async () => {
    expect(await report({ expected: { ...recording.expected, events: events.slice(0, 3) } })).toContain('4 events instead of 3');
  });

  test.each([
    ['01-01-2025', { Index: 0, Value: 1 }],
    ['01-01-2026', { Index: 0, Value: 1, Source: 'STATE_DATA' }],
  ])('a recording of %s has the context object of its time', async (day, item) => {
    const processor = { StartAt: 'P', States: definition.States, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
    const M = { Type: 'Map', ItemSelector: { 'item.$': '$$.Map.Item' }, ItemProcessor: processor, End: true };
    const expected = { status: 'SUCCEEDED', output: [{ item }] };
    const text = await report({ definition: { StartAt: 'M', States: { M } }, input: [1], recorded: `${day}, 00:00:00`, eventsRecorded: false, expected });
    expect(text).toMatch(/1 passed, 0 failed, 0 skipped$/);
  });

  test('what is out of scope is skipped and says why', async () => {
    const T = { Type: 'Task', Resource: 'arn:aws:states:us-east-1:000000000000:activity:a', End: true };
    const text = await report({ definition: { StartAt: 'T', States: { T } } });
    expect(text).toContain('skipped, since activities is not implemented: 1');
    expect(text).toMatch(/0 passed, 0 failed, 1 skipped$/);
  });

  test('an action that is refused fails the recording', async () => {
    const text = await report({ actions: [{ afterEvent: 2, call: 'SendTaskSuccess', request: { taskToken: 'none', output: '1' } }] });
    expect(text).toContain('action SendTaskSuccess: InvalidToken');
    expect(text).toMatch(/0 passed, 1 failed, 0 skipped$/);
  });

  test.each([
    ['TagResource', 'tags', /0 passed, 0 failed, 1 skipped$/],
    ['CreateStateMachineAlias', 'aliases', /0 passed, 0 failed, 1 skipped$/],
    ['CreateStateMachines', 'does not implement CreateStateMachines', /0 passed, 1 failed, 0 skipped$/],
  ])('only declared calls are skipped: %s', async (call, message, totals) => {
    const text = await reportOn('api', { name: 'made-up', features: ['api'], placeholders: [], steps: [{ call, request: {}, response: {} }] });
    expect(text).toContain(message);
    expect(text).toMatch(totals);
  });

  test('numbered placeholders are one value everywhere, others any value', () => {
    const matcher = new Matcher(['<uuid:1>', '<date>']);
    expect(matcher.difference({ a: '<date>', b: 'id <uuid:1>!' }, { a: 1, b: 'id x!' })).toBeUndefined();
    expect(matcher.difference(['<uuid:1>', '<date>'], ['x', 2])).toBeUndefined();
    expect(matcher.difference('<uuid:1>', 'y')).toBeDefined();
  });
});
