/** How many documents of a size fit into a page, measured with the code that fills one. */
import { BSON, Document, ObjectId } from 'mongodb';
import { textItems } from '../../../src/paged-batch-etl/source-functions/mongo/item-form';
import { ItemText } from '../../../src/paged-batch-etl/source-functions/mongo/item-text';
import { PageBudget } from '../../../src/paged-batch-etl/source-functions/mongo/page-budget';
import { PageDocuments } from '../../../src/paged-batch-etl/source-functions/mongo/page-documents';
import { idempotencyKey } from '../../../src/paged-batch-etl/source-functions/reader/idempotency-key';

/** The JSON of most documents is larger than their BSON: dates and ObjectIds take more room. This sample has both in every thousand bytes. */
const BYTES_OF_A_PART = 1_000;

/**
 * A document of that many bytes in MongoDB: a key, and an ObjectId, a date, a number and a text for every thousand bytes.
 *
 * @param bytes of BSON, from 200
 * @param number makes the key
 */
export function sampleDocument(bytes: number, number = 0): Document {
  const at = new Date(Date.UTC(2026, 10, 24, 6));
  const parts = Math.max(1, Math.floor(bytes / BYTES_OF_A_PART));
  const withNotes = (last: number, others: number): Document => ({
    _id: new ObjectId(number.toString(16).padStart(24, '0')),
    parts: Array.from({ length: parts }, (_, index) => ({ customer: new ObjectId('65a1f0c2e4b0a1b2c3d4e5f6'), at, count: 7, note: 'n'.repeat(index === parts - 1 ? last : others) })),
  });
  const room = bytes - BSON.calculateObjectSize(withNotes(0, 0));
  const others = Math.floor(room / parts);
  return withNotes(room - others * (parts - 1), others);
}

/** Bytes of the JSON with which a document stands in a page, when it comes from the server. */
export function itemBytes(sample: Document): number {
  return itemText(sample).lineBytes;
}

/** That JSON. */
export function itemText(sample: Document): ItemText {
  const run = 'arn:aws:states:us-east-1:111122223333:execution:Workflow:1';
  const documents = new PageDocuments({
    source: { sort: ['_id'], itemFormat: 'relaxed' }, idempotencyKeyOf: (itemIdentifier) => idempotencyKey(run, itemIdentifier),
  }, textItems());
  return documents.item(documents.read(BSON.serialize(sample)));
}

/** Documents of that kind in a full page. */
export function documentsInPage(document: Document, batchSize: number, pageBytes: number): number {
  const budget = new PageBudget(batchSize, pageBytes);
  const bytes = itemBytes(document);
  let documents = 0;
  while (budget.hasRoom() && budget.fits(bytes)) {
    budget.use(bytes);
    documents++;
  }
  return documents;
}
