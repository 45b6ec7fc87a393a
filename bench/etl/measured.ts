import { memberOf } from '../../local/json';
import { Simulated, simulate, SimulationOptions } from '../../test/support/etl-simulation';

export interface Measured extends Simulated {
  readonly name: string;
  readonly documents: number;
  /** Documents of a full page. */
  readonly pageDocuments: number;
  readonly pages: number;
  readonly segments: number;
  /** Events of the fullest execution. */
  readonly fullestHistory: number;
  readonly realMilliseconds: number;
}

/** Runs it, and looks whether each document was processed, or replayed, exactly once. */
export async function measured(name: string, options: SimulationOptions): Promise<Measured> {
  const start = performance.now();
  const tally = new Tally();
  const simulated = await simulate({ ...options, onPage: (first, end) => tally.add(first, end) });
  if (simulated.status !== 'SUCCEEDED' || !tally.isWhole(options.items)) {
    throw new Error(`${name}: ${simulated.status} after ${tally.sum} of ${options.items} documents`);
  }
  return {
    ...simulated,
    name,
    documents: options.items,
    pageDocuments: options.pageItems ?? options.batchSize ?? 0,
    pages: Number(memberOf(simulated.output, 'pages')),
    segments: Number(memberOf(simulated.output, 'segments')),
    fullestHistory: Math.max(simulated.fullestSegment, simulated.run),
    realMilliseconds: performance.now() - start,
  };
}

/** Numbers that were processed, in any order, as ranges that do not touch. */
export class Tally {
  private readonly endOf = new Map<number, number>();
  private readonly firstOf = new Map<number, number>();
  sum = 0;

  add(first: number, end: number): void {
    this.sum += end - first;
    const from = this.firstOf.get(first) ?? first;
    const to = this.endOf.get(end) ?? end;
    this.firstOf.delete(first);
    this.endOf.delete(end);
    this.endOf.set(from, to);
    this.firstOf.set(to, from);
  }

  /** Whether it was each number below that one, once. */
  isWhole(end: number): boolean {
    return this.sum === end && this.endOf.size === 1 && this.endOf.get(0) === end;
  }
}
