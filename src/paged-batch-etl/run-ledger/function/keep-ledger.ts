import { LedgerError } from './ledger-error';
import { LedgerServices } from './ledger-services';
import { finishRange, planRun } from './plan-run';
import { recordProgress } from './record-progress';
import { releaseWindow } from './release-window';
import { takeWindow } from './take-window';
import { readReleased } from '../../../private/runtime/released-contracts';
import { Read } from '../../../private/shape/json-shape';
import { PagedBatchEtlErrorName } from '../../contracts/error-names';
import { LEDGER_CONTRACT, LedgerEvent, ledgerEvent, TakenWindow } from '../../contracts/run-ledger';

/** Every contract ever released, and how its event is read. */
const CONTRACTS: ReadonlyMap<number, Read<LedgerEvent>> = new Map([[LEDGER_CONTRACT, ledgerEvent]]);

/** Does what a machine of a run asks the ledger for. Each action may be repeated: what was done before is not done again. */
export async function keepLedger(event: unknown, services: LedgerServices): Promise<TakenWindow | Record<string, never>> {
  const asError = (message: string) => new LedgerError(PagedBatchEtlErrorName.INVALID_LEDGER_EVENT, message);
  const asked = readReleased(CONTRACTS, event, asError, (read) => read);
  switch (asked.action) {
    case 'take': return takeWindow(asked, services);
    case 'plan':
      await planRun(asked, services);
      return {};
    case 'finish':
      await finishRange(asked, services);
      return {};
    case 'record':
      await recordProgress(asked, services);
      return {};
    case 'release':
      await releaseWindow(asked, services);
      return {};
  }
}
