import { Aws } from 'aws-cdk-lib';
import { RunContinuationProps } from './binding';
import { AslCondition, AslRule, AslState } from '../../private/synth/asl';
import { AslTemplate } from '../../private/synth/asl-template';
import { ESTIMATE_ITEMS_CONTRACT, EstimatedItems, EstimateItemsEvent } from '../contracts/estimate-items';
import { WindowOutcome } from '../contracts/run-ledger';

const ESTIMATE = 'Estimate Items';

/** The source function gives up earlier than that. */
const TIMEOUT_SECONDS = 30;

export interface ItemEstimate {
  /** The state that follows when the run has its window, unless one of the rules holds. */
  readonly next: string;
  readonly rules: readonly AslRule[];
  readonly states: Readonly<Record<string, AslState>>;
}

/**
 * Asks about how many items a run reads, once it has its window, so that the ledger knows when it will end. A run goes on without an answer.
 *
 * @param root path of what began the run
 * @param next the state that follows
 * @param goesOn what holds for a run that begins where another one ended, of which nobody knows how many items are left, and what follows then
 */
export function itemEstimate(
  { sourceFunction, countsItems }: RunContinuationProps, root: `$.${string}`, next: string, goesOn: { readonly where: AslCondition; readonly next: string },
): ItemEstimate {
  const owned: AslCondition = { Variable: '$.ledger.outcome', StringEquals: WindowOutcome.OWNED };
  const resumes: AslRule = { Comment: 'The run goes on where another one ended', And: [owned, goesOn.where], Next: goesOn.next };
  if (!countsItems) return { next, rules: goesOn.next === next ? [] : [resumes], states: {} };
  const event = {
    'contract': ESTIMATE_ITEMS_CONTRACT, 'parameters.$': '$.parameters', 'run': { 'id.$': root, 'page': 0 },
  } satisfies AslTemplate<EstimateItemsEvent>;
  const answer = { 'items.$': '$.Payload.items' } satisfies AslTemplate<EstimatedItems>;
  return {
    next: ESTIMATE,
    // Letters are not counted.
    rules: [resumes, { Comment: 'The run processes letters', And: [owned, { Variable: '$.parameters.replay', IsPresent: true }], Next: next }],
    states: {
      [ESTIMATE]: {
        Type: 'Task',
        Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke`,
        Parameters: { FunctionName: sourceFunction.functionArn, Payload: event },
        TimeoutSeconds: TIMEOUT_SECONDS,
        ResultSelector: answer,
        ResultPath: '$.ledger.estimate',
        // What is wrong with the source is told of by the first page.
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: next }],
        Next: next,
      },
    },
  };
}
