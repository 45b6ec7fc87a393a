import { Analytics, MONGO_HOST } from './analytics';
import { compare, Comparison } from './compare';
import { Day, Flights, flightsOf, StateMetrics, Window, windowsOf } from './flights';
import { EndedRun, MetricsStack, WorkflowName } from './metrics-stack';
import { RunsExtent, ShownRun, showRuns } from './show-runs';
import { LocalCloud } from '../../../local/cloud';
import { JsonObject, memberOf } from '../../../local/json';
import { Checks } from '../checks';
import { withAssembly } from '../example';
import { formatted, Terminal } from '../terminal';

const DAY = 86_400_000;

/** Every window, or the first of them, begins here: a day later than the data. */
const BEGIN = new Date('2001-01-02T00:00:00Z');

/** What runs wrote, and whether it is what it must be. */
export interface ComparedMetrics extends Comparison {
  readonly written: readonly StateMetrics[];
}

/** What every scene plays on: the deployed example, the database, the flights that are in it, and the book of checks. */
export class EtlStage {
  /**
   * @param items Least number of documents that the days have together. A day more is loaded, before and after them.
   * @throws MongoUnavailable where there is no MongoDB server.
   */
  static async set(terminal: Terminal, items: number): Promise<EtlStage> {
    const cloud = await LocalCloud.start({ hosts: [MONGO_HOST] });
    try {
      const analytics = await Analytics.start(cloud);
      try {
        return await EtlStage.fill(terminal, items, cloud, analytics);
      } catch (error) {
        await analytics.close();
        throw error;
      }
    } catch (error) {
      await cloud.close();
      throw error;
    }
  }

  private static async fill(terminal: Terminal, items: number, cloud: LocalCloud, analytics: Analytics): Promise<EtlStage> {
    const flights = await Flights.open();
    const days = windowsOf(await flights.daysFrom(BEGIN, items));
    const end = days[days.length - 1].end;
    const loaded = await analytics.load(flights, { begin: new Date(BEGIN.getTime() - DAY), end: new Date(end.getTime() + DAY) });
    terminal.line(`  MongoDB ${analytics.version}${analytics.tls ? ' with TLS' : ''}: ${formatted(loaded)} real flights are in the collection jobs`);
    const context = { database: analytics.name, tls: String(analytics.tls) };
    return withAssembly('paged-batch-etl', context, async (assemblyFolder) => {
      const stack = await MetricsStack.deploy(cloud, assemblyFolder);
      await stack.fill(analytics.connectionSecret, await flights.airports());
      terminal.line(`  cdk synth wrote a template of ${stack.stack.resources.size} resources; the local cloud made them all`);
      return new EtlStage(terminal, cloud, analytics, flights, stack, days, loaded);
    });
  }

  private readonly checks: Checks;

  private constructor(
    readonly terminal: Terminal,
    readonly cloud: LocalCloud,
    readonly analytics: Analytics,
    readonly flights: Flights,
    readonly stack: MetricsStack,
    /** The windows of runs: days that follow on one another, all of whose flights are loaded. */
    readonly days: readonly Day[],
    /** How many documents are in the collection. */
    readonly loaded: number,
  ) {
    this.checks = new Checks(terminal, cloud);
  }

  /** Whether every check held, and the local cloud itself had no fault. */
  conclude(): boolean {
    return this.checks.conclude();
  }

  expect(held: boolean, text: string): void {
    this.checks.expect(held, text);
  }

  /** A window with about this many flights. */
  async window(items: number): Promise<Window> {
    return this.flights.windowOf(BEGIN, items);
  }

  /**
   * Runs a workflow over a window, shows what happens, and waits for the end.
   *
   * @param batchSize Default: that of the construct.
   * @param total Documents that it is to process. Default: the flights of the window.
   */
  async run(workflow: WorkflowName, name: string, window: Window, batchSize?: number, total?: number): Promise<EndedRun> {
    const input = inputOf(window, batchSize);
    this.terminal.line(`  Input of the run: ${this.terminal.strong(JSON.stringify(input))}`);
    const extent = { total: total ?? await this.flights.count(window) };
    const [run] = await this.show(extent, [{ play: async (observer) => this.stack.run(workflow, name, input, observer) }]);
    return run;
  }

  /** A day before all flights. */
  windowBeforeAll(): Window {
    return { begin: new Date(BEGIN.getTime() - 3 * DAY), end: new Date(BEGIN.getTime() - 2 * DAY) };
  }

  /** Runs a workflow over each of the days, one after another, shows what happens, and waits for the end. */
  async runDays(workflow: WorkflowName, batchSize: number): Promise<EndedRun[]> {
    this.terminal.line(`  Input of the first run: ${this.terminal.strong(JSON.stringify(inputOf(this.days[0], batchSize)))}`);
    return this.show({ total: flightsOf(this.days) }, this.days.map((day) => ({
      name: day.date,
      play: async (observer) => this.stack.run(workflow, day.date, inputOf(day, batchSize), observer),
    })));
  }

  /** Lets a failed run over this many documents go on. */
  async redrive(run: EndedRun, total: number): Promise<EndedRun> {
    const from = run.failure?.progress.items;
    const [ended] = await this.show({ total, from }, [{ play: async (observer) => this.stack.redrive(run, observer) }]);
    return ended;
  }

  /** Checks that a run processed this many documents. */
  expectSuccess({ status, output, failure }: EndedRun, items: number): void {
    const answer = failure === undefined ? JSON.stringify(output) : `${failure.typedError}: ${failure.cause}`;
    this.expect(status === 'SUCCEEDED' && memberOf(output, 'items') === items, `the run is ${status} and answers ${answer}`);
  }

  /** Compares what runs wrote together with the same metrics in SQL, over the files that everything came from. */
  async compare(runs: readonly EndedRun[], window: Window): Promise<ComparedMetrics> {
    const written = await this.analytics.metricsOf(...runs.map(({ arn }) => arn));
    return { written, ...compare(written, await this.flights.metrics(window)) };
  }

  /** Checks what a run wrote. */
  async expectMetrics(run: EndedRun, window: Window): Promise<void> {
    const items = await this.flights.count(window);
    const [atBegin, atEnd] = [await this.flights.countAt(window.begin), await this.flights.countAt(window.end)];
    const written = await this.analytics.countMetrics(run.arn);
    this.expect(
      written === items,
      `it wrote ${formatted(written)} metrics, one for each flight of the window: `
        + `with the ${atBegin} at exactly its begin, without the ${atEnd} at exactly its end`,
    );
    this.expectEqual(await this.compare([run], window), 'numbers are what SQL computes from the files themselves');
  }

  /** Checks that every number is as it must be. */
  expectEqual({ total, differences }: Comparison, text: string): void {
    this.expect(differences.length === 0, `${formatted(total - differences.length)} of ${formatted(total)} ${text}`);
    for (const difference of differences.slice(0, 5)) this.terminal.line(`      ${difference}`);
  }

  /** How somebody at another terminal can start a run over the first day. */
  startCommand(): string {
    const { accessKeyId, secretAccessKey } = this.cloud.credentials.issueForUser(this.stack.administrator.caller);
    return [
      `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} AWS_DEFAULT_REGION=${this.cloud.environment.region}`,
      `AWS_ENDPOINT_URL=${this.cloud.endpoint} AWS_CA_BUNDLE=${this.cloud.caFile}`,
      `aws stepfunctions start-execution --state-machine-arn ${this.stack.workflowArn('Metrics')}`,
      `--input '${JSON.stringify(inputOf(this.days[0], 50))}'`,
    ].join(' \\\n  ');
  }

  /** How somebody at another terminal can look into the database. */
  shellCommand(): string {
    const { uri, tls } = this.analytics;
    return `mongosh '${uri}'${tls ? ` --tlsCAFile ${this.cloud.caFile}` : ''}`;
  }

  private async show(extent: RunsExtent, runs: readonly ShownRun[]): Promise<EndedRun[]> {
    return showRuns(this.terminal, this.cloud.clock, extent, runs);
  }

  async clear(): Promise<void> {
    await this.analytics.close();
    await this.cloud.close();
  }
}

/** The input of a run over the window. */
export function inputOf({ begin, end }: Window, batchSize?: number): JsonObject {
  const [date_begin, date_end] = [begin, end].map((date) => date.toISOString().replace('.000Z', ''));
  return { date_begin, date_end, ...batchSize !== undefined && { batch_size: batchSize } };
}
