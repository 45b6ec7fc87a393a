import { Token } from 'aws-cdk-lib';
import { AslGraph, AslState } from '../../private/synth/asl';
import { LoopEvents, loopEvents, mostRounds, REDRIVE_EVENTS, worstCaseEvents } from '../../private/synth/history';
import { checkInteger, InvalidPropError, refuseToken } from '../../private/synth/validation';
import { PageState } from '../workflow/page-states';
import { ProcessPageStates } from '../workflow/process-page';

/** Largest number that `States.MathAdd` is trusted with: whether it can count further than 32 bits is not documented. */
export const MAX_COUNT = 2 ** 31 - 1;

/** More items than this do not fit into the bytes of a page, however small they are. */
export const MAX_BATCH_SIZE = 10_000;

/** How many pages an execution walks before the next one goes on. */
export interface PageBudget {
  readonly pages: number;
  readonly largestSafeBatchSize: number;
}

export interface PageBudgetOptions {
  /** The machine that walks pages. */
  readonly machine: AslGraph;
  readonly process: ProcessPageStates;
  readonly batchSize: number;
  /** Redrives after which the execution must still have room for its end; each may fail again with every retry used. */
  readonly redrives: number;
  /** What the user asked for. */
  readonly asked?: number;
  /** Name of that option. */
  readonly option: string;
}

/** Computes the pages of an execution from the states that it is made of, in the worst case: every retry used, on the longest way. */
export function pageBudget({ machine, process, batchSize, redrives, asked, option }: PageBudgetOptions): PageBudget {
  const roundsFor = (items: number) => {
    const events = loopEvents(machine, PageState.READ, { items, leaveOut: process.afterRedrive });
    return mostRounds(events, redrives * (REDRIVE_EVENTS + pageAfterRedrive(machine, process, events, items)));
  };
  const largestSafeBatchSize = largest(process.largestBatchSize ?? MAX_BATCH_SIZE, (items) => roundsFor(items) >= 1);
  if (batchSize > largestSafeBatchSize) {
    throw new InvalidPropError(
      'batchSize', batchSize, `at most ${largestSafeBatchSize}, so that a page fits into the history of an execution with every retry used`,
      'choose a smaller batchSize or fewer retryAttempts, or process pages as a whole with ItemProcessor.perBatch',
    );
  }
  const fitting = roundsFor(batchSize);
  if (asked !== undefined) {
    refuseToken(option, Token.isUnresolved(asked), 'the workflow is computed from it');
    checkInteger(option, asked, { min: 1, max: fitting }, 'more do not fit into the history of an execution with every retry used');
  }
  return { pages: asked ?? fitting, largestSafeBatchSize };
}

/** Another attempt at a page, and what only a redrive leads through. */
function pageAfterRedrive(machine: AslGraph, { afterRedrive }: ProcessPageStates, { around }: LoopEvents, items: number): number {
  const cost = (state: AslState) => worstCaseEvents(state, items);
  const again = afterRedrive.length > 0 ? [...afterRedrive, PageState.PROCESS] : [];
  return again.reduce((sum, name) => sum + cost(machine.States[name]), around);
}

/** The largest whole number up to `most` that fits, where all smaller ones fit too; zero if none does. */
function largest(most: number, fits: (candidate: number) => boolean): number {
  let [fitting, tooLarge] = [0, most + 1];
  while (tooLarge - fitting > 1) {
    const middle = Math.floor((fitting + tooLarge) / 2);
    if (fits(middle)) fitting = middle;
    else tooLarge = middle;
  }
  return fitting;
}
