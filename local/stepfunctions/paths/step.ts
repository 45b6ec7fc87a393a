import { JsonValue } from '../../json';

/** One step of a path. */
export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  /** `[(@.length-1)]`: counted from the end, so `offset` is negative. */
  | { readonly kind: 'fromEnd'; readonly offset: number }
  | { readonly kind: 'slice'; readonly from?: number; readonly to?: number }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly filter: Filter };

/** Decides about one item; `root` is what `$` means inside the filter. */
export type Filter = (item: JsonValue, root: JsonValue) => boolean;

/** Whether a step leads to one place at most. Only paths of such steps give a value; any other gives a list. */
export function isDefinite(step: Step): boolean {
  return step.kind === 'name' || step.kind === 'names' || step.kind === 'index' || step.kind === 'fromEnd';
}

/** Steps as Jayway prints them in its messages. */
export function printSteps(steps: readonly Step[]): string {
  return steps.map(print).join('');
}

function print(step: Step): string {
  switch (step.kind) {
    case 'name': return `['${step.name}']`;
    case 'names': return `[${step.names.map((name) => `'${name}'`).join(', ')}]`;
    case 'index': return `[${step.index}]`;
    case 'indexes': return `[${step.indexes.join(',')}]`;
    case 'fromEnd': return `[@.size()${step.offset}]`;
    case 'slice': return `[${step.from ?? ''}:${step.to ?? ''}]`;
    case 'wildcard': return '[*]';
    case 'descend': return '..';
    case 'filter': return '[?]';
  }
}
