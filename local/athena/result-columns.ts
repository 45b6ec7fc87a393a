import { DuckDBType } from '@duckdb/node-api';
import { notImplemented } from './catalog-statements';
import { EngineColumn } from './engine';
import { ResultColumn } from './query-execution';
import { athenaType } from './result-format';
import { AnalysedQuery } from './sql/analysis';

/** Names as Athena gives them: an expression without a name is `_col` and its place. */
export function resultColumns(columns: readonly EngineColumn[], outputs: AnalysedQuery['outputs']): ResultColumn[] {
  const unnamed = unnamedColumns(columns.length, outputs);
  return columns.map(({ name, type }, index) => ({ name: unnamed.has(index) ? `_col${index}` : name, type: athenaType(type) ?? refuseType(type) }));
}

/** The places of the columns that have no name in the query. */
export function unnamedColumns(width: number, outputs: AnalysedQuery['outputs']): ReadonlySet<number> {
  const stars = outputs.filter((name) => name === '*').length;
  const starWidth = width - (outputs.length - stars);
  if (stars > 1 && outputs.includes(undefined)) throw notImplemented('several stars beside expressions without a name');
  return new Set(outputs.flatMap((name, index) => {
    const starBefore = stars === 1 && outputs.indexOf('*') < index;
    return name === undefined ? [starBefore ? index - 1 + starWidth : index] : [];
  }));
}

function refuseType(type: DuckDBType): never {
  throw notImplemented(`results of the type ${type.toString()}; cast them to varchar`);
}
