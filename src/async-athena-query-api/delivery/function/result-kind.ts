import { ResultKind } from '../../contracts/callback';
import { WrittenFormat } from '../../contracts/deliver';
import { MAY_BE_ROWS, READS_ROWS, WRITES_FILES, WRITES_ONE_FILE } from '../../contracts/result-kind';
import { QueryExecution } from '../../contracts/workflow-state';

const writesFiles: ReadonlySet<string | undefined> = new Set(WRITES_FILES);
const readsRows: ReadonlySet<string | undefined> = new Set(READS_ROWS);
const mayBeRows = new RegExp(MAY_BE_ROWS);
const oneFile: ReadonlyMap<string | undefined, RegExp> = new Map(Object.entries(WRITES_ONE_FILE).map(([type, ending]) => [type, new RegExp(ending)]));

/**
 * What a query that succeeded has left behind, by the kind of statement; denied by default: of a statement that is not known to write one
 * object, no link is given.
 *
 * @param format the one that the request chose, for which the workflow made the statement one that writes files
 */
export function resultKind(query: QueryExecution, format?: WrittenFormat): ResultKind {
  const { StatementType, SubstatementType } = query;
  const output = query.ResultConfiguration?.OutputLocation ?? '';
  if (format !== undefined || writesFiles.has(SubstatementType)) return 'FILES';
  if (SubstatementType === undefined && manifestOf(query.Statistics) !== undefined) return 'FILES';
  if (StatementType === 'DML') return (SubstatementType === undefined ? mayBeRows.test(output) : readsRows.has(SubstatementType)) ? 'OBJECT' : 'NONE';
  return oneFile.get(StatementType)?.test(output) === true ? 'OBJECT' : 'NONE';
}

/** Whether an object is said to be there because of its name alone, so that somebody has to look. */
export function isNamedOnly({ StatementType, SubstatementType }: QueryExecution, kind: ResultKind): boolean {
  return kind === 'OBJECT' && StatementType === 'DML' && SubstatementType === undefined;
}

/** Where Athena has listed the files that a query wrote; undefined where it has not. */
export function manifestOf(statistics: QueryExecution['Statistics']): string | undefined {
  const location = statistics?.DataManifestLocation;
  return typeof location === 'string' && location !== '' ? location : undefined;
}
