import { AslGraph, AslTask } from '../../../src/private/synth/asl';
import { eventsOfLoop, loopEvents, MAX_HISTORY_EVENTS, mostRounds, worstCaseEvents } from '../../../src/private/synth/history';

const task = (...attempts: number[]): AslTask => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: {},
  TimeoutSeconds: 60,
  Retry: attempts.map((MaxAttempts) => ({ ErrorEquals: ['States.ALL'], MaxAttempts })),
  End: true,
});

test('a state that does nothing is entered and exited', () => {
  expect(worstCaseEvents({ Type: 'Wait', SecondsPath: '$wait', Next: 'Next' })).toBe(2);
  expect(worstCaseEvents({ Type: 'Choice', Comment: 'Default: go on', Choices: [], Default: 'Next' })).toBe(2);
});

test('a task is scheduled, started and ended in every attempt of every retrier', () => {
  expect(worstCaseEvents(task())).toBe(5);
  expect(worstCaseEvents(task(0))).toBe(5);
  expect(worstCaseEvents(task(2, 3))).toBe(2 + 3 * 6);
});

test('a task that waits for a job is told of it once', () => {
  expect(worstCaseEvents({ ...task(3), Resource: 'arn:aws:states:::states:startExecution.sync:2' })).toBe(2 + 3 * 4 + 1);
});

test('a Fail state is only entered', () => {
  expect(worstCaseEvents({ Type: 'Fail', Error: 'Mine' })).toBe(1);
});

test('a Map has its own events and those of its items, on the longest way through its states', () => {
  const map = {
    Type: 'Map',
    ItemsPath: '$',
    MaxConcurrency: 1,
    ItemSelector: {},
    ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'Work', States: { Work: { ...task(1), End: undefined, Next: 'Rest' }, Rest: { Type: 'Pass', End: true } } },
    End: true,
  } as const;
  expect(worstCaseEvents(map, 0)).toBe(4);
  expect(worstCaseEvents(map, 10)).toBe(4 + 10 * (2 + 8 + 2));
  expect(() => worstCaseEvents(map)).toThrow('without its number of items');
});

describe('a loop', () => {
  /** Enter (2), then a task (5) and one of two ways back, of which one is longer by a state; then out by one state, or by two. */
  const machine: AslGraph = {
    StartAt: 'Enter',
    States: {
      Enter: { Type: 'Pass', Next: 'Work' },
      Work: { ...task(), End: undefined, Next: 'Check' },
      Check: {
        Type: 'Choice',
        Comment: 'Default: once more',
        Choices: [
          { Comment: 'A detour', Variable: '$.detour', IsPresent: true, Next: 'Detour' },
          { Comment: 'Out', Variable: '$.out', IsPresent: true, Next: 'Out' },
        ],
        Default: 'Work',
      },
      Detour: { Type: 'Pass', Next: 'Work' },
      Out: { Type: 'Choice', Comment: 'Default: good', Choices: [{ Comment: 'Bad', Variable: '$.bad', IsPresent: true, Next: 'Bad' }], Default: 'Good' },
      Bad: { Type: 'Fail', Error: 'Bad' },
      Good: { Type: 'Pass', End: true },
    },
  };

  test('is counted on its longest way', () => {
    expect(loopEvents(machine, 'Work')).toEqual({ before: 1 + 2, around: 5 + 2 + 2, last: 5 + 2 + 2 + 2 + 1 });
    expect(loopEvents(machine, 'Work', { leaveOut: ['Detour'] })).toMatchObject({ around: 5 + 2 });
  });

  test('that nobody counts is an error, and so is one that cannot be reached', () => {
    expect(() => loopEvents(machine, 'Detour')).toThrow('there is a loop at Work whose rounds nobody counts');
    expect(() => loopEvents(machine, 'Bad')).toThrow('there is a loop');
    expect(() => loopEvents({ ...machine, StartAt: 'Good' }, 'Work')).toThrow('there is no way from Good to Work');
  });

  test.each([0, 1, 1_000, 24_990, 30_000])('fills what is left of the history with %i events reserved', (reserved) => {
    const events = loopEvents(machine, 'Work');
    const rounds = mostRounds(events, reserved);
    const left = MAX_HISTORY_EVENTS - reserved;
    expect(rounds === 0 || eventsOfLoop(events, rounds) < left).toBe(true);
    expect(eventsOfLoop(events, rounds + 1)).toBeGreaterThanOrEqual(left);
  });
});
