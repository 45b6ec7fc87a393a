import { randomUUID } from 'node:crypto';
import { Authorize, AwsEnvironment, AwsService, CallContext, calledThrough, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { JsonObject } from '../json';
import { CatalogStatements } from './catalog-statements';
import { QueryParser } from './engine';
import { assertMembers, invalid, optionalText, paged, requiredText, textList } from './input';
import { QueryExecution, QueryState } from './query-execution';
import { ErrorTypes, QueryFailure } from './query-failure';
import { emitQueryMetrics } from './query-metrics';
import { comparedByToken, effectiveResults, QueryRequest, readQueryRequest, splitLocation } from './query-request';
import { resultRows, resultSet } from './query-results';
import { QueryCancelled, QueryRunner } from './query-runner';
import { ResultWriter } from './result-writer';
import { MalformedQuery, mismatch } from './sql/malformed';
import { readStatement, Statement } from './sql/statement';
import { offsetOfCharacter } from './sql/tokens';
import { TableSource } from './table-source';
import { describeWorkGroup, WorkGroups } from './work-group';
import { EmitMetric } from '../cloudwatch/metric-store';
import { GlueCatalog } from '../glue/catalog';
import { LakeFormation } from '../glue/lake-formation';
import { S3Service } from '../s3/s3-service';

export interface AthenaOptions {
  readonly clock: Clock;
  readonly environment: AwsEnvironment;
  readonly authorize: Authorize;
  readonly s3: S3Service;
  readonly catalog: GlueCatalog;
  /** Default: no data is governed by it. */
  readonly lakeFormation?: LakeFormation;
  /** Virtual milliseconds for each real one while a query runs; default 1. Higher makes queries seem slower. */
  readonly enginePace?: number;
  /** Virtual milliseconds for which a query is QUEUED; default 150. */
  readonly queueMilliseconds?: number;
  /** UNLOAD begins another file after this many rows, as far as it writes no more than ten; default 1,000. */
  readonly rowsPerFile?: number;
  /** Told of every change of a query's state. */
  readonly onEvent?: (event: AthenaEvent) => void;
  /** Takes the metrics of workgroups that publish them. */
  readonly emitMetric?: EmitMetric;
  /** Told of every query that failed by a gap or a fault of the local cloud. Such a call, rather than a query, throws a plain error. */
  readonly onFault?: (fault: Error) => void;
}

/** How the life of queries differs from the usual, in virtual milliseconds. */
export interface QueryDelays {
  /** A query is QUEUED for this long; default 150, or as the service was made. */
  readonly queued?: number;
  /** A query is RUNNING for at least this long before the engine starts on it. Default: 0. */
  readonly running?: number;
  /** A stop takes effect so much later; a query that ends before has its own end. Default: 0. */
  readonly stopping?: number;
}

/** What Athena sends to EventBridge. */
export interface AthenaEvent {
  readonly source: 'aws.athena';
  readonly detailType: 'Athena Query State Change';
  readonly detail: JsonObject;
}

/** What it performs. */
const OPERATIONS: readonly string[] = [
  'StartQueryExecution', 'GetQueryExecution', 'StopQueryExecution', 'BatchGetQueryExecution', 'ListQueryExecutions', 'GetQueryResults', 'GetWorkGroup',
];

/** Athena over the objects of the local S3: submits, runs, stops and describes queries. */
export class AthenaService implements AwsService {
  readonly name = 'athena';
  readonly workGroups: WorkGroups;
  private readonly queries = new Map<string, QueryExecution>();
  private readonly tokens = new Map<string, { readonly id: string; readonly request: string }>();
  private readonly running = new Set<Promise<void>>();
  private readonly parser = new QueryParser();
  private readonly runner: QueryRunner;
  private delays: QueryDelays = {};
  private withoutSubstatementType: 'all' | 'services' | 'none' = 'none';

  constructor(private readonly options: AthenaOptions) {
    const { clock, environment, authorize, catalog, s3, lakeFormation = new LakeFormation(authorize) } = options;
    this.workGroups = new WorkGroups(environment, clock.now());
    const source = new TableSource(catalog, s3, lakeFormation);
    const statements = new CatalogStatements(catalog, source);
    this.runner = new QueryRunner({
      parser: this.parser,
      source,
      statements,
      results: new ResultWriter(s3),
      s3,
      queries: () => this.queries.values(),
      now: () => clock.now(),
      rowsPerFile: options.rowsPerFile,
    });
  }

  performs(operation: string): boolean {
    return OPERATIONS.includes(operation);
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    switch (operation) {
      case 'StartQueryExecution':
        return this.options.clock.hold(() => this.start(input, context));
      case 'GetQueryExecution':
        return { QueryExecution: this.describe(await this.find(input, operation, context), context) };
      case 'StopQueryExecution':
        this.stop(await this.find(input, operation, context));
        return {};
      case 'BatchGetQueryExecution':
        return this.batchGet(input, context);
      case 'ListQueryExecutions':
        return this.list(input, context);
      case 'GetQueryResults':
        return this.getResults(input, context);
      case 'GetWorkGroup': {
        assertMembers(input, operation, ['WorkGroup']);
        const name = requiredText(input, 'WorkGroup');
        await this.authorize(operation, name, context);
        return { WorkGroup: describeWorkGroup(this.workGroups.get(name)) };
      }
      default:
        throw new Error(`The local cloud does not implement athena:${operation}`);
    }
  }

  /** Makes the queries that start from now on slower, and all stops. A clock that idles leaps over a delay, so hold or pace it to look. */
  delayQueries(delays: QueryDelays): void {
    this.delays = delays;
  }

  /** Leaves `SubstatementType` out of what is told of queries from now on: in `all` answers, or in those to `services` such as Step Functions. */
  omitSubstatementType(answers: 'all' | 'services' | 'none'): void {
    this.withoutSubstatementType = answers;
  }

  /** Stops what runs and waits for its end. */
  async close(): Promise<void> {
    for (const query of this.queries.values()) query.stopping.abort(new QueryCancelled('The local cloud is stopping'));
    await Promise.all(this.running);
    await this.parser.close();
  }

  private async start(input: JsonObject, context: CallContext): Promise<JsonObject> {
    const request = readQueryRequest(input);
    await this.authorize('StartQueryExecution', request.workGroup, context);
    const group = this.workGroups.get(request.workGroup);
    if (!group.enabled) throw invalid(`WorkGroup ${group.name} is disabled.`);
    const known = request.token === undefined ? undefined : this.tokens.get(request.token);
    if (known !== undefined) {
      if (known.request !== comparedByToken(request)) throw invalid('Idempotent parameters do not match');
      return { QueryExecutionId: known.id };
    }
    const results = effectiveResults(request, group);
    const statement = await this.read(request);
    await this.verifyOutput(results.outputLocation, results.expectedBucketOwner, context);
    const id = randomUUID();
    if (request.token !== undefined) this.tokens.set(request.token, { id, request: comparedByToken(request) });
    const overridesResults = JSON.stringify(results) !== JSON.stringify(group.results);
    const options = { id, request, statement, results, overridesResults, context, bytesScannedCutoff: group.bytesScannedCutoff };
    const query = new QueryExecution(options, this.options.clock, (changed, previous) => this.announce(changed, previous));
    this.queries.set(id, query);
    const running = this.drive(query).finally(() => this.running.delete(running));
    this.running.add(running);
    return { QueryExecutionId: id };
  }

  /** Whether a workgroup has queries, which go with it. */
  hasQueriesIn(workGroup: string): boolean {
    return [...this.queries.values()].some(({ options: { request } }) => request.workGroup === workGroup);
  }

  /** What Athena's parser refuses is an error of the call, not of the query. */
  private async read({ query, parameters }: QueryRequest): Promise<Statement> {
    try {
      const statement = readStatement(query, parameters);
      if (statement.query === undefined) return statement;
      const { text } = statement.query;
      const parsed = await this.parser.parse(text);
      if ('tree' in parsed) return statement;
      const [, found = ''] = /at or near "(.*)"/s.exec(parsed.reason) ?? [];
      throw new MalformedQuery(mismatch(text, offsetOfCharacter(text, parsed.character), found));
    } catch (error) {
      if (error instanceof MalformedQuery) throw invalid(error.message, 'MALFORMED_QUERY');
      throw error;
    }
  }

  private async verifyOutput(location: string, expectedOwner: string | undefined, context: CallContext): Promise<void> {
    const { bucket } = splitLocation(location);
    try {
      await this.options.s3.bucketLocation({ bucket, expectedOwner, context: calledThrough('athena.amazonaws.com', context) });
    } catch (error) {
      if (error instanceof ServiceError) throw invalid(`Unable to verify/create output bucket ${bucket}`);
      throw error;
    }
  }

  /** A query waits, runs, ends. Nothing that goes wrong here may escape: nobody awaits it. */
  private async drive(query: QueryExecution): Promise<void> {
    const { clock, queueMilliseconds = 150, enginePace = 1 } = this.options;
    const { queued = queueMilliseconds, running = 0 } = this.delays;
    const { signal } = query.stopping;
    try {
      await clock.sleep(queued, signal);
      query.run();
      if (running > 0) await clock.sleep(running, signal);
      await clock.pace(enginePace, () => this.runner.run(query));
      query.finish('SUCCEEDED');
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : error;
      if (cause instanceof QueryCancelled) return query.finish('CANCELLED', cause.message);
      const failure = cause instanceof QueryFailure ? cause : new QueryFailure(`GENERIC_INTERNAL_ERROR: ${String(cause)}`, ErrorTypes.internal, 1);
      if (failure.isFault) this.options.onFault?.(cause instanceof Error ? cause : failure);
      query.finish('FAILED', failure.message, failure.athenaError);
    }
  }

  /** Stopping a query that has ended is accepted, and changes nothing. */
  private stop(query: QueryExecution): void {
    const cancel = () => query.stopping.abort(new QueryCancelled('Query cancelled by user'));
    const { stopping = 0 } = this.delays;
    if (stopping === 0) cancel();
    else this.options.clock.after(stopping, cancel);
  }

  private async find(input: JsonObject, operation: string, context: CallContext): Promise<QueryExecution> {
    const id = requiredText(input, 'QueryExecutionId');
    const query = this.queries.get(id);
    if (query === undefined) throw invalid(`QueryExecution ${id} was not found`);
    await this.authorize(operation, query.options.request.workGroup, context);
    return query;
  }

  private describe(query: QueryExecution, { sourceIp }: CallContext): JsonObject {
    const { SubstatementType, ...others } = query.describe();
    // Only what comes over HTTP has an address.
    const omitted = this.withoutSubstatementType === 'all' || (this.withoutSubstatementType === 'services' && sourceIp === undefined);
    return omitted ? others : { ...others, SubstatementType };
  }

  private async batchGet(input: JsonObject, context: CallContext): Promise<JsonObject> {
    const ids = textList(input, 'QueryExecutionIds');
    if (ids.length < 1 || ids.length > 50) throw invalid('QueryExecutionIds must hold 1 to 50 ids');
    const found = ids.flatMap((id) => this.queries.get(id) ?? []);
    for (const query of found) await this.authorize('BatchGetQueryExecution', query.options.request.workGroup, context);
    return {
      QueryExecutions: found.map((query) => this.describe(query, context)),
      UnprocessedQueryExecutionIds: ids.filter((id) => !this.queries.has(id)).map((id) => ({
        QueryExecutionId: id, ErrorCode: 'INVALID_QUERY_EXECUTION_ID', ErrorMessage: `QueryExecution ${id} was not found`,
      })),
    };
  }

  private async list(input: JsonObject, context: CallContext): Promise<JsonObject> {
    assertMembers(input, 'ListQueryExecutions', ['WorkGroup', 'MaxResults', 'NextToken']);
    const group = optionalText(input, 'WorkGroup') ?? 'primary';
    await this.authorize('ListQueryExecutions', group, context);
    const ids = [...this.queries.values()].filter(({ options }) => options.request.workGroup === group).map(({ options }) => options.id).reverse();
    const { page, token } = paged(ids, input, 50);
    return { QueryExecutionIds: [...page], ...token };
  }

  private async getResults(input: JsonObject, context: CallContext): Promise<JsonObject> {
    assertMembers(input, 'GetQueryResults', ['QueryExecutionId', 'MaxResults', 'NextToken']);
    const query = await this.find(input, 'GetQueryResults', context);
    if (!query.isFinished) throw invalid(`Query has not yet finished. Current state: ${query.state}`);
    if (query.state !== 'SUCCEEDED') throw invalid(`Query did not finish successfully. Final query state: ${query.state}`);
    if (query.options.statement.unload !== undefined) throw new Error('The local cloud does not implement GetQueryResults of UNLOAD: its manifest lists the files');
    const body = await this.options.s3.read({ ...query.output, context: calledThrough('athena.amazonaws.com', context) });
    const { page, token } = paged(resultRows(query, body.toString()), input, 1_000);
    return { ResultSet: resultSet(query, page), UpdateCount: 0, ...token };
  }

  private async authorize(operation: string, workGroup: string, context: CallContext): Promise<void> {
    await this.options.authorize({ action: `athena:${operation}`, resource: this.workGroups.arn(workGroup) }, context);
  }

  private announce(query: QueryExecution, previous?: QueryState): void {
    const { state, options, options: { id, request, statement } } = query;
    const { emitMetric } = this.options;
    if (query.isFinished && emitMetric !== undefined && this.workGroups.get(request.workGroup).publishesMetrics === true) {
      emitQueryMetrics({ state, options, statistics: query.describeStatistics() }, emitMetric);
    }
    this.options.onEvent?.({
      source: 'aws.athena',
      detailType: 'Athena Query State Change',
      detail: {
        versionId: '0',
        currentState: state,
        ...previous !== undefined && { previousState: previous },
        statementType: statement.type,
        queryExecutionId: id,
        workgroupName: request.workGroup,
        sequenceNumber: { QUEUED: '1', RUNNING: '2', SUCCEEDED: '3', FAILED: '3', CANCELLED: '3' }[state],
      },
    });
  }
}
