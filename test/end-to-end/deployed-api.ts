import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { QueriesStack, QueriesStackProps, TRIPS, TRIPS_KEY } from './queries-stack';
import { Credentials } from '../../local/account/credentials';
import { ApiClient } from '../../local/client/api-client';
import { Callback as ReceivedCallback, callbackOf, isGenuine } from '../../local/client/callback';
import { RECEIVER_HOST, startCallbackReceiver } from '../../local/client/callback-receiver';
import { DeployedStack, executionArnOf } from '../../local/client/deployed-stack';
import { download, downloadFile, Incoming, IncomingFile } from '../../local/client/https';
import { LocalCloud, LocalCloudOptions } from '../../local/cloud';
import { expectString, isObject, JsonObject, JsonValue } from '../../local/json';
import { LocalHost } from '../../local/network/local-network';
import { Receiver } from '../../local/network/receiver';
import { HistoryEvent, isEnd } from '../../local/stepfunctions/interpreter/history';
import { UpdatedStack } from '../../local/template/update';
import type { CallbackBody } from '../../src/async-athena-query-api/contracts/callback';

/** A callback of the workflow. */
export type Callback = ReceivedCallback<CallbackBody>;

export const CALLBACK_URL = `https://${RECEIVER_HOST}/athena`;

/** Errors of the attempts that failed, oldest first. */
export function errorsOf({ events }: Run): (string | undefined)[] {
  return events.filter(({ type }) => type === 'TaskFailed').map(({ details }) => details.error);
}

/** Name of the state that an execution was in last. */
export function lastStateOf({ events }: Run): string | undefined {
  return events.filter(({ type }) => type.endsWith('StateEntered')).at(-1)?.details.state;
}

/** What became of a request, up to the end of its execution. */
export interface Run {
  readonly queryId: string;
  /** Everything the execution did, in virtual time. */
  readonly events: readonly HistoryEvent[];
  /** The last of these. */
  readonly end: HistoryEvent;
  /** Attempts that reached the receiver, oldest first. */
  readonly callbacks: readonly Callback[];
}

export interface DeployedApiOptions extends QueriesStackProps {
  readonly cloud?: LocalCloudOptions;
  /** Makes a stack that is deployed before. */
  readonly before?: (app: App) => Stack;
  /** Folder with the stack as `cdk synth` wrote it, to be deployed instead of what the props make. */
  readonly assembly?: string;
}

/** An AsyncAthenaQueryApi deployed to a local cloud of its own, with someone to ask it and someone to be called back. */
export class DeployedApi {
  static async start({ cloud: cloudOptions, before, assembly, ...stackProps }: DeployedApiOptions = {}): Promise<DeployedApi> {
    const outdir = mkdtempSync(join(tmpdir(), 'end-to-end-'));
    try {
      const app = new App({ outdir, treeMetadata: false });
      const first = before?.(app);
      const { stackName } = new QueriesStack(app, 'Stack', stackProps);
      app.synth();
      const cloud = await LocalCloud.start({ ...cloudOptions, hosts: [RECEIVER_HOST, ...cloudOptions?.hosts ?? []] });
      try {
        const outputs = first === undefined ? {} : (await cloud.deploy(outdir, first.stackName)).outputs;
        const deployment = await DeployedStack.deploy(cloud, assembly ?? outdir, stackName);
        await deployment.putObject('Data', TRIPS_KEY, Buffer.from(TRIPS));
        const analyst = deployment.createUserLike('Analysts', 'analyst');
        const receiver = await startCallbackReceiver(cloud);
        return new DeployedApi(cloud, deployment, analyst, receiver, 'Queries', deployment.localUrl('ExportQueriesUrl'), outputs);
      } catch (error) {
        // Nobody else could, and the process would not end.
        await cloud.close();
        throw error;
      }
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  readonly client: ApiClient;
  /** ARN of the workflow. */
  readonly workflow: string;
  private readonly histories = new Map<string, HistoryEvent[]>();

  private constructor(
    readonly cloud: LocalCloud,
    readonly deployment: DeployedStack,
    /** A user who may submit queries and nothing else. */
    readonly analyst: Credentials,
    readonly receiver: Receiver,
    private readonly constructId: string,
    /** URL of `POST /queries` on this machine. */
    readonly url: string,
    /** Outputs of the stack that was deployed before. */
    readonly outputsBefore: Readonly<Record<string, string>> = {},
  ) {
    this.client = this.clientOf(analyst);
    this.workflow = this.physicalId('AWS::StepFunctions::StateMachine', 'Workflow');
    cloud.observe(({ executionArn, event }) => {
      const events = this.histories.get(executionArn) ?? [];
      this.histories.set(executionArn, [...events, event]);
    });
  }

  /** Updates the stack to what other props make of it. */
  async update(props: QueriesStackProps): Promise<UpdatedStack> {
    const outdir = mkdtempSync(join(tmpdir(), 'end-to-end-'));
    try {
      const app = new App({ outdir, treeMetadata: false });
      new QueriesStack(app, this.deployment.stack.stackName, props);
      app.synth();
      return await this.deployment.update(outdir);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }

  /** Another instance of the construct in the same stack, whose URL is this output. */
  sibling(constructId: string, urlOutput: string): DeployedApi {
    return new DeployedApi(this.cloud, this.deployment, this.analyst, this.receiver, constructId, this.deployment.localUrl(urlOutput));
  }

  /** Someone with other credentials than those of a user who may submit. */
  clientOf(credentials: Credentials): ApiClient {
    const { environment: { region }, clock, certificates: { caPem } } = this.cloud;
    return new ApiClient({ url: this.url, region, credentials, clock, caPem });
  }

  now(): number {
    return this.cloud.clock.now();
  }

  async sleepUntil(time: number): Promise<void> {
    await this.cloud.clock.sleep(time - this.now());
  }

  /** Physical id of a resource of the construct. */
  physicalId(type: string, name: string): string {
    return this.deployment.physicalId(type, `${this.constructId}${name}`);
  }

  /** Submits a query and answers its id. */
  async submit(query: string, callbackUrl: string = CALLBACK_URL): Promise<string> {
    const { status, body } = await this.client.postJson({ Query: query, CallbackUrl: callbackUrl });
    if (status !== 202) throw new Error(`The request was answered ${status}: ${JSON.stringify(body)}`);
    return expectString(body.QueryId, 'QueryId');
  }

  /** Submits a query and follows it to the end. */
  async run(query: string, callbackUrl?: string): Promise<Run> {
    return this.ended(await this.submit(query, callbackUrl));
  }

  /** What became of a query, once its execution has ended and everybody has been told. */
  async ended(queryId: string): Promise<Run> {
    const arn = this.executionArn(queryId);
    await this.cloud.stepFunctions.ended(arn);
    // Time stands still while events are delivered, so when it goes on they are.
    await this.cloud.clock.sleep(1);
    const events = this.histories.get(arn) ?? [];
    const end = events.at(-1);
    if (end === undefined || !isEnd(end.type)) throw new Error(`The execution of ${queryId} has not ended`);
    const attempts = this.receiver.requests.filter(({ headers }) => headers['webhook-id'] === queryId);
    return { queryId, events, end, callbacks: attempts.map((attempt) => callbackOf<CallbackBody>(attempt)) };
  }

  /** Waits for the next event of any execution that fits. */
  async next(fits: (event: HistoryEvent) => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const stop = this.cloud.observe(({ event }) => {
        if (!fits(event)) return;
        stop();
        resolve();
      });
    });
  }

  /** Does something between that event and whatever comes after it. */
  async at(fits: (event: HistoryEvent) => boolean, action: () => Promise<void> | void): Promise<void> {
    await this.next(fits);
    await this.cloud.clock.hold(async () => action());
  }

  /** Goes on with a failed execution where it failed, to the next end. */
  async redrive(queryId: string): Promise<Run> {
    await this.deployment.redriveExecution(this.executionArn(queryId));
    return this.ended(queryId);
  }

  /** Dead letters of a query, oldest first. */
  deadLetters(queryId: string): JsonObject[] {
    const { attributes } = this.deployment.resource('AWS::SQS::Queue', `${this.constructId}DeadLetters`);
    const letters: JsonObject[] = (this.cloud.sqs.find(String(attributes?.Arn))?.peek() ?? []).map((body) => JSON.parse(body));
    return letters.filter(({ QueryId }) => QueryId === queryId);
  }

  /** All that whoever may read the history sees of a query. */
  async historyText(queryId: string): Promise<string> {
    const pages: string[] = [];
    for (let nextToken: JsonValue | undefined, first = true; first || nextToken !== undefined; first = false) {
      const request = { executionArn: this.executionArn(queryId), maxResults: 1000, ...nextToken !== undefined && { nextToken } };
      const page = await this.cloud.stepFunctions.call('GetExecutionHistory', request, this.deployment.administrator);
      pages.push(JSON.stringify(page.events));
      nextToken = page.nextToken;
    }
    return pages.join('\n');
  }

  /** Every line in every log group of the cloud, whoever made it: those of functions, of the API and of the workflow. */
  logText(): string {
    const { logs } = this.cloud;
    return logs.names.flatMap((name) => logs.lines(name).map(({ message }) => message)).join('\n');
  }

  /** What the workflow has written into its log. */
  workflowLog(): JsonObject[] {
    return this.cloud.logs.lines(this.physicalId('AWS::Logs::LogGroup', 'WorkflowLogs')).map(({ message }) => JSON.parse(message));
  }

  /** How many executions the workflow has had. */
  async executions(): Promise<number> {
    const input = { stateMachineArn: this.workflow, maxResults: 1000 };
    const { executions } = await this.cloud.stepFunctions.call('ListExecutions', input, this.deployment.administrator);
    return Array.isArray(executions) ? executions.length : 0;
  }

  alarmState(): string {
    return this.cloud.alarms.state(this.physicalId('AWS::CloudWatch::Alarm', 'FailureAlarm'));
  }

  download(url: string): Promise<Incoming> {
    return download(url, this.cloud.certificates.caPem);
  }

  /** Opens a link to a file that is no text. */
  downloadFile(url: string): Promise<IncomingFile> {
    return downloadFile(url, this.cloud.certificates.caPem);
  }

  /** The link of a callback. */
  linkOf({ body: { QueryResult } }: Pick<Callback, 'body'>): string {
    if (QueryResult === undefined || !('PresignedUrl' in QueryResult)) throw new Error('The callback has no link');
    return QueryResult.PresignedUrl;
  }

  /** Whether the receiver accepts a callback now. */
  async verifies(callback: Callback): Promise<boolean> {
    return isGenuine(callback, await this.signingSecret(), this.now());
  }

  /** A shared secret, or a seed. */
  async signingSecret(): Promise<string> {
    return (await this.deployment.secretString(`${this.constructId}Signing`)).replace(/^whsec_/, '');
  }

  async putSigningSecret(value: string): Promise<void> {
    await this.deployment.putSecretString(`${this.constructId}Signing`, value);
  }

  /** Puts a host on the internet of the delivery function; answers the URL of a callback there. */
  connect(name: string, host: LocalHost): string {
    this.cloud.connectHost(name, host);
    return `https://${name}/athena`;
  }

  executionArn(queryId: string): string {
    return executionArnOf(this.workflow, queryId);
  }

  /** Fails if anything in the local cloud itself went wrong or was in vain, for then nothing is proven. */
  assertNoFaults(): void {
    const { faults, warnings, events, scheduler, sns } = this.cloud;
    expect({ faults, warnings, events: events.undelivered, schedules: scheduler.undelivered, messages: sns.undelivered })
      .toEqual({ faults: [], warnings: [], events: [], schedules: [], messages: [] });
  }

  /** Fails if anything that was submitted or signed can be read in a log, a dead letter, a metric or a variable of a function. */
  private async assertSecrecy(): Promise<void> {
    const { metrics, lambda, sqs } = this.cloud;
    const letters = sqs.find(String(this.deployment.resource('AWS::SQS::Queue', `${this.constructId}DeadLetters`).attributes?.Arn))?.peek() ?? [];
    const variables = lambda.configurations().map((configuration) => configuration.variables);
    const shown = [this.logText(), ...[letters, metrics.names(), variables].map((all) => JSON.stringify(all))].join('\n');
    const hidden = [...this.submitted(), 'X-Amz-Signature', await this.signingSecret()];
    expect(hidden.filter((text) => shown.includes(text) || shown.includes(JSON.stringify(text).slice(1, -1)))).toEqual([]);
  }

  /** SQL and callback URLs of all requests, whoever made them. */
  private submitted(): Set<string> {
    const inputs = [...this.histories.values()].flatMap(([started]) => (started.type === 'ExecutionStarted' ? [started.details.input] : []));
    return new Set(inputs.flatMap((input) => {
      const request = isObject(input) && isObject(input.ApiRequest) ? input.ApiRequest : {};
      return [request.Query, request.CallbackUrl].filter((text): text is string => typeof text === 'string');
    }));
  }

  async close(): Promise<void> {
    try {
      await this.assertSecrecy();
    } finally {
      await this.receiver.close();
      await this.cloud.close();
    }
  }
}
