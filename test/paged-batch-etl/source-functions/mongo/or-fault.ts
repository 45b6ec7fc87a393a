import { DocumentFault } from '../../../../src/paged-batch-etl/source-functions/mongo/document-fault';

/** What is made, or why a document is to blame that it cannot be. */
export function orFault<T>(make: () => T): T | DocumentFault {
  try {
    return make();
  } catch (error) {
    if (error instanceof DocumentFault) return error;
    throw error;
  }
}
