import { JsonValue, memberOf } from '../../../local/json';
import { duration, formatted } from '../terminal';

/** How far a run is, as its ledger says. */
export interface LedgerProgress {
  readonly status: string;
  readonly items: number;
  readonly failed: number;
  /** Items a second since the run began; undefined in its first second. */
  readonly rate?: number;
  /** When it will end at this rate; undefined where nobody knows. */
  readonly eta?: Date;
}

/** Says what changed in the ledger of a run, for every tenth of it at most. */
export class LedgerLook {
  private tenths = 0;

  /** @param total documents that the run is to process */
  constructor(private readonly total: number) {}

  /**
   * Undefined where nothing new is to be said.
   *
   * @param now virtual epoch milliseconds
   */
  lineFor({ status, items, failed, rate, eta }: LedgerProgress, now: number): string | undefined {
    const tenths = Math.floor((items + failed) / this.total * 10);
    if (tenths === this.tenths) return undefined;
    this.tenths = tenths;
    return [
      `${status}, ${formatted(items)} documents`,
      ...failed > 0 ? [`${formatted(failed)} failed`] : [],
      ...rate === undefined ? [] : [`${formatted(Math.round(rate))}/s`],
      ...eta === undefined ? [] : [`ends in ${duration(eta.getTime() - now)}`],
    ].join(', ');
  }
}

/** @param item of the table, with the types of its attributes */
export function ledgerProgress(item: JsonValue | undefined): LedgerProgress {
  const [status = '', eta] = ['status', 'eta'].map((name) => attribute(item, name, 'S'));
  const [items = 0, failed = 0, rate] = ['items', 'failed', 'itemsPerSecond'].map((name) => numberOf(attribute(item, name, 'N')));
  return { status, items, failed, rate, eta: eta === undefined ? undefined : new Date(eta) };
}

function attribute(item: JsonValue | undefined, name: string, type: 'S' | 'N'): string | undefined {
  const value = memberOf(memberOf(item, name), type);
  return typeof value === 'string' ? value : undefined;
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
