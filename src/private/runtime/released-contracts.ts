import { anyObject, Read, ShapeError } from '../shape/json-shape';

/**
 * Reads the event of a handler, whose member `contract` says which of the released shapes it has. Entries are added to `contracts`, never changed
 * or removed: executions outlive deployments, and a running one calls the new function with its old event.
 *
 * @param asError makes the handler's own error of a message
 */
export function readReleased<T, R = T>(
  contracts: ReadonlyMap<number, Read<T>>, event: unknown, asError: (message: string) => Error, check: (read: T) => R,
): R {
  try {
    const { contract } = anyObject(event, '');
    const read = typeof contract === 'number' ? contracts.get(contract) : undefined;
    if (read === undefined) throw new ShapeError('contract', `one of ${[...contracts.keys()].join(', ')}`);
    return check(read(event, ''));
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw asError(error.message);
  }
}
