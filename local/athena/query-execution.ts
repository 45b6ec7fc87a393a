import { CallContext } from '../aws/service';
import { Clock } from '../clock';
import { JsonObject } from '../json';
import { AthenaError } from './query-failure';
import { QueryRequest, splitLocation } from './query-request';
import { describeResultReuse } from './result-reuse';
import { Statement } from './sql/statement';
import { describeResults, ENGINE_VERSION, ResultSettings } from './work-group';

export type QueryState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** Results of other statements are text. Only SELECT writes such a file; of UNLOAD and INSERT, what lies beside it begins with its name. */
const EXTENSIONS: Readonly<Record<string, string>> = { SELECT: '.csv', UPDATE: '.csv', DELETE: '.csv', MERGE: '.csv', UNLOAD: '', INSERT: '' };

/** A column of a result, for GetQueryResults. */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

export interface QueryOptions {
  readonly id: string;
  readonly request: QueryRequest;
  readonly statement: Statement;
  readonly results: ResultSettings & { readonly outputLocation: string };
  /** Whether the request changes what the workgroup says of results. */
  readonly overridesResults: boolean;
  readonly bytesScannedCutoff?: number;
  /** Who started it: the query runs with these rights. */
  readonly context: CallContext;
}

/** One query from submission to its end. */
export class QueryExecution {
  state: QueryState = 'QUEUED';
  columns: readonly ResultColumn[] = [];
  dataScannedBytes = 0;
  /** The file that lists what an UNLOAD writes: `s3://bucket/key`. Absent where it writes nothing. */
  manifest?: string;
  /** The former query whose result this one took instead of running. */
  reused?: QueryExecution;
  /** Aborts when the query is to stop. */
  readonly stopping = new AbortController();
  readonly submittedAt: number;
  private startedAt?: number;
  private completedAt?: number;
  private reason?: string;
  private error?: AthenaError;

  constructor(
    readonly options: QueryOptions,
    private readonly clock: Clock,
    private readonly onChange: (query: QueryExecution, previous?: QueryState) => void,
  ) {
    this.submittedAt = clock.now();
    onChange(this);
  }

  get isFinished(): boolean {
    return this.completedAt !== undefined;
  }

  /** Epoch milliseconds; infinite while it goes on. */
  get endedAt(): number {
    return this.completedAt ?? Infinity;
  }

  /** Where the result is written, or was by a former query. */
  get output(): { readonly bucket: string; readonly key: string } {
    if (this.reused !== undefined) return this.reused.output;
    const { statement, results, id } = this.options;
    const { bucket, prefix } = splitLocation(results.outputLocation);
    return { bucket, key: `${prefix}${id}${EXTENSIONS[statement.subtype] ?? '.txt'}` };
  }

  run(): void {
    this.startedAt = this.clock.now();
    this.change('RUNNING');
  }

  finish(state: 'SUCCEEDED' | 'FAILED' | 'CANCELLED', reason?: string, error?: AthenaError): void {
    this.completedAt = this.clock.now();
    this.reason = reason;
    this.error = error;
    this.change(state);
  }

  /** Takes the result of a former query instead of running. */
  reuse(former: QueryExecution): void {
    this.reused = former;
    this.columns = former.columns;
  }

  /** The `QueryExecution` of the API; times are epoch seconds. */
  describe(): JsonObject {
    const { id, request, statement, results } = this.options;
    const { bucket, key } = this.output;
    const { database, catalog } = request;
    return {
      QueryExecutionId: id,
      Query: request.query,
      StatementType: statement.type,
      SubstatementType: statement.subtype,
      ResultConfiguration: describeResults({ ...results, outputLocation: `s3://${bucket}/${key}` }),
      ResultReuseConfiguration: describeResultReuse(request.reuse),
      QueryExecutionContext: { ...database !== undefined && { Database: database }, ...catalog !== undefined && { Catalog: catalog } },
      Status: this.describeStatus(),
      Statistics: this.describeStatistics(),
      WorkGroup: request.workGroup,
      EngineVersion: ENGINE_VERSION,
      ...request.parameters.length > 0 && { ExecutionParameters: [...request.parameters] },
    };
  }

  /** The `Statistics` of the API. */
  describeStatistics(): JsonObject {
    const end = this.completedAt ?? this.clock.now();
    const started = this.startedAt ?? end;
    return {
      EngineExecutionTimeInMillis: end - started,
      DataScannedInBytes: this.dataScannedBytes,
      ...this.manifest !== undefined && { DataManifestLocation: this.manifest },
      TotalExecutionTimeInMillis: end - this.submittedAt,
      QueryQueueTimeInMillis: started - this.submittedAt,
      ServiceProcessingTimeInMillis: 0,
      ResultReuseInformation: { ReusedPreviousResult: this.reused !== undefined },
    };
  }

  private describeStatus(): JsonObject {
    return {
      State: this.state,
      SubmissionDateTime: this.submittedAt / 1_000,
      ...this.completedAt !== undefined && { CompletionDateTime: this.completedAt / 1_000 },
      ...this.reason !== undefined && { StateChangeReason: this.reason },
      ...this.error !== undefined && { AthenaError: { ...this.error } },
    };
  }

  private change(state: QueryState): void {
    const previous = this.state;
    this.state = state;
    this.onChange(this, previous);
  }
}
