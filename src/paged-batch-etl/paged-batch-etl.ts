import { Alarm, Dashboard, Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, IDependable } from 'constructs';
import { AddBackfillOptions } from './backfill/add-backfill-options';
import { Backfill, BackfillProps, IBackfill } from './backfill/backfill';
import { ADD_BACKFILL_KINDS } from './backfill/option-kinds';
import { SourceMetric } from './contracts/source-metric';
import { RunDashboardOptions } from './dashboard/dashboard-options';
import { createRunDashboard, RunCosts } from './dashboard/run-dashboard';
import { EmptyRun } from './empty-run';
import { FailurePolicyParts } from './failure-policy/binding';
import { FailurePolicy } from './failure-policy/failure-policy';
import { idempotencyOf } from './idempotency';
import { warnOfConcurrency } from './item-processor/concurrency';
import { SourceFunction } from './page-source/source-function';
import { PageStore } from './page-transport/binding';
import { PageTransport } from './page-transport/page-transport';
import { PagedBatchEtlProps } from './paged-batch-etl-props';
import { Partitions } from './partitions/partitions';
import { checkBatchSizeTaken, checkLedgerParameters, checkProps, checkReplayKeyFree } from './props-check';
import { RunContinuation } from './run-continuation/run-continuation';
import { STALENESS_ALARM_KINDS } from './run-ledger/option-kinds';
import { RunLedger } from './run-ledger/run-ledger';
import { createStalenessAlarm } from './run-ledger/staleness-alarm';
import { StalenessAlarmOptions } from './run-ledger/staleness-alarm-options';
import { RunParameterBindings } from './run-parameter/binding';
import { AddScheduleOptions } from './schedule/add-schedule-options';
import { ADD_SCHEDULE_KINDS } from './schedule/option-kinds';
import { IRunSchedule, RunSchedule, RunScheduleProps } from './schedule/run-schedule';
import { typedValues } from './schedule/schedule-values';
import { letLogsUse } from '../private/synth/customer-key';
import { createFailureAlarm, unsuccessfulExecutions } from '../private/synth/failure-alarm';
import { connectionsOf } from '../private/synth/function-network';
import { defaultRuntime } from '../private/synth/node-runtime';
import { operationsPage } from '../private/synth/operations-page';
import { checkOptions, principal } from '../private/synth/option-kinds';
import { retained } from '../private/synth/retained';
import { InvalidPropError, located } from '../private/synth/validation';

/**
 * A workflow that walks a collection page by page, has every item processed, and goes on in a new execution before the history of one is full.
 *
 * A failed run can be redriven, and goes on at the page that failed. Items are processed at least once, each with an idempotency key that never
 * changes within a run.
 *
 * @example
 * declare const connectionSecret: secretsmanager.ISecret;
 * declare const calcMetrics: lambda.IFunction;
 *
 * new PagedBatchEtl(this, 'Metrics', {
 *   source: PageSource.mongo({
 *     connectionSecret,
 *     database: 'Analytics',
 *     collection: 'jobs',
 *     sort: ['runDate', '_id'],
 *     filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }'),
 *   }),
 *   parameters: { date_begin: RunParameter.date(), date_end: RunParameter.date() },
 *   processor: ItemProcessor.perBatch({ handler: calcMetrics }),
 * });
 */
export class PagedBatchEtl extends Construct implements IConnectable {
  /** The workflow: one execution for each run. Its input is a JSON object with the parameters, and `batch_size` if pages, or with `PageTransport.s3` calls, are to be smaller. */
  public readonly workflow: IStateMachine;

  /** The state machine that walks the pages of a segment. Undefined if that is the workflow itself. */
  public readonly segment?: IStateMachine;

  /** Log group of the workflow. */
  public readonly workflowLogGroup: ILogGroup;

  /** Log group of `segment`. */
  public readonly segmentLogGroup?: ILogGroup;

  /**
   * The Express state machine that processes the items of a page one by one. Undefined unless the processor is `ItemProcessor.perItem` and its attempts fit
   * into an Express execution. Such executions have no history: what failed in them is in `itemWorkflowLogGroup`.
   */
  public readonly itemWorkflow?: IStateMachine;

  /** Log group of `itemWorkflow`. */
  public readonly itemWorkflowLogGroup?: ILogGroup;

  /** The function that reads a page. */
  public readonly sourceFunction: IFunction;

  /** Log group of the source function. */
  public readonly sourceLogGroup: ILogGroup;

  /**
   * Alarm on runs that failed, timed out or were aborted. It has no action until you add one. Its description has the address of the page that says
   * what to do.
   */
  public readonly failureAlarm: Alarm;

  /** The bucket that pages are written to. Undefined unless `transport` is `PageTransport.s3`. */
  public readonly pageBucket?: IBucket;

  /** The bucket that letters about failed items are written to. Undefined unless `failurePolicy` is `FailurePolicy.tolerate`. */
  public readonly deadLetterBucket?: IBucket;

  /** The function that writes these letters and counts them. Undefined like `deadLetterBucket`. */
  public readonly collectorFunction?: IFunction;

  /** Log group of `collectorFunction`. */
  public readonly collectorLogGroup?: ILogGroup;

  /** The table of the ledger. Undefined unless `ledger` is `RunLedger.table`. */
  public readonly ledgerTable?: ITable;

  /** The function that keeps the ledger, and alone writes it. Undefined unless `ledger` is `RunLedger.table`. */
  public readonly ledgerFunction?: IFunction;

  /** Log group of `ledgerFunction`. */
  public readonly ledgerLogGroup?: ILogGroup;

  /** Most items in a page; with `PageTransport.s3`, of one call of the processor. The `batch_size` of a run may only be smaller. */
  public readonly batchSize: number;

  /** Pages that one execution walks before the next one goes on. */
  public readonly pagesPerSegment: number;

  /**
   * The largest `batchSize` with which a page fits into the history of an execution, even if every retry is used. Where there is an `itemWorkflow`: with which the
   * items of a page are processed in it.
   */
  public readonly largestSafeBatchSize: number;

  /** Items that one run can process if every page is full. Undefined where nothing limits it. */
  public readonly maxItemsPerRun?: number;

  /**
   * The command, for the MongoDB shell, that creates the index by which pages are read: the fields that the filter compares for equality, then those
   * of `sort`, with the collation of the source. Undefined if the index of `_id` is enough, and for `PageSource.custom`.
   */
  public readonly requiredIndex?: string;

  private readonly schedules: Omit<RunScheduleProps, 'schedule' | 'window'>;
  private readonly backfills: Omit<BackfillProps, 'options'>;
  private readonly startableAfter?: IDependable;
  private readonly costs: RunCosts;
  private readonly pageStore?: PageStore;
  private readonly failures?: FailurePolicyParts;

  constructor(scope: Construct, id: string, props: PagedBatchEtlProps) {
    super(scope, id);
    located(this, () => checkProps(props));
    const removalPolicy = retained(props.removalPolicy);
    const logRetention = props.logRetention ?? RetentionDays.ONE_MONTH;
    const { encryptionKey, tracing } = props;
    if (encryptionKey !== undefined) located(this, () => letLogsUse(this, encryptionKey));
    const runtime = props.sourceRuntime ?? defaultRuntime();
    const parameters = parameterBindings(props);
    const continuation = (props.continuation ?? RunContinuation.supervised())._binding;
    const machines = { workflowLogGroup: props.workflowLogGroup, logRetention, removalPolicy, encryptionKey, tracing };
    const failures = located(this, () => (props.failurePolicy ?? FailurePolicy.failFast())._binding.bind({
      scope: this, runtime, logRetention, removalPolicy, encryptionKey, tracing,
    }));
    this.failures = failures;
    located(this, () => checkReplayKeyFree(props, failures !== undefined));
    this.deadLetterBucket = failures?.bucket;
    this.collectorFunction = failures?.collector;
    this.collectorLogGroup = failures?.logGroup;
    const transport = located(this, () => (props.transport ?? PageTransport.inline())._binding.bind({
      scope: this,
      processor: props.processor._binding,
      batchSize: props.batchSize,
      redrivenInside: continuation.redrivenInside,
      machines,
      tolerance: failures?.tolerance,
    }));
    this.batchSize = transport.batchSize;
    this.itemWorkflow = transport.items?.stateMachine;
    this.itemWorkflowLogGroup = transport.items?.logGroup;
    this.pageStore = transport.store;
    this.pageBucket = transport.store?.bucket;
    failures?.allow(transport.store?.readerStatements ?? []);

    const source = located(this, () => props.source._binding.bind({ scope: this, parameters }));
    located(this, () => checkBatchSizeTaken(props.batchSize, source.takesBatchSize || !transport.oneItemACall));
    const { sourceFunction, logGroup: sourceLogGroup } = located(this, () => new SourceFunction(this, {
      source,
      parameters,
      batchSize: this.batchSize,
      maxPageBytes: transport.maxPageBytes,
      store: transport.store,
      replay: failures?.replay,
      failEmptyRun: props.emptyRun === EmptyRun.FAIL,
      idempotency: idempotencyOf(this, props.idempotencyScope),
      runtime,
      sourceLogGroup: props.sourceLogGroup,
      logRetention,
      removalPolicy,
      encryptionKey,
      tracing,
    }));
    this.sourceFunction = sourceFunction;
    this.sourceLogGroup = sourceLogGroup;
    this.requiredIndex = source.requiredIndex;

    const divided = { sort: source.sort, collated: source.collated ?? false };
    const partitions = located(this, () => (props.partitions ?? Partitions.none())._binding.bind(divided));
    if (partitions !== undefined) warnOfConcurrency(this, partitions.workers, transport.callsAtATime);

    const ledger = located(this, () => (props.ledger ?? RunLedger.none())._binding.bind({
      scope: this, parameters, outlivesRun: props.processor._binding.outlivesRun, runtime, logRetention, removalPolicy, encryptionKey, tracing,
    }));
    if (ledger !== undefined) located(this, () => checkLedgerParameters(parameters));
    this.ledgerTable = ledger?.table;
    this.ledgerFunction = ledger?.ledgerFunction;
    this.ledgerLogGroup = ledger?.logGroup;

    const parts = located(this, () => continuation.create(this, {
      sourceFunction,
      sourceTimeout: source.timeout,
      timedOutReadsRunOn: source.timedOutReadsRunOn,
      parameters,
      transport,
      partitions,
      countsItems: source.countsItems,
      tolerance: failures?.tolerance,
      ledger,
      ...machines,
    }));
    this.workflow = parts.workflow;
    this.segment = parts.segment;
    this.workflowLogGroup = parts.workflowLogGroup;
    this.segmentLogGroup = parts.segmentLogGroup;
    this.pagesPerSegment = parts.pagesPerSegment;
    this.largestSafeBatchSize = parts.largestSafeBatchSize;
    this.maxItemsPerRun = parts.maxItemsPerRun;

    this.failureAlarm = createFailureAlarm(this, 'FailureAlarm', {
      description: 'Runs that failed, timed out or were aborted. A redrive goes on at the page that failed. '
        + `What to do: ${operationsPage('paged-batch-etl')}`,
      metric: unsuccessfulExecutions(this.workflow, 'Runs that did not succeed'),
    });
    this.startableAfter = parts.startableAfter;
    this.costs = {
      transitionsOfPage: parts.transitions.ofPage,
      transitionsOfSegment: parts.transitions.ofSegment,
      sourceGigabytes: source.memorySize / 1_024,
      sourceDuration: sourceFunction.metricDuration({ statistic: 'Sum' }),
    };
    this.schedules = {
      workflow: this.workflow,
      sourceFunction,
      parameters,
      filter: source.filter,
      ledger,
      runtime,
      logRetention,
      removalPolicy,
      encryptionKey,
      tracing,
    };
    this.backfills = {
      workflow: this.workflow,
      isWholeRun: !continuation.redrivenInside,
      skips: ledger?.skips ?? false,
      callsOfRun: (partitions?.workers ?? 1) * transport.callsAtATime,
      parameters,
      filter: source.filter,
      settings: machines,
    };
  }

  /**
   * Starts a run for a window of time whenever a schedule is due. A window runs once, however often its schedule is delivered.
   *
   * @param id name of the schedule within the construct. Changing it makes another schedule, which may run the last window once more
   * @param options when, and for which window
   */
  public addSchedule(id: string, options: AddScheduleOptions): IRunSchedule {
    const runSchedule = located(this, () => {
      const { window, parameters, ...given } = checkOptions(`schedule ${id}`, options, ADD_SCHEDULE_KINDS);
      const values = parameters && typedValues(parameters, this.schedules.parameters);
      return new RunSchedule(this, id, { ...this.schedules, ...given, values, window: window._binding });
    });
    if (this.startableAfter !== undefined) runSchedule.node.addDependency(this.startableAfter);
    return runSchedule;
  }

  /**
   * Processes a long time in windows, each by a run of its own, when somebody starts its state machine. A window whose run fails does not stop the others: at the end, the backfill fails with
   * `WindowsFailed`, which names such windows. Started again, it redrives the runs that failed and leaves out the windows that it has done within 90 days. Not together with
   * `RunContinuation.selfRestart`, nor with `WhenLocked.SKIP`: a window that is skipped would count as done.
   *
   * Choose it to process what was there before the first window of a schedule, or to process months once more after a processor was changed.
   *
   * @param id name of the backfill within the construct. Changing it makes another backfill, which processes all windows
   * @param options which windows, and how many at the same time
   *
   * @example
   * declare const etl: PagedBatchEtl;
   *
   * etl.addBackfill('Year2025', {
   *   begin: '2025-01-01', end: '2026-01-01', step: Duration.days(1), beginParameter: 'date_begin', endParameter: 'date_end',
   * });
   */
  public addBackfill(id: string, options: AddBackfillOptions): IBackfill {
    return located(this, () => new Backfill(this, id, { ...this.backfills, options: checkOptions(`backfill ${id}`, options, ADD_BACKFILL_KINDS) }));
  }

  /**
   * Network connections of the source function. There are none unless the source is in a VPC.
   *
   * `etl.connections.allowToDefaultPort(server)` works wherever the server is. `server.connections.allowDefaultPortFrom(etl)` puts the rule into the
   * stack of the server. If that is another stack, the two stacks then depend on each other, which CloudFormation refuses.
   */
  public get connections(): Connections {
    return located(this, () => connectionsOf(this.sourceFunction, 'vpc of the source', 'name the VPC that the server is reached from'));
  }

  /** Grants the right to start runs. */
  public grantStartExecution(grantee: IGrantable): Grant {
    return located(this, () => {
      principal.check('the grantee of grantStartExecution', grantee);
      return this.workflow.grantStartExecution(grantee);
    });
  }

  /** Grants the right to redrive runs: a failed run then goes on at the page that failed. */
  public grantRedrive(grantee: IGrantable): Grant {
    return located(this, () => {
      principal.check('the grantee of grantRedrive', grantee);
      return this.workflow.grantExecution(grantee, 'states:RedriveExecution');
    });
  }

  /**
   * Grants the right to read pages from S3. A processor needs it if items can be larger than 200 KiB, or 90 KiB with `ItemProcessor.stateMachine`: it then gets `itemAt` in place of `item`, which says
   * where the item is. Only with `PageTransport.s3`. The right is in the policy of the grantee, but for a grantee of the processor's stack where that is another one: then it is in the policies of a
   * bucket and a key of this stack, for the stacks would depend on each other otherwise. A function that was imported without its role gets no right, and a warning says so: allow its role
   * `s3:GetObject` on the objects under `prefix`, and `kms:Decrypt` for the key.
   */
  public grantReadPages(grantee: IGrantable): Grant {
    return located(this, () => {
      principal.check('the grantee of grantReadPages', grantee);
      if (this.pageStore !== undefined) return this.pageStore.grantRead(grantee);
      throw new InvalidPropError('transport', 'PageTransport.inline', 'PageTransport.s3 where grantReadPages is called', 'no page is stored, so leave the call out');
    });
  }

  /**
   * Grants the right to read letters about failed items, and to list the bucket they are in. Only with `FailurePolicy.tolerate`.
   */
  public grantReadDeadLetters(grantee: IGrantable): Grant {
    return located(this, () => {
      principal.check('the grantee of grantReadDeadLetters', grantee);
      return this.toleratedFailures('grantReadDeadLetters').grantReadLetters(grantee);
    });
  }

  /**
   * Makes a dashboard: the alarm, runs and how long they take, items and pages read, their rate and lag, segments, and the estimated cost of the workflow and of reading, for which what processing costs
   * is not known. It can be called once. AWS charges for a dashboard, so there is none until you call it.
   *
   * @returns the dashboard, to which you can add widgets
   */
  public addDashboard(options: RunDashboardOptions = {}): Dashboard {
    return located(this, () => createRunDashboard(this, options, this, this.costs));
  }

  /**
   * Makes an alarm that goes off when no run has succeeded for a while: whoever was to start it, and whatever became of it. Runs that found nothing count as none, unless you say so: a wrong filter looks like
   * that. Runs of `replay` count as none either. Before the first run, it goes off. Only with `RunLedger.table`.
   *
   * Choose it where somebody relies on new results: the other alarms say that something failed, this one also that nothing was begun, or that nothing arrives.
   *
   * @param id name of the alarm within the construct
   * @param options after how long
   *
   * @example
   * declare const etl: PagedBatchEtl;
   *
   * etl.addStalenessAlarm('Stale', { after: Duration.hours(26) });
   */
  public addStalenessAlarm(id: string, options: StalenessAlarmOptions): Alarm {
    return located(this, () => {
      const given = checkOptions(`staleness alarm ${id}`, options, STALENESS_ALARM_KINDS);
      if (this.ledgerFunction !== undefined) return createStalenessAlarm(this, id, given, this.ledgerFunction);
      throw new InvalidPropError('ledger', 'RunLedger.none', 'RunLedger.table where addStalenessAlarm is called', 'only a ledger tells which runs succeeded with something');
    });
  }

  /** Runs started; with `RunContinuation.selfRestart`, the executions of the runs. By default the sum over 5 minutes. */
  public metricStarted(options?: MetricOptions): Metric {
    return this.workflow.metricStarted(options);
  }

  /**
   * Runs that processed everything; with `RunContinuation.selfRestart`, also executions that went on in another one. By default the sum over 5
   * minutes.
   */
  public metricSucceeded(options?: MetricOptions): Metric {
    return this.workflow.metricSucceeded(options);
  }

  /** Runs that failed; by default the sum over 5 minutes. */
  public metricFailed(options?: MetricOptions): Metric {
    return this.workflow.metricFailed(options);
  }

  /** Runs that timed out; by default the sum over 5 minutes. */
  public metricTimedOut(options?: MetricOptions): Metric {
    return this.workflow.metricTimedOut(options);
  }

  /** Runs that somebody stopped; by default the sum over 5 minutes. */
  public metricAborted(options?: MetricOptions): Metric {
    return this.workflow.metricAborted(options);
  }

  /** Time from start to end of a run, with `RunContinuation.selfRestart` of an execution, in milliseconds; by default the average over 5 minutes. */
  public metricTime(options?: MetricOptions): Metric {
    return this.workflow.metricTime(options);
  }

  /** Pages read, including those that were read again, but each page of `PageTransport.s3` once; by default the sum over 5 minutes. */
  public metricPagesRead(options?: MetricOptions): Metric {
    return this.sourceMetric(SourceMetric.PAGES_READ, { statistic: 'Sum', ...options });
  }

  /** Items read, including those that were read again, but those of each page of `PageTransport.s3` once; by default the sum over 5 minutes. */
  public metricItemsRead(options?: MetricOptions): Metric {
    return this.sourceMetric(SourceMetric.ITEMS_READ, { statistic: 'Sum', ...options });
  }

  /** Runs that found nothing to read, looked at again by a redrive or not; by default the sum over 5 minutes. */
  public metricEmptyRuns(options?: MetricOptions): Metric {
    return this.sourceMetric(SourceMetric.EMPTY_RUNS, { statistic: 'Sum', ...options });
  }

  /**
   * How far reading is behind: seconds between now and the first sort field of the last item read, if that field is a date. By default the minimum
   * over 5 minutes: how far the runs have come.
   */
  public metricLag(options?: MetricOptions): Metric {
    return this.sourceMetric(SourceMetric.LAG, { statistic: 'Minimum', ...options });
  }

  /**
   * Failed attempts to read a page, including those whose retry succeeded. Each run that finds nothing left to read counts as one too: that is an
   * error of the function, but not of the run. By default the sum over 5 minutes.
   */
  public metricSourceErrors(options?: MetricOptions): Metric {
    return this.sourceFunction.metricErrors(options);
  }

  /**
   * Items that failed and were tolerated, those of a page that was processed again among them; by default the sum over 5 minutes. Only with
   * `FailurePolicy.tolerate`.
   */
  public metricFailedItems(options?: MetricOptions): Metric {
    const { collector } = located(this, () => this.toleratedFailures('metricFailedItems'));
    return this.functionMetric(collector, SourceMetric.FAILED_ITEMS, { statistic: 'Sum', ...options });
  }

  private toleratedFailures(caller: string): FailurePolicyParts {
    if (this.failures !== undefined) return this.failures;
    throw new InvalidPropError(
      'failurePolicy', 'FailurePolicy.failFast', `FailurePolicy.tolerate where ${caller} is called`, 'the first failure fails the run, so leave the call out',
    );
  }

  private sourceMetric(metricName: string, options: MetricOptions): Metric {
    return this.functionMetric(this.sourceFunction, metricName, options);
  }

  private functionMetric({ functionName }: IFunction, metricName: string, options: MetricOptions): Metric {
    return new Metric({
      namespace: SourceMetric.NAMESPACE, metricName, dimensionsMap: { [SourceMetric.DIMENSION]: functionName }, ...options,
    }).attachTo(this);
  }
}

/** In the order of their names: some languages hand over a map in the order of its making, others sorted. */
function parameterBindings({ parameters = {} }: PagedBatchEtlProps): RunParameterBindings {
  return Object.fromEntries(Object.keys(parameters).sort().map((name) => [name, parameters[name]._binding]));
}
