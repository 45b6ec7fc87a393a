import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, JsonObject, JsonValue } from '../../json';
import { MachineType } from '../api/state-machine';

/** One recorded execution, from a case or from a row of a table. */
export interface RecordedExecution {
  /** `case-name` or `table-name#row`. */
  readonly name: string;
  readonly features: readonly string[];
  /** Epoch milliseconds of the recording. */
  readonly recorded: number;
  readonly type: MachineType;
  readonly queryLanguage: string;
  readonly stateMachineName: string;
  readonly executionName: string;
  readonly roleArn: string;
  readonly definition: JsonObject;
  readonly input: JsonValue;
  readonly tasks: Readonly<Record<string, readonly TaskAnswer[]>>;
  readonly s3: readonly StoredObject[];
  readonly actions: readonly Action[];
  readonly placeholders: readonly string[];
  readonly notes: readonly string[];
  readonly eventsRecorded: boolean;
  readonly expected: ExpectedResult;
}

export interface TaskAnswer {
  readonly return?: JsonValue;
  readonly echo?: boolean;
  readonly error?: string | null;
  readonly cause?: string | null;
  readonly hang?: boolean;
  readonly submit?: JsonValue;
}

export interface StoredObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
}

export interface Action {
  readonly afterEvent: number;
  readonly call: string;
  readonly request: JsonObject;
}

export interface ExpectedResult {
  readonly status: string;
  readonly output?: JsonValue;
  readonly error?: string;
  readonly cause?: string;
  readonly causeJson?: JsonValue;
  readonly choice?: string;
  readonly events?: readonly JsonObject[];
  readonly unordered?: readonly { readonly from: number; readonly to: number }[];
}

/** Recorded API calls. */
export interface RecordedCalls {
  /** Epoch milliseconds; without end where the file does not say. */
  readonly recorded: number;
  readonly name: string;
  readonly features: readonly string[];
  readonly definition?: JsonObject;
  readonly input?: JsonValue;
  readonly s3?: readonly StoredObject[];
  readonly placeholders: readonly string[];
  readonly steps: readonly RecordedCall[];
}

export interface RecordedCall {
  readonly call: string;
  readonly request: JsonObject;
  /** The test of this step, where the steps come from several. */
  readonly source?: string;
  /** ARN of an execution that must have ended before. */
  readonly awaitEnd?: string;
  /** A placeholder where it was not recorded. */
  readonly response?: JsonValue;
  /** Code and message are placeholders where they were not recorded. */
  readonly error?: { readonly code: string; readonly message: string; readonly httpStatus?: number };
  readonly events?: readonly JsonObject[];
}

export interface Corpus {
  readonly executions: readonly RecordedExecution[];
  readonly calls: readonly RecordedCalls[];
}

/** Fields that rows may leave to their table. */
type CallsFile = Omit<RecordedCalls, 'recorded'> & { readonly recorded?: string | readonly string[] };
type TableRow = Partial<RecordedExecution> & { readonly id: string; readonly rule?: JsonObject };
type Table = Omit<RecordedExecution, 'recorded'> & {
  readonly recorded: string | readonly string[];
  readonly definitionTemplate?: JsonObject;
  readonly rows: readonly TableRow[];
};

const defaults = {
  type: 'STANDARD' as const,
  queryLanguage: 'JSONPath',
  stateMachineName: 'conformance-machine',
  executionName: 'conformance-execution',
  roleArn: 'arn:aws:iam::000000000000:role/sfn-role',
  input: null,
  tasks: {},
  s3: [],
  actions: [],
  placeholders: [],
  notes: [],
  eventsRecorded: true,
};

/** Reads a corpus folder: `cases`, `tables` and `api`, as its README describes them. */
export function readCorpus(folder: string): Corpus {
  return {
    executions: [...readFolder<Table>(join(folder, 'cases')).map(fromCase), ...readFolder<Table>(join(folder, 'tables')).flatMap(fromTable)],
    calls: readFolder<CallsFile>(join(folder, 'api')).map((file) => ({ ...file, recorded: file.recorded === undefined ? Infinity : parseRecorded(file.recorded) })),
  };
}

/** A corpus need not have all three folders. */
function readFolder<T>(folder: string): T[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => file.endsWith('.json')).sort().map((file) => parseFile(join(folder, file)));
}

function parseFile<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8'), (_, value: JsonValue) => expandRepetition(value));
}

/** `{"$repeat": "a", "times": 3}` stands for `aaa`. */
function expandRepetition(value: JsonValue): JsonValue {
  return isObject(value) && typeof value.$repeat === 'string' && typeof value.times === 'number' ? value.$repeat.repeat(value.times) : value;
}

function fromCase(file: Table): RecordedExecution {
  return { ...defaults, ...file, recorded: parseRecorded(file.recorded) };
}

function fromTable(table: Table): RecordedExecution[] {
  return table.rows.map((row, index) => ({
    ...defaults,
    ...table,
    ...row,
    name: `${table.name}#${row.id}`,
    definition: row.definition ?? definitionOf(table, row),
    recorded: parseRecorded(typeof table.recorded === 'string' ? table.recorded : (table.recorded[index] ?? table.recorded[0])),
    // Choice tables have the chosen state, but no histories.
    eventsRecorded: row.expected?.events !== undefined,
  }));
}

function definitionOf(table: Table, row: TableRow): JsonObject {
  if (table.definitionTemplate === undefined || row.rule === undefined) return table.definition;
  const { rule } = row;
  return JSON.parse(JSON.stringify(table.definitionTemplate), (_, value: JsonValue) => {
    return isObject(value) && value.$rule === true ? { ...rule, Next: value.Next } : value;
  });
}

/** `27-12-2024, 10:12:33`. */
function parseRecorded(recorded: string | readonly string[]): number {
  const [date, time] = (typeof recorded === 'string' ? recorded : recorded[0]).split(', ');
  return Date.parse(`${date.split('-').reverse().join('-')}T${time}Z`);
}
