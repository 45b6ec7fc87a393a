import { announcementOf } from './announcement-document';
import { QueryAnnouncementBinding } from './binding';
import { AslChoice, AslExpression, AslPass, AslRetrier, AslState, AslTask } from '../../private/synth/asl';
import { worstCaseEvents } from '../../private/synth/history';

/** Variable with what is announced. */
const ANNOUNCEMENT = 'announcement';

/** How often each announcement is retried, in addition to the first attempt. */
interface Attempts {
  /** Seconds. */
  readonly interval: number;
  readonly maxDelay: number;
  readonly retries: number;
}

/** Before the callback: short, for receivers of callbacks wait for it. */
export const BEFORE_CALLBACK: Attempts = { interval: 1, maxDelay: 2, retries: 2 };

/** After it: some minutes, in which most outages are over. */
const AFTER_CALLBACK: Attempts = { interval: 10, maxDelay: 120, retries: 6 };

/** A call of a service that takes longer has failed. */
export const TIMEOUT_SECONDS = 10;

const CHECK = 'Is Everything Announced';

export interface AnnouncementStatesOptions {
  readonly partition: string;
  readonly announcements: readonly QueryAnnouncementBinding[];
  /** The state that delivers the callback, and goes to `afterDelivery`. */
  readonly deliver: string;
  /** Where the results of requests with a format lie, `s3://bucket/prefix/`, in a folder of each query; undefined where there are none. */
  readonly filesUnder?: string;
}

export interface AnnouncementStates {
  /** Where a query goes once it has ended. */
  readonly startAt: string;
  readonly states: { readonly [name: string]: AslState };
  /** Where the delivery goes. */
  readonly afterDelivery: string;
  /** Most history events these states can add up to, every retry used. */
  readonly worstCaseEvents: number;
  /** Most events that one of the states can add in which an execution can fail, and which a redrive goes on with. */
  readonly worstCaseOfOne: number;
}

/**
 * The states that announce a query, around the delivery of its callback:
 *
 *     Describe Query ─► Announce To Queue 1 ─► … ─► Deliver Result ─► Is Everything Announced ─► Done
 *                                                                       │  ▲
 *                                                                       ▼  │
 *                                                             Announce To Queue 1 Again
 *
 * What fails at first is noted in a variable, so that it delays nobody, and done again after the delivery. If it fails then too, the execution fails in that
 * very state, so that a redrive does what is not done yet, and nothing else. The variables are beside the state, which the delivery function gets as it is,
 * and have no cause of an error in them: several of those would not fit into a state.
 */
export function announcementStates({ partition, announcements, deliver, filesUnder }: AnnouncementStatesOptions): AnnouncementStates {
  const each = announcements.map((binding, index) => ({ binding, first: `Announce To ${binding.name} ${index + 1}`, failed: `failed${index + 1}` }));
  const call = (binding: QueryAnnouncementBinding, attempts: Attempts) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::${binding.integration}`,
    Parameters: binding.parameters(`$${ANNOUNCEMENT}`),
    TimeoutSeconds: TIMEOUT_SECONDS,
    ResultPath: null,
    Retry: retries(binding, attempts),
  }) as const;

  const describe: AslExpression = {
    Type: 'Pass',
    QueryLanguage: 'JSONata',
    Output: '{% $states.input %}',
    Assign: { [ANNOUNCEMENT]: `{% ${announcementOf(filesUnder).replace(/\s+/g, ' ')} %}`, ...Object.fromEntries(each.map(({ failed }) => [failed, false])) },
    Next: each[0].first,
  };
  const before = each.map(({ binding, first, failed }, index): [string, AslTask] => {
    const Next = each[index + 1]?.first ?? deliver;
    return [first, { ...call(binding, BEFORE_CALLBACK), Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Assign: { [failed]: true }, Next }], Next }];
  });
  const check: AslChoice = {
    Type: 'Choice',
    Comment: 'Default: yes',
    Choices: each.map(({ first, failed }) => ({ Comment: `${first} failed`, Variable: `$${failed}`, BooleanEquals: true, Next: again(first) })),
    Default: 'Done',
  };
  // No Catch: an execution that could not announce a query fails here, and a redrive goes on here.
  const after = each.map(({ binding, first, failed }): [string, AslTask] => (
    [again(first), { ...call(binding, AFTER_CALLBACK), Assign: { [failed]: false }, Next: CHECK }]
  ));
  const done: AslPass = { Type: 'Pass', End: true };

  const events = (states: readonly [string, AslState][]) => states.reduce((sum, [, state]) => sum + worstCaseEvents(state), 0);
  return {
    startAt: 'Describe Query',
    states: { 'Describe Query': describe, ...Object.fromEntries(before), [CHECK]: check, ...Object.fromEntries(after), 'Done': done },
    afterDelivery: CHECK,
    // The check comes once more than there are announcements that failed.
    worstCaseEvents: worstCaseEvents(describe) + events(before) + events(after) + (each.length + 1) * worstCaseEvents(check) + worstCaseEvents(done),
    worstCaseOfOne: Math.max(...after.map(([, state]) => worstCaseEvents(state))),
  };
}

function again(first: string): string {
  return `${first} Again`;
}

function retries({ finalErrors }: QueryAnnouncementBinding, { interval, maxDelay, retries: MaxAttempts }: Attempts): AslRetrier[] {
  // Whether errors are named with or without `Exception` is documented for some only, so both spellings are given.
  const names = finalErrors.flatMap((name) => [name, `${name}Exception`]);
  return [
    ...names.length === 0 ? [] : [{ ErrorEquals: names, MaxAttempts: 0 }],
    { ErrorEquals: ['States.ALL'], IntervalSeconds: interval, BackoffRate: 2, MaxDelaySeconds: maxDelay, MaxAttempts, JitterStrategy: 'FULL' },
  ];
}
