import { Refusal } from './refusal';
import { readReleased } from '../../../private/runtime/released-contracts';
import { exactly, literal, oneOf, Read, text } from '../../../private/shape/json-shape';
import { MANAGE_CONTRACT, MANAGE_OPERATIONS, ManageEvent } from '../../contracts/manage-query';

/** Every contract ever released, and how its event is read. */
const CONTRACTS: ReadonlyMap<number, Read<ManageEvent>> = new Map([
  [MANAGE_CONTRACT, exactly<ManageEvent>({
    contract: literal(MANAGE_CONTRACT),
    Operation: oneOf(...MANAGE_OPERATIONS),
    QueryId: text,
    Caller: exactly<ManageEvent['Caller']>({ Id: text, Arn: text }),
  })],
]);

/** Reads the event of the management function. What is not exactly a released shape is refused. */
export function parseEvent(event: unknown): ManageEvent {
  return readReleased(CONTRACTS, event, (message) => new Refusal('InternalError', message), (read) => read);
}
