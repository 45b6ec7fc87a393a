import { Measured } from './measured';
import { amount, count, hours, printTable } from './print';
import { RunAssumptions } from '../../projenrc/tools/tables/etl-assumptions';
import { Bill, billOf, gigabyteSeconds, inAll, multiplied, ofStepFunctions } from '../../projenrc/tools/tables/etl-usage';

const MILLION = 1_000_000;

/** What the workflow does. */
export function printWorkflow(runs: readonly Measured[]): void {
  printTable(
    'workflow ("run": pages that were run with all that is in them; transitions: states of Standard executions, to which each start by a Map Run adds one)',
    [
      '', 'documents', 'in a page', 'pages', 'run', 'segments', 'runs', 'fullest history', 'transitions', 'Map Run starts', 'Express requests', 'Express GB-s',
      'hours', 'real s',
    ],
    runs.map((run) => [
      run.name, count(run.documents), count(run.pageDocuments), count(run.pages), count(run.pages - run.replayed.pagesReplayed), count(run.segments),
      `${run.runs}`, count(run.fullestHistory), count(run.usage.transitions), count(run.usage.childStarts), count(run.usage.expressRequests),
      count(run.usage.expressGigabyteSeconds), hours(run.virtualMilliseconds), (run.realMilliseconds / 1_000).toFixed(1),
    ]),
  );
}

/** What functions and S3 do. */
export function printServices(runs: readonly Measured[], { readerMemory, processorMemory }: RunAssumptions): void {
  printTable(
    'functions and S3 (SFN: requests of Step Functions)',
    ['', 'documents', 'reader calls', 'GB-s', 'processor calls', 'GB-s', 'PUT, reader', 'GET, reader', 'PUT, SFN', 'GET, SFN', 'GiB written'],
    runs.map(({ name, documents, usage }) => [
      name, count(documents), count(usage.readerCalls), count(gigabyteSeconds(usage.readerSeconds, readerMemory)), count(usage.processorCalls),
      count(gigabyteSeconds(usage.processorSeconds, processorMemory)), count(usage.readerWrites), count(usage.readerReads), count(usage.mapWrites),
      count(usage.mapReads), usage.storedGigabytes.toFixed(2),
    ]),
  );
}

/** What it costs. */
export function printDollars(runs: readonly Measured[], assumed: RunAssumptions): void {
  const [published] = runs.map((run) => perMillion(run, assumed));
  printTable(
    'dollars in US East (N. Virginia), without free tiers (the last five columns: for a million documents; SFN: Step Functions)',
    [
      '', 'documents', 'transitions', 'Map Run starts', 'Express', 'reader', 'processor', 'S3 requests', 'S3 storage', 'in all',
      'SFN', 'SFN without starts', 'in all', 'without starts', 'x published',
    ],
    runs.map((run) => {
      const bill = billOf(run.usage, assumed);
      const million = perMillion(run, assumed);
      return [
        run.name, count(run.documents), amount(bill.transitions), amount(bill.childStarts), amount(bill.express), amount(bill.reader),
        amount(bill.processor), amount(bill.requests), amount(bill.storage), amount(inAll(bill)),
        amount(ofStepFunctions(million)), amount(ofStepFunctions(million) - million.childStarts),
        amount(inAll(million)), amount(inAll(million) - million.childStarts), (inAll(million) / inAll(published)).toFixed(4),
      ];
    }),
  );
}

/** The bill for a million documents. */
export function perMillion({ usage, documents }: Pick<Measured, 'usage' | 'documents'>, assumed: RunAssumptions): Bill {
  return billOf(multiplied(usage, MILLION / documents), assumed);
}
