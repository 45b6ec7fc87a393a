import { PartitionsBinding } from './binding';

/** One page after another. */
export function none(): PartitionsBinding {
  return { bind: () => undefined };
}
