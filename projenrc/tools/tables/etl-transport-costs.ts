import { Document } from 'mongodb';
import { DocTable } from './doc-table';
import { ASSUMED, RunAssumptions } from './etl-assumptions';
import { estimateRun, RunKind, RunShape, runShape } from './etl-estimate';
import { sampleDocument } from './etl-sample';
import { billOf, inAll, multiplied, ofStepFunctions } from './etl-usage';
import { count, dollars } from './prices';

const PAGE = 'docs/paged-batch-etl/limits-and-costs.md';

const MILLION = 1_000_000;

/** Of these, the tables tell the time. */
const BACKLOG = 10 * MILLION;

/** Bytes of the documents that the assumptions speak of; to read larger ones takes longer. */
export const MEASURED_BYTES = 1_000;

/** Head of a column: what `costsOf` calls so. */
const ALL = 'all but your function,';

const SIZES = [300, 1_000, 3_000, 10_000, 50_000] as const;

interface Costs {
  readonly shape: RunShape;
  readonly hours: number;
  /** For a million documents, but not what a processor of the user costs. */
  readonly transitions: number;
  readonly starts: number;
  readonly stepFunctions: number;
  readonly all: number;
}

export function costsOf(kind: RunKind, bytes: number, assumed: RunAssumptions = ASSUMED): Costs {
  const document: Document = sampleDocument(bytes);
  const shape = runShape(kind, document);
  const documentsPerSecond = assumed.documentsPerSecond * Math.min(1, MEASURED_BYTES / bytes);
  const { usage, milliseconds } = estimateRun(kind, shape, BACKLOG, { ...assumed, documentsPerSecond });
  const million = multiplied(usage, MILLION / BACKLOG);
  const bill = billOf(million, assumed);
  return {
    shape,
    hours: milliseconds / 3_600_000,
    transitions: million.transitions,
    starts: million.childStarts,
    stepFunctions: ofStepFunctions(bill),
    all: inAll(bill) - bill.processor,
  };
}

const KINDS: readonly RunKind[] = [
  { transport: 'inline', processor: 'perBatch' },
  { transport: 's3', processor: 'perBatch' },
  { transport: 's3', processor: 'perBatch', withoutExpress: true },
  { transport: 'inline', processor: 'perItem' },
  { transport: 's3', processor: 'perItem' },
  { transport: 'inline', processor: 'perItem', withoutExpress: true },
  { transport: 's3', processor: 'perItem', withoutExpress: true },
  { transport: 'inline', processor: 'stateMachine' },
  { transport: 's3', processor: 'stateMachine' },
];

/** Rate and price of both transports with each processor. */
const BY_TRANSPORT: DocTable = {
  page: PAGE,
  name: 'Price by transport',
  origin: 'the states of the workflow, the sizes of pages and assumptions',
  make: () => ({
    header: [
      'processor', 'transport', 'documents in a page', 'transitions for a million', 'executions of Map Runs for a million', 'Step Functions for a million',
      `${ALL} for a million`, `time for ${count(BACKLOG)}`,
    ],
    rows: KINDS.map((kind) => {
      const { shape, transitions, starts, stepFunctions, all, hours } = costsOf(kind, MEASURED_BYTES);
      return [
        `\`${kind.processor}\`${kind.withoutExpress ? ', function imported or slow' : ''}`, `\`${kind.transport}\``, count(shape.pageDocuments), count(Math.round(transitions)), starts === 0 ? 'none' : count(Math.round(starts)),
        dollars(stepFunctions), dollars(all), timeOf(hours),
      ];
    }),
  }),
};

/** The same for `perBatch`, by the size of documents. */
const BY_TRANSPORT_AND_SIZE: DocTable = {
  page: PAGE,
  name: 'Transports by document size',
  origin: 'the states of the workflow, the sizes of pages and assumptions',
  make: () => ({
    header: [
      'documents', '`inline`: in a page and call', `${ALL} for a million`, `time for ${count(BACKLOG)}`,
      '`s3`: in a page', 'in a call', `${ALL} for a million`, `time for ${count(BACKLOG)}`,
    ],
    rows: SIZES.map((bytes) => {
      const [inline, s3] = (['inline', 's3'] as const).map((transport) => costsOf({ transport, processor: 'perBatch' }, bytes));
      return [
        bytes < 1_000 ? `${bytes} bytes` : `${bytes / 1_000} KB`, count(inline.shape.pageDocuments), dollars(inline.all), timeOf(inline.hours),
        count(s3.shape.pageDocuments), count(s3.shape.callItems), dollars(s3.all), timeOf(s3.hours),
      ];
    }),
  }),
};

function timeOf(hours: number): string {
  return hours < 48 ? `${hours.toFixed(1)} hours` : `${(hours / 24).toFixed(1)} days`;
}

export const ETL_TRANSPORT_TABLES: readonly DocTable[] = [BY_TRANSPORT, BY_TRANSPORT_AND_SIZE];
