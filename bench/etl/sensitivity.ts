import { measured } from './measured';
import { count, hours, printTable } from './print';
import { simulationOf, Subject, subjectOf } from './subject';
import { RunAssumptions } from '../../projenrc/tools/tables/etl-assumptions';
import { estimateRun } from '../../projenrc/tools/tables/etl-estimate';
import { Replay } from '../../test/support/simulation/replay';

interface Variant {
  readonly name: string;
  readonly assumed: Partial<RunAssumptions>;
  /** Whether it makes a difference to pages that travel inline. */
  readonly inline: boolean;
  readonly standard?: boolean;
}

function variantsOf({ itemMilliseconds: item, batchMilliseconds: batch }: RunAssumptions): Variant[] {
  const processor = (factor: number) => ({ itemMilliseconds: item * factor, batchMilliseconds: batch * factor });
  return [
    { name: 'as assumed', assumed: {}, inline: true },
    { name: 'processor 5 times as fast', assumed: processor(1 / 5), inline: true },
    { name: 'processor 5 times as slow', assumed: processor(5), inline: true },
    { name: 'server answers after 5 ms', assumed: { queryMilliseconds: 5 }, inline: true },
    { name: 'server answers after 100 ms', assumed: { queryMilliseconds: 100 }, inline: true },
    { name: '5,000 documents read a second', assumed: { documentsPerSecond: 5_000 }, inline: true },
    { name: '60,000 documents read a second', assumed: { documentsPerSecond: 60_000 }, inline: true },
    { name: 'Map Run begins after 1 s', assumed: { mapRunMilliseconds: 1_000 }, inline: false },
    { name: 'Map Run begins after 7 s', assumed: { mapRunMilliseconds: 7_000 }, inline: false },
    { name: '500 calls at once', assumed: { concurrency: 500 }, inline: false },
    { name: 'STANDARD executions', assumed: {}, inline: false, standard: true },
    { name: 'STANDARD executions, 500 calls at once', assumed: { concurrency: 500 }, inline: false, standard: true },
  ];
}

/** Of pages with more executions than that, times are estimated: to run one takes long, and both agree wherever both are known. */
const MOST_EXECUTIONS = 1_000;

/** Hours for that many documents, or a little fewer: for full pages. */
export async function printSensitivity(subjects: readonly Subject[], documents: number, base: RunAssumptions): Promise<void> {
  const rows: string[][] = [];
  for (const variant of variantsOf(base)) {
    const cells: string[] = [];
    for (const subject of subjects) cells.push(await timeOf(subject, variant, documents, { ...base, ...variant.assumed }));
    rows.push([variant.name, ...cells]);
  }
  const title = `hours for ${count(documents)} documents with other assumptions (~: estimated, -: makes no difference)`;
  printTable(title, ['', ...subjects.map(({ name }) => name)], rows);
}

async function timeOf(base: Subject, { inline, standard = false }: Variant, most: number, assumed: RunAssumptions): Promise<string> {
  if (base.transport === 'inline' && !inline) return '-';
  const subject = standard ? subjectOf({ transport: base.transport, processor: base.processor, withoutExpress: true }) : base;
  const { shape: { pageDocuments, callItems } } = subject;
  const documents = most - (most % pageDocuments);
  if (subject.transport === 's3' && pageDocuments / callItems > MOST_EXECUTIONS) {
    return `~${hours(estimateRun(subject, subject.shape, documents, assumed).milliseconds)}`;
  }
  const options = simulationOf(subject, documents, assumed, new Replay({ pages: 1, segments: 1 }));
  const { virtualMilliseconds } = await measured(subject.name, options);
  return hours(virtualMilliseconds);
}
