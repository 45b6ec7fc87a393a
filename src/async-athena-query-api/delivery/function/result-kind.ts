import { ResultKind } from '../../contracts/callback';
import { READS_ROWS, WRITES_FILES, WRITES_ONE_FILE } from '../../contracts/result-kind';
import { QueryExecution } from '../../contracts/workflow-state';

const writesFiles: ReadonlySet<string | undefined> = new Set(WRITES_FILES);
const readsRows: ReadonlySet<string | undefined> = new Set(READS_ROWS);
const oneFile: ReadonlyMap<string | undefined, RegExp> = new Map(Object.entries(WRITES_ONE_FILE).map(([type, ending]) => [type, new RegExp(ending)]));

/**
 * What a query that succeeded has left behind, by the kind of statement; denied by default: of a statement that is not known to write one
 * object, no link is given.
 */
export function resultKind({ StatementType, SubstatementType, ResultConfiguration }: QueryExecution): ResultKind {
  if (writesFiles.has(SubstatementType)) return 'FILES';
  if (StatementType === 'DML') return readsRows.has(SubstatementType) ? 'OBJECT' : 'NONE';
  return oneFile.get(StatementType)?.test(ResultConfiguration?.OutputLocation ?? '') === true ? 'OBJECT' : 'NONE';
}
