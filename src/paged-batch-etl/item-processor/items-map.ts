import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FAILED_ONES, ITEM_CATCHERS, ITEM_FAILED, itemFailed } from './failed-items';
import { invokeFunction } from './processor-function';
import { AslMap, AslObject, AslRetrier } from '../../private/synth/asl';

/** How the user's function is called for items. */
export interface ItemCalls {
  readonly handler: IFunction;
  /** Calls at the same time. */
  readonly concurrency: number;
  readonly retries: readonly AslRetrier[];
  /** Present where a call that fails is told of, in place of failing the Map: characters that are kept of its cause. */
  readonly causes?: number;
}

export interface ItemsMapOptions {
  readonly partition: string;
  readonly calls: ItemCalls;
  /** Path of the items. */
  readonly items: string;
  /** What a call holds beside the item and its place in the page: `parameters` and the members of `run`, or their paths. */
  readonly parameters: AslObject;
  readonly run: AslObject;
}

/** A Map over items, with a call for each; where it leads is to be added. It answers `{ failed }` where failures are told of. There is no Retry on it, which would process all items again. */
export function itemsMap({ partition, calls: { handler, concurrency, retries, causes }, items, parameters, run }: ItemsMapOptions): AslMap {
  return {
    Type: 'Map',
    ItemsPath: items,
    MaxConcurrency: concurrency,
    ItemSelector: {
      'item.$': '$$.Map.Item.Value.item',
      'itemIdentifier.$': '$$.Map.Item.Value.itemIdentifier',
      'idempotencyKey.$': '$$.Map.Item.Value.idempotencyKey',
      ...parameters,
      'run': { ...run, 'index.$': '$$.Map.Item.Index' },
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: 'Process Item',
      States: {
        'Process Item': {
          ...invokeFunction({ partition, handler, retries, payload: { 'Payload.$': '$' } }),
          // Without it, the answers of all items would be gathered in the state.
          ResultSelector: { ok: true },
          ...causes !== undefined && { Catch: ITEM_CATCHERS },
          End: true,
        },
        ...causes !== undefined && { [ITEM_FAILED]: itemFailed('run.index', causes) },
      },
    },
    ResultSelector: causes === undefined ? { ok: true } : { 'failed.$': FAILED_ONES },
  };
}
