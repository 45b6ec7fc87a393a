import { AslTask } from '../../../src/private/synth/asl';
import { worstCaseEvents } from '../../../src/private/synth/history';

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
  expect(worstCaseEvents({ Type: 'Choice', Choices: [], Default: 'Next' })).toBe(2);
});

test('a task is scheduled, started and ended in every attempt of every retrier', () => {
  expect(worstCaseEvents(task())).toBe(5);
  expect(worstCaseEvents(task(0))).toBe(5);
  expect(worstCaseEvents(task(2, 3))).toBe(2 + 3 * 6);
});
