import { readFileSync } from 'node:fs';
import { Timeline } from './timeline';
import { Credentials } from '../../../local/account/credentials';
import { ApiAnswer, ApiClient } from '../../../local/client/api-client';
import { Callback, callbackOf, isGenuine } from '../../../local/client/callback';
import { RECEIVER_HOST, startCallbackReceiver } from '../../../local/client/callback-receiver';
import { DeployedStack } from '../../../local/client/deployed-stack';
import { download, downloadFile, Incoming, IncomingFile } from '../../../local/client/https';
import { LocalCloud } from '../../../local/cloud';
import { JsonObject } from '../../../local/json';
import { Receiver } from '../../../local/network/receiver';
import { HistoryEvent, isEnd } from '../../../local/stepfunctions/interpreter/history';
import type { CallbackBody, ResultFile } from '../../../src/async-athena-query-api/contracts/callback';
import { Checks } from '../checks';
import { withAssembly } from '../example';
import { Terminal } from '../terminal';
import { FLIGHTS_PARQUET } from '../vega-data';

/** The two APIs of the example: one takes SQL, and one the names of queries. */
type Api = 'queries' | 'reports';

export interface Submitted {
  readonly queryId: string;
  /** The last callback, once the execution has ended. */
  readonly ended: Promise<Callback<CallbackBody>>;
}

/** What every scene plays on: the deployed example, a receiver, a caller, and the book of checks. */
export class Stage {
  /** @param enginePace Virtual milliseconds for each real one while SQL runs. */
  static async set(terminal: Terminal, enginePace: number): Promise<Stage> {
    return withAssembly('async-athena-query-api', {}, async (assemblyFolder) => {
      const cloud = await LocalCloud.start({ hosts: [RECEIVER_HOST], enginePace });
      const deployment = await DeployedStack.deploy(cloud, assemblyFolder);
      await deployment.putObject('Data', 'flights/flights-3m.parquet', readFileSync(FLIGHTS_PARQUET));
      terminal.line(`  cdk synth wrote a template of ${deployment.stack.resources.size} resources; the local cloud made them all`);
      return new Stage(terminal, cloud, deployment, await startCallbackReceiver(cloud), {
        queries: await deployment.secretString('QueriesSigningSecret'), reports: await deployment.secretString('ReportsSigningSecret'),
      });
    });
  }

  /** A user who may submit queries and nothing else. */
  private readonly analyst: Credentials;
  /** URL of `POST /queries` on this machine. */
  private readonly queriesUrl: string;
  readonly client: ApiClient;
  /** A program that may submit queries by name and nothing else. */
  private readonly reports: ApiClient;
  private readonly checks: Checks;

  private constructor(
    readonly terminal: Terminal,
    readonly cloud: LocalCloud,
    private readonly deployment: DeployedStack,
    readonly receiver: Receiver,
    private readonly signingSecrets: Readonly<Record<Api, string>>,
  ) {
    this.checks = new Checks(terminal, cloud);
    this.analyst = deployment.createUserLike('Analysts', 'analyst');
    this.queriesUrl = deployment.localUrl('ExportQueriesUrl');
    this.client = this.clientOf(this.queriesUrl, this.analyst);
    this.reports = this.clientOf(deployment.localUrl('ExportReportsUrl'), deployment.createUserLike('Programs', 'program'));
  }

  private clientOf(url: string, credentials: Credentials): ApiClient {
    const { environment: { region }, clock, certificates: { caPem } } = this.cloud;
    return new ApiClient({ url, region, credentials, clock, caPem });
  }

  /** Whether every check held, and the local cloud itself had no fault. */
  conclude(): boolean {
    return this.checks.conclude();
  }

  now(): number {
    return this.cloud.clock.now();
  }

  async sleepUntil(time: number): Promise<void> {
    await this.cloud.clock.sleep(time - this.now());
  }

  expect(held: boolean, text: string): void {
    this.checks.expect(held, text);
  }

  /** Submits a query, shows what happens, and answers the last callback once the execution has ended. */
  async run(query: string): Promise<Callback<CallbackBody>> {
    return (await this.submit(query)).ended;
  }

  /** Submits a query and shows what happens from then on. */
  async submit(query: string, more: JsonObject = {}): Promise<Submitted> {
    return this.follow(async () => this.post(query, more));
  }

  /** Submits a query by its name, shows what happens, and answers the last callback once the execution has ended. */
  async runReport(request: JsonObject): Promise<Callback<CallbackBody>> {
    return (await this.follow(async () => this.postReport(request))).ended;
  }

  private async follow(submit: () => Promise<ApiAnswer>): Promise<Submitted> {
    const timeline = new Timeline(this.terminal);
    const ended = this.untilEvent((event) => {
      timeline.show(event);
      return isEnd(event.type);
    });
    const { status, body } = await submit();
    if (status !== 202) throw new Error(`The request was answered ${status}: ${JSON.stringify(body)}`);
    return { queryId: String(body.QueryId), ended: ended.then(() => this.lastCallback()) };
  }

  async post(query: string, more: JsonObject = {}): Promise<ApiAnswer> {
    return this.client.postJson({ Query: query, CallbackUrl: `https://${RECEIVER_HOST}/athena`, ...more });
  }

  async postReport(request: JsonObject): Promise<ApiAnswer> {
    return this.reports.postJson({ ...request, CallbackUrl: `https://${RECEIVER_HOST}/athena` });
  }

  /** Settles at the first event from now on that fits. */
  async untilEvent(fits: (event: HistoryEvent) => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = this.cloud.observe(({ event }) => {
        if (!fits(event)) return;
        stop();
        resolve();
      });
    });
  }

  /** How many callbacks the receiver has got for a query. */
  callbacksOf(queryId: string): number {
    return this.receiver.requests.filter(({ headers }) => headers['webhook-id'] === queryId).length;
  }

  private lastCallback(): Callback<CallbackBody> {
    const last = this.receiver.requests.at(-1);
    if (last === undefined) throw new Error('No callback came');
    return callbackOf<CallbackBody>(last);
  }

  /** Whether the receiver, who knows only the secret, accepts the callback at this virtual time. */
  verifies(callback: Callback<CallbackBody>, api: Api = 'queries'): boolean {
    return isGenuine(callback, this.signingSecrets[api], this.now());
  }

  /** The link of a callback; empty where it has none. */
  linkOf({ body: { QueryResult } }: Callback<CallbackBody>): string {
    return QueryResult !== undefined && 'PresignedUrl' in QueryResult ? QueryResult.PresignedUrl : '';
  }

  /** The links to the files of a callback. */
  filesOf({ body: { QueryResult } }: Callback<CallbackBody>): readonly ResultFile[] {
    return QueryResult !== undefined && 'Files' in QueryResult ? QueryResult.Files : [];
  }

  download(url: string): Promise<Incoming> {
    return download(url, this.cloud.certificates.caPem);
  }

  downloadFile(url: string): Promise<IncomingFile> {
    return downloadFile(url, this.cloud.certificates.caPem);
  }

  /** State of a query as Athena itself tells it. */
  async queryState(queryExecutionId: string): Promise<string> {
    return this.deployment.queryState(queryExecutionId);
  }

  /** How somebody at another terminal can submit a query. */
  curls(): string {
    const { accessKeyId, secretAccessKey } = this.analyst;
    const body = JSON.stringify({ Query: "SELECT 'it works' AS answer", CallbackUrl: `https://${RECEIVER_HOST}/athena` });
    const signed = `--cacert ${this.cloud.caFile} --aws-sigv4 aws:amz:${this.cloud.environment.region}:execute-api --user '${accessKeyId}:${secretAccessKey}'`;
    return [
      `curl ${signed} \\\n  ${this.queriesUrl} -H 'Content-Type: application/json' -d "$(cat <<'BODY'\n${body}\nBODY\n)"`,
      '# Look at it, get a fresh link, cancel it:',
      `curl ${signed} \\\n  ${this.queriesUrl}/<QueryId>`,
      `curl ${signed} \\\n  ${this.queriesUrl}/<QueryId>/result`,
      `curl ${signed} \\\n  ${this.queriesUrl}/<QueryId> -X DELETE`,
    ].join('\n');
  }

  async clear(): Promise<void> {
    await this.receiver.close();
    await this.cloud.close();
  }
}
