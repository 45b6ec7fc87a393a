import { Operations } from './operation';
import { CallContext, ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { Access } from '../access';
import { ExecutionRecord, MAX_LIST_TOKEN, REDRIVE_FILTERS, STATUSES, summarizeExecution } from '../api/execution';
import { describeMapRun } from '../api/map-runs';
import { pageOf } from '../api/page';
import { Request } from '../api/request';
import { MapRun } from '../interpreter/distributed/map-run';

/** Most that UpdateMapRun takes: the range of a whole number on the wire. */
const MAX_INTEGER = 2_147_483_647;

/**
 * Map Runs that an account has open at once. More of them wait at MapRunStarted, without items. Sources: developer guide, "Quotas related to accounts",
 * and `ApproximateMapRunBacklogSize` in "Monitoring Step Functions metrics".
 */
const MAX_OPEN = 1_000;

/** All Map Runs of a service, and the operations that name one. */
export class MapRuns {
  private readonly runs = new Map<string, { readonly mapRun: MapRun; readonly children: Map<string, ExecutionRecord> }>();

  readonly operations: Operations = {
    DescribeMapRun: async (request, context) => describeMapRun((await this.allowed('DescribeMapRun', request, context)).mapRun),
    UpdateMapRun: async (request, context) => this.update(request, context),
  };

  private openRuns = 0;
  /** Those that wait to be opened. */
  private readonly backlog: (() => void)[] = [];

  constructor(private readonly access: Access) {}

  /** Resolves when the account has room for the Map Run, which it then takes up to its end. */
  async open(mapRun: MapRun): Promise<void> {
    if (this.openRuns < MAX_OPEN) this.openRuns++;
    else await new Promise<void>((resolve) => this.backlog.push(resolve));
    // Who was called off while it waited has ended, and gives its room away at once.
    void mapRun.finished.then(() => {
      const next = this.backlog.shift();
      if (next === undefined) this.openRuns--;
      else next();
    });
  }

  add(mapRun: MapRun): void {
    this.runs.set(mapRun.mapRunArn, { mapRun, children: new Map() });
  }

  /** An Express child that is started again takes the place of the one before. */
  addChild(mapRun: MapRun, child: ExecutionRecord): void {
    this.runs.get(mapRun.mapRunArn)?.children.set(child.execution.identity.executionArn, child);
  }

  /** Drops a Map Run; answers its children. */
  remove(mapRun: MapRun): readonly ExecutionRecord[] {
    const children = [...this.runs.get(mapRun.mapRunArn)?.children.values() ?? []];
    this.runs.delete(mapRun.mapRunArn);
    return children;
  }

  async listExecutions(request: Request, context: CallContext): Promise<JsonObject> {
    const { children } = await this.allowed('ListExecutions', request, context);
    const status = request.oneOf('statusFilter', STATUSES);
    const redriven = request.oneOf('redriveFilter', REDRIVE_FILTERS);
    const found = [...children.values()].filter(({ execution: { redriveCount } }) => redriven === undefined || (redriven === 'REDRIVEN') === redriveCount > 0)
      .map(summarizeExecution).filter((summary) => status === undefined || summary.status === status).reverse();
    const page = pageOf(request, found.length, { growing: true, maxToken: MAX_LIST_TOKEN });
    return { executions: found.slice(page.start, page.end), ...page.nextToken };
  }

  private async update(request: Request, context: CallContext): Promise<JsonObject> {
    const { mapRun } = await this.allowed('UpdateMapRun', request, context);
    const settings = {
      maxConcurrency: request.integer('maxConcurrency', 0, MAX_INTEGER),
      count: request.integer('toleratedFailureCount', 0, MAX_INTEGER),
      percentage: request.number('toleratedFailurePercentage', 0, 100),
    };
    const given = Object.entries(settings).filter(([, value]) => value !== undefined);
    if (given.length === 0) throw new ServiceError('ValidationException', 'Request must specify at least one setting of the Map Run');
    if (mapRun.status !== 'RUNNING') throw new ServiceError('ValidationException', `Map Run is ${mapRun.status} and cannot be updated`);
    mapRun.update(Object.fromEntries(given));
    return {};
  }

  private async allowed(action: string, request: Request, context: CallContext) {
    const arn = request.arn('mapRunArn', 'mapRun');
    await this.access.allow(action, arn, context);
    const found = this.runs.get(arn);
    if (found === undefined) throw new ServiceError('ResourceNotFound', `Resource not found: '${arn}'`);
    return found;
  }
}
