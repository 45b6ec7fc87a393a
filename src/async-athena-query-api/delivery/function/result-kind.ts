import { ResultKind } from '../../contracts/callback';
import { QueryExecution } from '../../contracts/workflow-state';

/**
 * Statements that write rows to several files or into a table. They come first because Athena counts CREATE TABLE AS SELECT as DML or as DDL,
 * depending on the statement (OPTIMIZE is DDL with this substatement).
 */
const WRITES_FILES: ReadonlySet<string | undefined> = new Set(['CREATE_TABLE_AS_SELECT', 'INSERT', 'UNLOAD', 'MERGE', 'UPDATE']);

/** The DML statements whose rows Athena writes as one object. */
const READS_ROWS: ReadonlySet<string | undefined> = new Set(['SELECT', 'EXPLAIN']);

/**
 * How the name of the result ends where every result of a statement is one file. SHOW FUNCTIONS is the utility statement that writes `.csv`. New kinds
 * appear with every engine version, so the name must bear out that there is a file.
 */
const WRITES_ONE_FILE: ReadonlyMap<string | undefined, RegExp> = new Map([['DDL', /\.txt$/], ['UTILITY', /\.(csv|txt)$/]]);

/**
 * What a query that succeeded has left behind, by the kind of statement; denied by default: of a statement that is not known to write one
 * object, no link is given.
 */
export function resultKind({ StatementType, SubstatementType, ResultConfiguration }: QueryExecution): ResultKind {
  if (WRITES_FILES.has(SubstatementType)) return 'FILES';
  if (StatementType === 'DML') return READS_ROWS.has(SubstatementType) ? 'OBJECT' : 'NONE';
  return WRITES_ONE_FILE.get(StatementType)?.test(ResultConfiguration?.OutputLocation ?? '') === true ? 'OBJECT' : 'NONE';
}
