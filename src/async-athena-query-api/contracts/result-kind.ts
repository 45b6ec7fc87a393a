/**
 * What kinds of statements leave behind, for whoever decides by it: the delivery function, and the workflow where it announces queries.
 */

/**
 * Statements that write rows to several files or into a table. They come first because Athena counts CREATE TABLE AS SELECT as DML or as DDL,
 * depending on the statement (OPTIMIZE is DDL with this substatement).
 */
export const WRITES_FILES: readonly string[] = ['CREATE_TABLE_AS_SELECT', 'INSERT', 'UNLOAD', 'MERGE', 'UPDATE'];

/** The DML statements whose rows Athena writes as one object. */
export const READS_ROWS: readonly string[] = ['SELECT', 'EXPLAIN'];

/**
 * How the name of the result ends where Athena does not say what kind of DML statement it was. UPDATE, DELETE and MERGE have such a name too, and write nothing: whoever can looks whether
 * there is a file.
 */
export const MAY_BE_ROWS = '\\.(csv|txt)$';

/**
 * How the name of the result ends where every result of a statement is one file, as a regular expression. SHOW FUNCTIONS is the utility statement that
 * writes `.csv`. New kinds appear with every engine version, so the name must bear out that there is a file.
 */
export const WRITES_ONE_FILE = { DDL: '\\.txt$', UTILITY: '\\.(csv|txt)$' } as const;
