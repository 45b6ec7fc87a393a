import { memoryExceeded, tooDeep, tooLong } from './evaluation-error';

/** Levels to which one evaluation may nest. Source: measured on AWS, floci-io/floci issue 2737. */
const MAX_DEPTH = 100;

/** Parts of an expression that may be under way at once, in all lists together: far more than any definition holds. */
const MAX_UNDER_WAY = 20_000;

/** Items of a list and characters of a text: 8 bytes for an item, 1 for a character. Source: measured on AWS, floci-io/floci issue 2737. */
const MAX_ITEMS = 873_782;
const MAX_CHARACTERS = 8 * MAX_ITEMS;

/**
 * Parts of an expression that may be evaluated until it counts as one without end. AWS has a limit of time, which is not documented; counting
 * gives the same answer on a slow machine. It is about two seconds of work.
 */
export const MAX_STEPS = 2_000_000;

/** Names under which the package calls back before and after it evaluates a part of an expression. */
export const ENTRY = Symbol.for('jsonata.__evaluate_entry');
export const EXIT = Symbol.for('jsonata.__evaluate_exit');

/** What the package hands to its callbacks, as far as it is of use here. */
export interface Surroundings {
  /** Set while the items of a list after the first are evaluated, which happens at the same time as the first; they are no nesting. */
  readonly isParallelCall?: boolean;
  lookup(name: string): unknown;
}

/** How much one evaluation has used of what it may use. */
export class Budget {
  private steps = 0;
  private depth = 0;
  private underWay = 0;

  /** `now`: epoch milliseconds, which the functions of time take. */
  constructor(private readonly now: number, private readonly maxSteps: number) {}

  enter(surroundings: Surroundings): void {
    // The package keeps the time here that $toMillis takes the missing parts of a date from.
    if (this.steps === 0) Object.assign(surroundings, { timestamp: new Date(this.now) });
    if (++this.steps > this.maxSteps) throw tooLong();
    if (++this.underWay > MAX_UNDER_WAY) throw tooDeep();
    if (surroundings.isParallelCall !== true && ++this.depth > MAX_DEPTH) throw tooDeep();
  }

  leave(surroundings: Surroundings, result: unknown): void {
    if (surroundings.isParallelCall !== true) this.depth--;
    this.underWay--;
    const tooLarge = typeof result === 'string' ? result.length > MAX_CHARACTERS : Array.isArray(result) && result.length > MAX_ITEMS;
    if (tooLarge) throw memoryExceeded();
  }
}

