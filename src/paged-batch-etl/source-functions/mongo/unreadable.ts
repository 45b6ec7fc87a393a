import { DocumentFault } from './document-fault';
import { documentName } from './document-name';
import { unreadablePlace } from './unreadable-place';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';

const ADVICE = 'Leave the field out by the projection, or the document by the filter, or correct the document';

/**
 * The error for a document that cannot be read: names the document, the place in it, and what is there.
 *
 * @param why what the driver said, for the case that the place is not found
 */
export function unreadable(bytes: Uint8Array, why: string): DocumentFault {
  return unreadablePart(bytes) ?? fault(bytes, why);
}

/** The same where something in it cannot be read; undefined otherwise. */
export function unreadablePart(bytes: Uint8Array): DocumentFault | undefined {
  const place = unreadablePlace(bytes);
  return place && fault(bytes, `${place.path === undefined ? 'in it' : `at ${JSON.stringify(place.path)}`} is ${place.found}`);
}

/** The error for a document that the driver could not even take out of the server's answer. */
export function unreadableAnswer(why: string): DocumentFault {
  return new DocumentFault(PagedBatchEtlErrorName.DOCUMENT_UNREADABLE, `A document of the collection is not valid BSON (${why}). Leave it out by the filter, or correct it`);
}

function fault(bytes: Uint8Array, what: string): DocumentFault {
  return new DocumentFault(PagedBatchEtlErrorName.DOCUMENT_UNREADABLE, `Cannot read ${documentName(bytes)}: ${what}. ${ADVICE}`, bytes);
}
