import { avro } from './avro';
import { ResultFormatBinding } from './binding';
import { csv } from './csv';
import { json } from './json';
import { ORC_KINDS, PARQUET_KINDS, TEXT_FILE_KINDS } from './option-kinds';
import { orc } from './orc';
import { parquet } from './parquet';
import { OrcResultFormatOptions, ParquetResultFormatOptions, TextFileResultFormatOptions } from './result-format-options';
import { textFile } from './text-file';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * A format of results that requests may ask for.
 *
 * All but CSV are files, none or many: Athena writes them at once, and rows are in order within each file only. Their columns need names, and the statement has
 * to be a SELECT.
 */
export class ResultFormat {
  /**
   * One CSV file with a header, not compressed: what Athena writes without being asked.
   *
   * Choose this, the default, for results that people open or that are small, and wherever one file in the order of `ORDER BY` is needed. Statements other than
   * SELECT have no other format.
   */
  public static csv(): ResultFormat {
    return new ResultFormat(csv());
  }

  /**
   * Apache Parquet: columns with their types.
   *
   * Choose this for large results, and for programs that compute with them, such as data frames and other engines.
   */
  public static parquet(options: ParquetResultFormatOptions = {}): ResultFormat {
    return new ResultFormat(parquet(checkOptions('ResultFormat.parquet', options, PARQUET_KINDS)));
  }

  /**
   * Apache ORC: columns with their types.
   *
   * Choose this for engines that read ORC better than Parquet, such as Hive.
   */
  public static orc(options: OrcResultFormatOptions = {}): ResultFormat {
    return new ResultFormat(orc(checkOptions('ResultFormat.orc', options, ORC_KINDS)));
  }

  /**
   * Apache Avro: rows with their types, and the schema in every file.
   *
   * Choose this for programs that read row after row and want types, such as those around Kafka.
   */
  public static avro(): ResultFormat {
    return new ResultFormat(avro());
  }

  /**
   * A JSON object on each line, compressed with gzip.
   *
   * Choose this for programs in any language that read row after row, and for values within values, such as lists.
   */
  public static json(): ResultFormat {
    return new ResultFormat(json());
  }

  /**
   * Lines of text without a header, compressed with gzip; a character stands between two values.
   *
   * Choose this to load into a database from text, with a delimiter that is in no value.
   */
  public static textFile(options: TextFileResultFormatOptions = {}): ResultFormat {
    return new ResultFormat(textFile(checkOptions('ResultFormat.textFile', options, TEXT_FILE_KINDS)));
  }

  /** @internal */
  public readonly _binding: ResultFormatBinding;

  private constructor(binding: ResultFormatBinding) {
    this._binding = binding;
  }
}
