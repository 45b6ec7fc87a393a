import { anyObject, atLeast, finiteNumber, flag, oneOf, optional, ShapeError, text } from '../../../private/shape/json-shape';
import { DeliveryResult, Outcome } from '../../contracts/deliver';
import { athenaError } from '../../delivery/function/parse-event';

/** How a query has ended whose delivery is done. */
export interface Delivered {
  readonly outcome: Outcome;
  readonly outputLocation?: string;
}

/** What the delivery function answers, as far as it says how a query has ended. */
const deliveryResult = atLeast<Pick<DeliveryResult, 'Outcome' | 'OutputLocation'>>({
  Outcome: atLeast<Outcome>({
    State: atLeast<Outcome['State']>({ CompletionDateTime: finiteNumber, State: oneOf('SUCCEEDED', 'FAILED', 'CANCELLED'), SubmissionDateTime: finiteNumber }),
    QueryId: text,
    ClientReference: optional(text),
    QueryExecutionId: optional(text),
    ResultKind: oneOf('OBJECT', 'FILES', 'NONE'),
    ReusedPreviousResult: optional(flag),
    Reason: optional(text),
    AthenaError: optional(athenaError),
    Statistics: optional(anyObject),
  }),
  OutputLocation: optional(text),
});

/** How the query ended, by what the delivery function has answered; undefined where it is no such answer, or that of an older release, which did not say it. */
export function outcomeIn(output: unknown): Delivered | undefined {
  try {
    const { Outcome: outcome, OutputLocation: outputLocation } = deliveryResult(output, '');
    return { outcome, outputLocation };
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}
