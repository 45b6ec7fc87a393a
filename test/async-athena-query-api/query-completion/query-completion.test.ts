import { App, Duration, Stack } from 'aws-cdk-lib';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import * as fc from 'fast-check';
import { AsyncAthenaQueryApi, QueryCompletion } from '../../../src';
import { QueryStates } from '../../../src/async-athena-query-api/query-completion/binding';
import { AslMachine } from '../../../src/private/synth/asl';
import { worstCaseEvents } from '../../../src/private/synth/history';
import { InvalidPropError } from '../../../src/private/synth/validation';
import { runPolling } from '../../support/run-polling';
import { plain } from '../../support/template';

const GRACE = { polls: 20, seconds: 2 };
const FOREVER = { endsAfter: Infinity };

function render(completion: QueryCompletion, queryTimeout = Duration.minutes(30)): QueryStates {
  return completion._binding.render({ partition: 'aws', workGroupName: 'queries', queryTimeout, next: 'Deliver Result' });
}

const duration = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20_000 }));
const timeout = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 20_000 }));
const interval = fc.integer({ min: 1, max: 300 });
const percentage = fc.integer({ min: 1, max: 100 });

const schedules = fc.oneof(
  interval.map((seconds) => ({ completion: QueryCompletion.polling({ interval: Duration.seconds(seconds) }), longest: seconds })),
  fc.tuple(percentage, interval).map(([share, seconds]) => ({
    completion: QueryCompletion.adaptivePolling({ percentage: share, maxInterval: Duration.seconds(seconds) }), longest: seconds,
  })),
);

describe('the default schedule', () => {
  const states = render(QueryCompletion.adaptivePolling());

  test.each([[1, 1], [5, 5], [10, 10], [60, 63], [300, 301]])('notices a query of %i seconds after %i', (endsAfter, noticed) => {
    expect(runPolling(states, { endsAfter })).toMatchObject({ seconds: noticed, status: 'SUCCEEDED' });
  });

  test('watches a query of 30 minutes in 233 transitions and 705 events, start and delivery included', () => {
    const { transitions, events } = runPolling(render(QueryCompletion.adaptivePolling(), Duration.hours(1)), { endsAfter: 1800 });
    expect({ transitions: transitions + 1, events: events + 2 + 5 }).toEqual({ transitions: 233, events: 705 });
  });

  test('waits as the published table says', () => {
    expect(states.states['Start Query']).toMatchObject({
      Assign: { poll: 0, wait: 1, waits: [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 12, 15, 19, 24] },
    });
  });
});

describe('a finished query is noticed', () => {
  test('by fixed polling within one interval', () => {
    fc.assert(fc.property(interval, duration, (seconds, endsAfter) => {
      const states = render(QueryCompletion.polling({ interval: Duration.seconds(seconds) }), Duration.hours(24));
      const run = runPolling(states, { endsAfter });
      expect(run).toMatchObject({ status: 'SUCCEEDED', seconds: Math.max(1, Math.ceil(endsAfter / seconds)) * seconds });
    }));
  });

  test('by adaptive polling within the share of its duration, at least a second and at most the longest interval', () => {
    fc.assert(fc.property(percentage, interval, duration, (share, maxInterval, endsAfter) => {
      const states = render(QueryCompletion.adaptivePolling({ percentage: share, maxInterval: Duration.seconds(maxInterval) }), Duration.hours(24));
      const { seconds, status } = runPolling(states, { endsAfter });
      expect(status).toBe('SUCCEEDED');
      expect(seconds).toBeGreaterThanOrEqual(endsAfter);
      expect(seconds - endsAfter).toBeLessThanOrEqual(Math.min(maxInterval, Math.max(1, (endsAfter * share) / 100)));
    }));
  });

  test('by adaptive polling with far fewer looks than by fixed polling that is as quick for short queries', () => {
    const watch = (completion: QueryCompletion) => runPolling(render(completion, Duration.hours(1)), { endsAfter: 1800 });
    const looks = (completion: QueryCompletion) => watch(completion).calls.getQueryExecution.length;
    expect(looks(QueryCompletion.adaptivePolling())).toBeLessThan(looks(QueryCompletion.polling({ interval: Duration.seconds(1) })) / 20);
  });
});

describe('a query that takes too long', () => {
  test('is told to stop exactly once, at the first look after the time-out', () => {
    fc.assert(fc.property(schedules, timeout, ({ completion, longest }, seconds) => {
      const { calls } = runPolling(render(completion, Duration.seconds(seconds)), FOREVER);
      expect(calls.stopQueryExecution).toHaveLength(1);
      expect(calls.stopQueryExecution[0]).toBeGreaterThanOrEqual(seconds);
      expect(calls.stopQueryExecution[0]).toBeLessThan(seconds + longest);
    }));
  });

  test('is watched for a grace of 20 looks, 2 seconds apart, and then delivered as it is', () => {
    fc.assert(fc.property(schedules, timeout, ({ completion }, seconds) => {
      const { calls, status, ...run } = runPolling(render(completion, Duration.seconds(seconds)), FOREVER);
      const [stoppedAt] = calls.stopQueryExecution;
      expect(calls.getQueryExecution.slice(-GRACE.polls)).toEqual(Array.from({ length: GRACE.polls }, (_, i) => stoppedAt + (i + 1) * GRACE.seconds));
      expect({ status, ...run }).toMatchObject({ status: 'RUNNING', seconds: stoppedAt + GRACE.polls * GRACE.seconds });
    }));
  });

  test('is noticed within 2 seconds of being cancelled', () => {
    const states = render(QueryCompletion.adaptivePolling({ maxInterval: Duration.minutes(5) }), Duration.hours(1));
    const run = runPolling(states, { endsAfter: Infinity, stopsWithin: 5 });
    expect(run).toMatchObject({ status: 'CANCELLED', seconds: run.calls.stopQueryExecution[0] + 6 });
  });

  test('may still succeed, and then that is what is delivered', () => {
    const states = render(QueryCompletion.polling({ interval: Duration.seconds(10) }), Duration.seconds(60));
    expect(runPolling(states, { endsAfter: 63, stopsWithin: 9 })).toMatchObject({ status: 'SUCCEEDED', seconds: 64 });
  });

  test('is not stopped when it ends in time, however late it is noticed', () => {
    fc.assert(fc.property(schedules, timeout, ({ completion }, seconds) => {
      expect(runPolling(render(completion, Duration.seconds(seconds)), { endsAfter: seconds }).calls.stopQueryExecution).toBeUndefined();
    }));
  });
});

test('the worst case is what a query makes that never ends while every call uses all its retries, and the state for one not started', () => {
  fc.assert(fc.property(schedules, timeout, ({ completion }, seconds) => {
    const rendered = render(completion, Duration.seconds(seconds));
    // Such a query has started, so it never sees the state for one that has not, whose two events are counted all the same.
    const notStarted = worstCaseEvents(rendered.states['Query Not Started']);
    expect(notStarted).toBe(2);
    expect(rendered.worstCaseEvents).toBe(runPolling(rendered, { endsAfter: Infinity, flaky: true }).events + notStarted);
  }));
});

describe('managed', () => {
  const managed = QueryCompletion.managed();

  test.each([[1, 60], [60, 60], [61, 120], [1_800, 1_800], [36_000, 36_000]])('a query of %i seconds is noticed after %i, in one transition and 6 events', (endsAfter, noticed) => {
    const run = runPolling(render(managed, Duration.hours(11)), { endsAfter });
    expect(run).toEqual({ seconds: noticed, status: 'SUCCEEDED', transitions: 1, events: 6, calls: { 'startQueryExecution.sync': [0] } });
  });

  test('takes fewer transitions than polling, and is no more than a minute late', () => {
    fc.assert(fc.property(schedules, duration, ({ completion }, endsAfter) => {
      const run = runPolling(render(managed, Duration.hours(24)), { endsAfter });
      expect(run.transitions).toBeLessThan(runPolling(render(completion, Duration.hours(24)), { endsAfter }).transitions);
      expect(run.seconds - endsAfter).toBeLessThanOrEqual(60);
    }));
  });

  test('a query that failed is found by its token, and looked at once', () => {
    const { calls, transitions, status } = runPolling(render(managed), { endsAfter: 70, endsAs: 'FAILED' });
    expect({ calls, status, transitions }).toEqual({
      calls: { 'startQueryExecution.sync': [0], 'startQueryExecution': [120], 'getQueryExecution': [120] }, status: 'FAILED', transitions: 5,
    });
    const { 'Start Query': start, 'Find Query': find } = render(managed).states;
    if (start.Type !== 'Task' || find.Type !== 'Task') throw new Error('Both are tasks');
    // Athena knows a query by its token only if all else is the same too.
    expect(find.Parameters).toEqual(start.Parameters);
    expect([start.InputPath, find.InputPath]).toEqual(['$.ApiRequest', '$$.Execution.Input.ApiRequest']);
  });

  test('a query that takes too long is stopped at the time-out, once, and watched for the grace', () => {
    fc.assert(fc.property(timeout, (seconds) => {
      const { calls, status, ...run } = runPolling(render(managed, Duration.seconds(seconds)), FOREVER);
      expect(calls.stopQueryExecution).toEqual([seconds]);
      expect({ status, seconds: run.seconds }).toEqual({ status: 'RUNNING', seconds: seconds + GRACE.polls * GRACE.seconds });
    }));
  });

  test('no retry follows the end of a query, whose error is not told from others by its name', () => {
    const { 'Start Query': start } = render(managed).states;
    expect('Retry' in start && start.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(['Athena.TooManyRequestsException', 'Athena.TooManyRequests']);
  });

  test('the worst case covers a query that never ends while every call uses all its retries', () => {
    fc.assert(fc.property(timeout, (seconds) => {
      const rendered = render(managed, Duration.seconds(seconds));
      expect(rendered.worstCaseEvents).toBeGreaterThanOrEqual(runPolling(rendered, { endsAfter: Infinity, flaky: true }).events);
    }));
  });
});

describe('the history budget', () => {
  /** The definition, without the cost of a whole template. */
  function definition(completion: QueryCompletion, queryTimeout: Duration, deliveryWindow: Duration): AslMachine {
    const stack = new Stack(new App(), 'Stack');
    const queries = new AsyncAthenaQueryApi(stack, 'Queries', { queryCompletion: completion, queryTimeout, deliveryWindow });
    const machine = queries.workflow.node.defaultChild;
    if (!(machine instanceof CfnStateMachine)) throw new Error('The workflow has no state machine');
    return JSON.parse(String(plain(stack.resolve(machine.definitionString))));
  }

  /** Events of an execution in which everything is retried to the end, with three redrives of the delivery. */
  function worstHistory({ StartAt, States }: AslMachine): number {
    const { 'Deliver Result': deliver, ...states } = States;
    if (deliver.Type !== 'Task') throw new Error('Deliver Result is no task');
    const attempts = 1 + (deliver.Retry ?? []).reduce((sum, { MaxAttempts }) => sum + MaxAttempts, 0);
    const loop = runPolling({ startAt: StartAt, states, blank: '', longestStart: Duration.seconds(0), worstCaseEvents: 0 }, { endsAfter: Infinity, flaky: true }).events;
    const [started, entered, failed, redriven] = [1, 1, 1, 1];
    return started + loop + entered + attempts * 3 + failed + 3 * (redriven + attempts * 3 + failed);
  }

  test('whatever synthesises stays below 25,000 events with three redrives', () => {
    const minutes = fc.integer({ min: 1, max: 1440 });
    const window = fc.integer({ min: 1, max: 4320 });
    let synthesised = 0;
    fc.assert(fc.property(schedules, minutes, window, ({ completion }, timeoutMinutes, windowMinutes) => {
      try {
        const machine = definition(completion, Duration.minutes(timeoutMinutes), Duration.minutes(windowMinutes));
        synthesised++;
        expect(worstHistory(machine)).toBeLessThan(25_000);
      } catch (error) {
        if (!(error instanceof InvalidPropError)) throw error;
      }
    }), { numRuns: 40, seed: 1 });
    expect(synthesised).toBeGreaterThan(5);
  });

  const everyFifteenSeconds = QueryCompletion.polling();
  const upToAMinute = QueryCompletion.adaptivePolling({ maxInterval: Duration.minutes(1) });

  test.each([
    ['fixed 15 seconds, 240 minutes', everyFifteenSeconds, 240],
    ['at most a minute, 600 minutes', upToAMinute, 600],
    ['managed, 24 hours', QueryCompletion.managed(), 1440],
    ['at most five minutes, 24 hours', QueryCompletion.adaptivePolling({ maxInterval: Duration.minutes(5) }), 1440],
  ])('%s: fits', (_name, completion, minutes) => {
    expect(worstHistory(definition(completion, Duration.minutes(minutes), Duration.hours(4)))).toBeLessThan(25_000);
  });

  test.each([
    ['fixed 15 seconds, 600 minutes', everyFifteenSeconds, 600],
    ['at most 30 seconds, 600 minutes', QueryCompletion.adaptivePolling(), 600],
  ])('%s: is refused with what to do', (_name, completion, minutes) => {
    const message = /^Stack\/Queries: queryTimeout and deliveryWindow together must be short enough that .*25000.*10 hours and 4 hours: \d{5} history events.*maxInterval:/;
    expect(() => definition(completion, Duration.minutes(minutes), Duration.hours(4))).toThrow(message);
  });
});
