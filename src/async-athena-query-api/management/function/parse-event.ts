import { Refusal } from './refusal';
import { readReleased } from '../../../private/runtime/released-contracts';
import { exactly, literal, oneOf, Read, text } from '../../../private/shape/json-shape';
import { MANAGE_CONTRACT, MANAGE_OPERATIONS, ManageEvent, ManageEvent2, PAGED_RESULT_CONTRACT } from '../../contracts/manage-query';

/** A request about a query, whichever release asks. */
export interface Management extends Pick<ManageEvent, 'Operation' | 'QueryId' | 'Caller'> {
  /** Which page of a result is asked for; undefined for the first. */
  readonly NextToken?: string;
}

const CALLER = exactly<ManageEvent['Caller']>({ Id: text, Arn: text });

/** Every contract ever released, and how its event is read. */
const CONTRACTS: ReadonlyMap<number, Read<Management>> = new Map<number, Read<Management>>([
  [MANAGE_CONTRACT, exactly<ManageEvent>({
    contract: literal(MANAGE_CONTRACT), Operation: oneOf(...MANAGE_OPERATIONS), QueryId: text, Caller: CALLER,
  })],
  [PAGED_RESULT_CONTRACT, (event, place) => {
    const { NextToken, ...asked } = exactly<ManageEvent2>({
      contract: literal(PAGED_RESULT_CONTRACT), Operation: literal('GetQueryResult'), QueryId: text, NextToken: text, Caller: CALLER,
    })(event, place);
    return NextToken === '' ? asked : { ...asked, NextToken };
  }],
]);

/** Reads the event of the management function. What is not exactly a released shape is refused. */
export function parseEvent(event: unknown): Management {
  return readReleased(CONTRACTS, event, (message) => new Refusal('InternalError', message), (read) => read);
}
