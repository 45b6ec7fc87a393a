import { Duration } from 'aws-cdk-lib';
import { QueryCompletionBinding, QueryStates, QueryStatesOptions } from './binding';
import { StartCall, StartStates, startStates, statementOf } from './start-query';
import { AslChoice, AslComparison, AslObject, AslPass, AslRule, AslTask, AslWait } from '../../private/synth/asl';
import { worstCaseEvents } from '../../private/synth/history';
import { longestTask } from '../../private/synth/retry-time';

/** How long users may let the loop wait between two polls. */
export const INTERVALS = { min: Duration.seconds(1), max: Duration.minutes(5) };

/** When to look at the query. */
export interface PollingSchedule {
  /** The first waits, in seconds. */
  readonly first: readonly number[];
  /** Every wait after those, in seconds. */
  readonly then: number;
}

/** After the query was told to stop: this number of polls, this number of seconds apart: stopping takes a moment, and the query may still succeed. */
const GRACE = { polls: 20, seconds: 2 };

/** Variable with what blanks the SQL. */
export const BLANK = 'blank';
export const NO_QUERY = { Query: '' };

/** Variable with what blanks the SQL and the values in Athena's answer. */
const BLANK_ANSWER = 'blankAnswer';
const NO_VALUES = { Query: '', ExecutionParameters: [] };

export const CALL_TIMEOUT_SECONDS = 60;
/** Whether the optimised integration names errors with or without `Exception` is not documented, so both spellings are given everywhere. */
const NEVER_RETRY = {
  ErrorEquals: ['Athena.InvalidRequestException', 'Athena.InvalidRequest', 'Athena.AccessDeniedException', 'Athena.AccessDenied'],
  MaxAttempts: 0,
};

/** The account runs as many queries as it may: a place comes free within minutes, not seconds. */
export const UNTIL_A_PLACE_IS_FREE = backOff(['Athena.TooManyRequestsException', 'Athena.TooManyRequests'], { interval: 15, maxDelay: 300, attempts: 15 });

const TERMINAL_STATES = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

/**
 * Start, wait, look, decide: the published loop, with the time to wait taken from a schedule and a time-out that stops the query.
 *
 * `$poll` counts the polls so far and `$wait` is the next time to wait: both are variables, so they cost no transition and no state.
 */
export function pollingLoop(schedule: PollingSchedule): QueryCompletionBinding {
  return { render: (options) => renderLoop(schedule, options) };
}

/** The loop, with what another strategy needs that enters it later. */
export interface LoopStates extends QueryStates {
  /** Makes the Task that starts the query, and goes to the loop. */
  readonly start: (call: StartCall) => AslTask;
  readonly starts: StartStates;
  /** How many polls it takes until `queryTimeout` was waited. */
  readonly timeoutPolls: number;
}

export function renderLoop(schedule: PollingSchedule, options: QueryStatesOptions): LoopStates {
  const athena = (action: string) => `arn:${options.partition}:states:::athena:${action}`;
  const timeoutPolls = pollsWithin(schedule, options.queryTimeout);

  const start = (call: StartCall): AslTask => ({
    ...call,
    TimeoutSeconds: CALL_TIMEOUT_SECONDS,
    // From here on the state is without the SQL: nobody needs it, and Athena repeats it in errors, which would not fit beside it.
    ResultSelector: { AthenaRequest: { 'QueryExecutionId.$': '$.QueryExecutionId' } },
    Assign: {
      poll: 0,
      wait: schedule.first[0] ?? schedule.then,
      ...(schedule.first.length > 0 ? { waits: [...schedule.first] } : {}),
      ...blanksOf(options),
    },
    Retry: [
      NEVER_RETRY,
      UNTIL_A_PLACE_IS_FREE,
      backOff(['States.ALL'], { interval: 5, maxDelay: 120, attempts: 8 }),
    ],
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$', Next: 'Query Not Started' }],
    Next: 'Wait',
  });
  const starts = startStates(options, { name: 'Start Query', check: 'Has Parameters', input: '$', render: start });

  const notStarted: AslPass = { Type: 'Pass', Parameters: { 'StartError.$': '$' }, Assign: { [BLANK]: NO_QUERY }, Next: options.next };

  const wait: AslWait = { Type: 'Wait', SecondsPath: '$wait', Next: 'Get Query' };

  const get: AslTask = {
    Type: 'Task',
    Resource: athena('getQueryExecution'),
    InputPath: '$.AthenaRequest',
    Parameters: { 'QueryExecutionId.$': '$.QueryExecutionId' },
    TimeoutSeconds: CALL_TIMEOUT_SECONDS,
    // Athena returns the SQL too, which neither the state nor the delivery function should have.
    ResultSelector: { 'QueryExecution.$': `States.JsonMerge($.QueryExecution, $${hasValues(options) ? BLANK_ANSWER : BLANK}, false)` },
    ResultPath: '$.AthenaResult',
    Assign: { 'poll.$': 'States.MathAdd($poll, 1)' },
    Retry: [
      NEVER_RETRY,
      // Each attempt counts for every poll in the history, so there are few, and they outlast two minutes in which Athena does not answer.
      backOff(['States.ALL'], { interval: 15, rate: 3, maxDelay: 300, attempts: 5 }),
    ],
    // No Catch: to call the query FAILED might be a lie. The execution fails here and can be redriven.
    Next: 'Is Query Finished',
  };

  const decide: AslChoice = {
    Type: 'Choice',
    Comment: 'Default: it still runs',
    Choices: [
      {
        Comment: 'It is finished',
        Or: TERMINAL_STATES.map((state): AslComparison => ({ Variable: '$.AthenaResult.QueryExecution.Status.State', StringEquals: state })),
        Next: options.next,
      },
      { Comment: 'It does not stop', Variable: '$poll', NumericGreaterThanEquals: timeoutPolls + GRACE.polls, Next: options.next },
      { Comment: 'It is being stopped', Variable: '$poll', NumericGreaterThan: timeoutPolls, Next: 'Wait' },
      { Comment: 'It took too long', Variable: '$poll', NumericEquals: timeoutPolls, Next: 'Stop Query' },
      ...longestWait(schedule),
    ],
    ...(schedule.first.length > 0 ? { Assign: { 'wait.$': 'States.ArrayGetItem($waits, $poll)' } } : {}),
    Default: 'Wait',
  };

  const stop: AslTask = {
    Type: 'Task',
    Resource: athena('stopQueryExecution'),
    InputPath: '$.AthenaRequest',
    Parameters: { 'QueryExecutionId.$': '$.QueryExecutionId' },
    TimeoutSeconds: CALL_TIMEOUT_SECONDS,
    ResultSelector: { Reason: 'QueryTimeout' },
    ResultPath: '$.StopRequest',
    Assign: { wait: GRACE.seconds },
    Retry: [backOff(['States.ALL'], { interval: 5, maxDelay: 60, attempts: 5 })],
    // A query that cannot be stopped is still watched until the grace is over, and then reported as timed out.
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.StopRequest', Assign: { wait: GRACE.seconds }, Next: 'Wait' }],
    Next: 'Wait',
  };

  const onePoll = worstCaseEvents(wait) + worstCaseEvents(get) + worstCaseEvents(decide);
  return {
    startAt: starts.startAt,
    start,
    starts,
    timeoutPolls,
    blank: BLANK,
    longestStart: longestTask(starts.task),
    states: { ...starts.states, 'Query Not Started': notStarted, 'Wait': wait, 'Get Query': get, 'Is Query Finished': decide, 'Stop Query': stop },
    worstCaseEvents: starts.worstCaseEvents + worstCaseEvents(notStarted) + (timeoutPolls + GRACE.polls) * onePoll + worstCaseEvents(stop),
  };
}

function hasValues(options: QueryStatesOptions): boolean {
  return statementOf(options).executionParameters !== 'NEVER';
}

/** Variables with what blanks the SQL, and the values of parameters where there are any. */
export function blanksOf(options: QueryStatesOptions): AslObject {
  return { [BLANK]: NO_QUERY, ...hasValues(options) && { [BLANK_ANSWER]: NO_VALUES } };
}

/** What blanks both in an answer of Athena. */
export function answerBlank(options: QueryStatesOptions): AslObject {
  return hasValues(options) ? NO_VALUES : NO_QUERY;
}

/** After the growing waits are used up, the longest one. */
function longestWait(schedule: PollingSchedule): AslRule[] {
  if (schedule.first.length === 0) return [];
  return [{ Comment: 'It runs for long', Variable: '$poll', NumericGreaterThanEquals: schedule.first.length, Assign: { wait: schedule.then }, Next: 'Wait' }];
}

/** How many polls it takes until that time was waited. */
function pollsWithin(schedule: PollingSchedule, timeout: Duration): number {
  let remaining = timeout.toSeconds();
  let polls = 0;
  for (const wait of schedule.first) {
    if (remaining <= 0) return polls;
    remaining -= wait;
    polls++;
  }
  return polls + Math.max(0, Math.ceil(remaining / schedule.then));
}

interface BackOff {
  /** Seconds. */
  readonly interval: number;
  /** Default: 2. */
  readonly rate?: number;
  /** Seconds. */
  readonly maxDelay: number;
  readonly attempts: number;
}

function backOff(errors: string[], { interval, rate = 2, maxDelay, attempts }: BackOff) {
  return {
    ErrorEquals: errors,
    IntervalSeconds: interval,
    BackoffRate: rate,
    MaxDelaySeconds: maxDelay,
    MaxAttempts: attempts,
    JitterStrategy: 'FULL',
  } as const;
}
