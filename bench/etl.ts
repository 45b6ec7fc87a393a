import { memberOf } from '../local/json';
import { PRICES } from '../projenrc/tools/tables/prices';
import { simulate, Simulated, SimulationOptions } from '../test/support/etl-simulation';
import { processors } from '../test/support/etl-stack';

/** Assumed for a page of a thousand documents; what is measured here is the workflow. */
const PAGE_TIMES = { readMilliseconds: 200, processMilliseconds: 1_000 };
/** Assumed for one document. */
const ITEM_TIMES = { readMilliseconds: 50, processMilliseconds: 100 };

interface Subject extends SimulationOptions {
  readonly name: string;
}

/** The published design: a Map over pages of twenty. It is small, because its costs grow with the documents and nothing else. */
const PUBLISHED: Subject = { name: 'published: perItem of 20', processor: processors.perItem, batchSize: 20, items: 10_000, ...ITEM_TIMES };

const SUBJECTS: readonly Subject[] = [10_000_000, 100_000_000].map((items) => ({ name: 'perBatch of 1,000', items, ...PAGE_TIMES }));

/** Runs of the synthesised machines over documents that are only counted, beside the published design over some of them. */
export async function benchEtl(): Promise<void> {
  console.log('virtual time assumes 200 ms to read and 1 s to process a page of 1,000, and 50 and 100 ms for a page of 20 and each document of it');
  console.log(row('', 'documents', 'pages', 'segments', 'fullest history', 'transitions', 'virtual hours', 'dollars', '$ per million', 'x published', 'real s'));
  const published = await measured(PUBLISHED);
  console.log(line(PUBLISHED, published, published));
  for (const subject of SUBJECTS) console.log(line(subject, await measured(subject), published));
}

interface Measured extends Simulated {
  readonly realMilliseconds: number;
}

async function measured(subject: Subject): Promise<Measured> {
  const start = performance.now();
  let next = 0;
  const simulated = await simulate({
    ...subject,
    onPage: (first, end) => {
      if (first !== next) throw new Error(`${subject.name}: document ${next} should have been next, ${first} came`);
      next = end;
    },
  });
  if (next !== subject.items || simulated.status !== 'SUCCEEDED') throw new Error(`${subject.name}: ${simulated.status} after ${next} of ${subject.items} documents`);
  return { ...simulated, realMilliseconds: performance.now() - start };
}

function line({ name, items }: Subject, run: Measured, published: Measured): string {
  const dollars = run.transitions * PRICES.stateTransition;
  const each = run.transitions / items;
  return row(
    name, count(items), count(numberOf(run, 'pages')), count(numberOf(run, 'segments')), count(Math.max(run.fullestSegment, run.run)), count(run.transitions),
    (run.virtualMilliseconds / 3_600_000).toFixed(2), dollars.toFixed(2), (each * 1_000_000 * PRICES.stateTransition).toFixed(3),
    (each / (published.transitions / PUBLISHED.items)).toFixed(4), (run.realMilliseconds / 1_000).toFixed(1),
  );
}

function numberOf({ output }: Simulated, name: string): number {
  return Number(memberOf(output, name));
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function row(name: string, ...cells: readonly string[]): string {
  return [name.padEnd(26), ...cells.map((cell) => cell.padStart(15))].join(' ');
}
