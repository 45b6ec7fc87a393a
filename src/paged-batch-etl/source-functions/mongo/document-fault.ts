import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { SourceError } from '../source-error';

/** What makes it impossible to have one document in any page. Those before it are in pages, so a page ends where such a document comes next. */
export class DocumentFault extends SourceError {
  /** @param bytes the document as it was received; undefined where the driver did not even find its end */
  constructor(name: PagedBatchEtlErrorName, message: string, readonly bytes?: Uint8Array) {
    super(name, message);
  }
}
