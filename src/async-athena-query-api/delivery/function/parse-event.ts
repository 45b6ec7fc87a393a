import { DeliveryError } from './delivery-error';
import { readReleased } from '../../../private/runtime/released-contracts';
import {
  anyObject, atLeast, exactly, finiteNumber, flag, literal, matching, nullable, oneOf, optional, Read, ShapeError, text, wholeNumber,
} from '../../../private/shape/json-shape';
import {
  DELIVERY_CONTRACT, DeliveryEvent, DeliveryEvent1, DeliveryEvent3, DeliveryEvent4, DeliveryRequest, OPTIONAL_CALLBACK_CONTRACT,
  RESULT_FORMAT_CONTRACT, WRITTEN_FORMATS, WrittenFormat,
} from '../../contracts/deliver';
import { DeliveryErrorName } from '../../contracts/error-names';
import { AthenaError, QueryExecution, WorkflowState } from '../../contracts/workflow-state';

/** A delivery, whichever release asked for it. */
export interface Delivery extends Pick<DeliveryEvent, 'QueryId' | 'StartTime' | 'DeliveryTime' | 'State'> {
  /** Undefined where nobody is to be called back. */
  readonly CallbackUrl?: string;
  readonly ClientReference?: string;
  /** The format that the request chose; undefined where Athena wrote as it does by itself. */
  readonly ResultFormat?: WrittenFormat;
  /** Undefined where the event does not say it. */
  readonly attempt?: Pick<DeliveryEvent, 'Workflow' | 'RetryCount' | 'RedriveCount'>;
}

const instantText = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, 'a UTC instant in ISO 8601');

const instant: Read<string> = (value, place) => {
  const read = instantText(value, place);
  if (Number.isNaN(Date.parse(read))) throw new ShapeError(place, 'a UTC instant in ISO 8601');
  return read;
};

/** The id becomes a header and part of what is signed, where a dot separates. */
const queryId = matching(/^[\w-]{1,80}$/, 'an execution name of letters, digits, - and _');

/** The integration's dates are epoch milliseconds, as far as is known; ISO 8601 is as good. */
const moment: Read<number> = (value, place) => (typeof value === 'string' ? Date.parse(instant(value, place)) : finiteNumber(value, place));

export const athenaError = atLeast<AthenaError>({
  ErrorCategory: nullable(finiteNumber),
  ErrorType: nullable(finiteNumber),
  Retryable: nullable(flag),
  ErrorMessage: nullable(text),
});

const queryExecution = atLeast<QueryExecution>({
  QueryExecutionId: matching(/^[\w-]{1,128}$/, 'a query execution id'),
  StatementType: nullable(text),
  SubstatementType: nullable(text),
  ResultConfiguration: nullable(atLeast<{ readonly OutputLocation?: string }>({ OutputLocation: nullable(text) })),
  Status: atLeast<QueryExecution['Status']>({
    State: text,
    StateChangeReason: nullable(text),
    SubmissionDateTime: nullable(moment),
    CompletionDateTime: nullable(moment),
    AthenaError: nullable(athenaError),
  }),
  Statistics: nullable(anyObject),
});

/** Exact where our own definition writes the members, open where AWS answers: the latter may gain members without us. */
const workflowState = exactly<WorkflowState>({
  AthenaRequest: optional(exactly<{ readonly QueryExecutionId: string }>({ QueryExecutionId: text })),
  AthenaResult: optional(atLeast<{ readonly QueryExecution: QueryExecution }>({ QueryExecution: queryExecution })),
  StartError: optional(exactly<NonNullable<WorkflowState['StartError']>>({ Error: text, Cause: optional(text) })),
  StopRequest: optional(exactly<NonNullable<WorkflowState['StopRequest']>>({ Reason: optional(text), Error: optional(text), Cause: optional(text) })),
});

/** What events say of the execution since contract 2. */
const EXECUTION = {
  QueryId: queryId,
  StartTime: instant,
  DeliveryTime: instant,
  Workflow: text,
  RetryCount: wholeNumber,
  RedriveCount: wholeNumber,
  State: workflowState,
};

function toDelivery(event: DeliveryEvent | DeliveryEvent3 | DeliveryEvent4): Delivery {
  const { contract: _, Request, Workflow, RetryCount, RedriveCount, ...delivery } = event;
  const { CallbackUrl, ClientReference, ResultFormat }: DeliveryEvent4['Request'] = Request;
  return {
    ...delivery,
    ...(CallbackUrl !== undefined && { CallbackUrl }),
    ...(ClientReference !== undefined && { ClientReference }),
    ...(ResultFormat !== undefined && { ResultFormat }),
    attempt: { Workflow, RetryCount, RedriveCount },
  };
}

/** What requests say where they need not name a callback URL. */
const REQUEST = { Query: literal(''), CallbackUrl: optional(text), ClientReference: optional(text) } as const;

/** Every contract ever released, and how its event is read. */
const CONTRACTS: ReadonlyMap<number, Read<Delivery>> = new Map<number, Read<Delivery>>([
  [1, (event, place) => {
    const { contract: _, ...delivery } = exactly<DeliveryEvent1>({
      contract: literal(1), QueryId: queryId, StartTime: instant, DeliveryTime: instant, CallbackUrl: text, State: workflowState,
    })(event, place);
    return delivery;
  }],
  [DELIVERY_CONTRACT, (event, place) => toDelivery(exactly<DeliveryEvent>({
    contract: literal(DELIVERY_CONTRACT),
    ...EXECUTION,
    Request: exactly<DeliveryRequest>({ Query: literal(''), CallbackUrl: text, ClientReference: optional(text) }),
  })(event, place))],
  [OPTIONAL_CALLBACK_CONTRACT, (event, place) => toDelivery(exactly<DeliveryEvent3>({
    contract: literal(OPTIONAL_CALLBACK_CONTRACT),
    ...EXECUTION,
    Request: exactly<DeliveryEvent3['Request']>(REQUEST),
  })(event, place))],
  [RESULT_FORMAT_CONTRACT, (event, place) => toDelivery(exactly<DeliveryEvent4>({
    contract: literal(RESULT_FORMAT_CONTRACT),
    ...EXECUTION,
    Request: exactly<DeliveryEvent4['Request']>({ ...REQUEST, ResultFormat: optional(oneOf(...WRITTEN_FORMATS)) }),
  })(event, place))],
]);

/**
 * Reads the event of the delivery function. Whoever may invoke the function must not be able to make it do anything but deliver, so
 * what is not exactly a released shape is refused.
 */
export function parseEvent(event: unknown): Delivery {
  return readReleased(CONTRACTS, event, (message) => new DeliveryError(DeliveryErrorName.INVALID_DELIVERY_EVENT, message), (read) => {
    checkOutcome(read.State);
    return read;
  });
}

/**
 * Reads what Athena says of a query.
 *
 * @param asError makes the handler's own error of a message
 */
export function parseQueryExecution(answer: unknown, asError: (message: string) => Error): QueryExecution {
  try {
    return queryExecution(answer, 'QueryExecution');
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw asError(error.message);
  }
}

/** A query either could not be started or has an answer of Athena about itself: one that was started, and no other. */
function checkOutcome({ StartError, AthenaRequest, AthenaResult }: WorkflowState): void {
  if ((StartError === undefined) === (AthenaResult === undefined)) {
    throw new ShapeError('State', 'an object with either StartError or AthenaResult');
  }
  if (AthenaResult !== undefined && AthenaResult.QueryExecution.QueryExecutionId !== AthenaRequest?.QueryExecutionId) {
    throw new ShapeError('State.AthenaResult', 'about the query in State.AthenaRequest');
  }
}
