import { Analytics, MONGO_HOST } from './analytics';
import { compare } from './compare';
import { Flights, StateMetrics, Window } from './flights';
import { EndedRun, MetricsStack, WorkflowName } from './metrics-stack';
import { showRun } from './show-run';
import { JsonObject } from '../../../local/aws/service';
import { LocalCloud } from '../../../local/cloud';
import { Checks } from '../checks';
import { withAssembly } from '../example';
import { memberOf } from '../json-values';
import { formatted, Terminal } from '../terminal';

const DAY = 86_400_000;

/** Every window begins here: a day later than the data. */
const BEGIN = new Date('2001-01-02T00:00:00Z');

/** What every scene plays on: the deployed example, the database, the flights that are in it, and the book of checks. */
export class EtlStage {
  /**
   * @param items About how many documents the largest window has. A day more is loaded, before and after it.
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
    const { end } = await flights.windowOf(BEGIN, items);
    const loaded = await analytics.load(flights, { begin: new Date(BEGIN.getTime() - DAY), end: new Date(end.getTime() + DAY) });
    terminal.line(`  MongoDB ${analytics.version}${analytics.tls ? ' with TLS' : ''}: ${formatted(loaded)} real flights are in the collection jobs`);
    return withAssembly('paged-batch-etl', { database: analytics.name, tls: String(analytics.tls) }, async (assemblyFolder) => {
      const stack = await MetricsStack.deploy(cloud, assemblyFolder);
      await stack.fill(analytics.connectionSecret, await flights.airports());
      terminal.line(`  cdk synth wrote a template of ${stack.stack.resources.size} resources; the local cloud made them all`);
      return new EtlStage(terminal, cloud, analytics, flights, stack);
    });
  }

  private readonly checks: Checks;

  private constructor(
    readonly terminal: Terminal,
    readonly cloud: LocalCloud,
    readonly analytics: Analytics,
    readonly flights: Flights,
    readonly stack: MetricsStack,
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

  /** A window with about so many flights. */
  async window(items: number): Promise<Window> {
    return this.flights.windowOf(BEGIN, items);
  }

  /** Runs a workflow over a window, shows what happens, and waits for the end. */
  async run(workflow: WorkflowName, name: string, window: Window, batchSize: number): Promise<EndedRun> {
    const input = inputOf(window, batchSize);
    this.terminal.line(`  the run's input: ${this.terminal.strong(JSON.stringify(input))}`);
    const total = await this.flights.count(window);
    return showRun(this.terminal, this.cloud.clock, { total }, async (observer) => this.stack.run(workflow, name, input, observer));
  }

  /** Lets a failed run over so many documents go on. */
  async redrive(run: EndedRun, total: number): Promise<EndedRun> {
    const from = run.failure?.progress.items;
    return showRun(this.terminal, this.cloud.clock, { total, from }, async (observer) => this.stack.redrive(run, observer));
  }

  /** Checks that a run processed so many documents. */
  expectSuccess({ status, output, failure }: EndedRun, items: number): void {
    const answer = failure === undefined ? JSON.stringify(output) : `${failure.typedError}: ${failure.cause}`;
    this.expect(status === 'SUCCEEDED' && memberOf(output, 'items') === items, `the run is ${status} and answers ${answer}`);
  }

  /** Checks what a run wrote against the same metrics in SQL, over the file that the flights came from; answers the latter. */
  async expectMetrics({ arn }: EndedRun, window: Window): Promise<StateMetrics[]> {
    const items = await this.flights.count(window);
    const [atBegin, atEnd] = [await this.flights.countAt(window.begin), await this.flights.countAt(window.end)];
    const written = await this.analytics.countMetrics(arn);
    this.expect(
      written === items,
      `it wrote ${formatted(written)} metrics, one for each flight of the window: with the ${atBegin} at exactly its begin, without the ${atEnd} at exactly its end`,
    );
    const expected = await this.flights.metrics(window);
    const { total, differences } = compare(await this.analytics.metricsOf(arn), expected);
    this.expect(differences.length === 0, `${total - differences.length} of ${total} numbers are what SQL computes from the files themselves`);
    for (const difference of differences.slice(0, 5)) this.terminal.line(`      ${difference}`);
    return expected;
  }

  /** How somebody at another terminal can start a run over about so many documents. */
  async startCommand(items: number): Promise<string> {
    const window = await this.window(items);
    const { accessKeyId, secretAccessKey } = this.cloud.credentials.issueForUser(this.stack.administrator.caller);
    return [
      `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey} AWS_DEFAULT_REGION=${this.cloud.environment.region}`,
      `AWS_ENDPOINT_URL=${this.cloud.endpoint} AWS_CA_BUNDLE=${this.cloud.caFile}`,
      `aws stepfunctions start-execution --state-machine-arn ${this.stack.workflowArn('Metrics')}`,
      `--input '${JSON.stringify(inputOf(window, 50))}'`,
    ].join(' \\\n  ');
  }

  /** How somebody at another terminal can look into the database. */
  shellCommand(): string {
    const { uri, tls } = this.analytics;
    return `mongosh '${uri}'${tls ? ` --tlsCAFile ${this.cloud.caFile}` : ''}`;
  }

  async clear(): Promise<void> {
    await this.analytics.close();
    await this.cloud.close();
  }
}

function inputOf({ begin, end }: Window, batchSize: number): JsonObject {
  return { date_begin: begin.toISOString(), date_end: end.toISOString(), batch_size: batchSize };
}
