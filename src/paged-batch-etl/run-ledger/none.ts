import { RunLedgerBinding } from './binding';

/** Nothing but the executions themselves. */
export function none(): RunLedgerBinding {
  return { bind: () => undefined };
}
