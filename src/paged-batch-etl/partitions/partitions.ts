import { at } from './at';
import { PartitionsBinding } from './binding';
import { BY_OBJECT_ID, BY_TIME, equalParts } from './equal-parts';
import { none } from './none';
import { EQUAL_PARTITIONS_KINDS, PARTITIONS_AT_KINDS } from './option-kinds';
import { EqualPartitionsOptions, PartitionsAtOptions } from './partitions-options';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * In how many parts a run is read and processed at the same time.
 *
 * A part is a range of the first field of `sort`: from its first value, which belongs to it, to that of the next range, which does not. The first and the last range
 * are open, so every document belongs to exactly one of them, whenever it is written.
 */
export class Partitions {
  /**
   * One page after another.
   *
   * It is the default. Choose it for up to some hundred thousand items, where the order of items matters, or where the source has no room for more readers.
   *
   * @example
   * Partitions.none();
   */
  public static none(): Partitions {
    return new Partitions(none());
  }

  /**
   * Ranges of time of the same length, between the first and the last date there is. The first field of `sort` must be a date in all documents that the filter
   * matches: otherwise the run fails with `InvalidPartitionKey` before it reads anything.
   *
   * Choose it for millions of items where `sort` begins with a date, as for a filter on a window of time.
   *
   * @example
   * Partitions.ofTime({ workers: 16 });
   */
  public static ofTime(options: EqualPartitionsOptions): Partitions {
    return new Partitions(equalParts(checkOptions(BY_TIME.factory, options, EQUAL_PARTITIONS_KINDS), BY_TIME));
  }

  /**
   * Ranges of `_id` of the same length, between the first and the last there is: an ObjectId begins with the time at which it was made. `_id` must come first in
   * `sort`, and be an ObjectId in all documents that the filter matches: otherwise the run fails with `InvalidPartitionKey` before it reads anything.
   *
   * Choose it for millions of items where `sort` is `_id` alone, as it is by default.
   *
   * @example
   * Partitions.ofObjectIds({ workers: 16 });
   */
  public static ofObjectIds(options: EqualPartitionsOptions): Partitions {
    return new Partitions(equalParts(checkOptions(BY_OBJECT_ID.factory, options, EQUAL_PARTITIONS_KINDS), BY_OBJECT_ID));
  }

  /**
   * Ranges between values that you name. In all documents that the filter matches, the first field of `sort` must be of their type: otherwise the run fails with
   * `InvalidPartitionKey` before it reads anything. A source with `mixedIdTypes` that is sorted by `_id` may have documents of other types, too: they are in the first range or in the last.
   *
   * Choose it where documents are spread so unevenly that ranges of the same length would not do, or where the first field of `sort` is a number or a text.
   *
   * @example
   * Partitions.at({ boundaries: ['"g"', '"n"', '"t"'] });
   */
  public static at(options: PartitionsAtOptions): Partitions {
    return new Partitions(at(checkOptions('Partitions.at', options, PARTITIONS_AT_KINDS)));
  }

  /** @internal */
  public readonly _binding: PartitionsBinding;

  private constructor(binding: PartitionsBinding) {
    this._binding = binding;
  }
}
