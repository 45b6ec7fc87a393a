import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { QueriesStack, QueriesStackProps, TRIPS, TRIPS_KEY } from './queries-stack';
import { ApiClient } from '../../examples/demo/athena/api-client';
import { Callback, callbackOf, isGenuine } from '../../examples/demo/athena/callback';
import { Deployment } from '../../examples/demo/athena/deployment';
import { Download, download } from '../../examples/demo/athena/link';
import { RECEIVER_ADDRESS, RECEIVER_HOST } from '../../examples/demo/athena/stage';
import { LocalCloud, LocalCloudOptions } from '../../local/cloud';
import { JsonObject, JsonValue } from '../../local/json';
import { LocalHost } from '../../local/network/local-network';
import { Receiver } from '../../local/network/receiver';
import { HistoryEvent } from '../../local/stepfunctions/interpreter/history';
import { Credentials } from '../../local/sts/credentials';

export const CALLBACK_URL = `https://${RECEIVER_HOST}/athena`;

const ENDS = ['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'];

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
}

/** An AsyncAthenaQueryApi deployed to a local cloud of its own, with someone to ask it and someone to be called back. */
export class DeployedApi {
  static async start({ cloud: cloudOptions, ...stackProps }: DeployedApiOptions = {}): Promise<DeployedApi> {
    const outdir = mkdtempSync(join(tmpdir(), 'end-to-end-'));
    try {
      const app = new App({ outdir });
      new QueriesStack(app, 'Stack', stackProps);
      app.synth();
      const cloud = await LocalCloud.start({ ...cloudOptions, hosts: [RECEIVER_HOST, ...cloudOptions?.hosts ?? []] });
      const deployment = await Deployment.of(cloud, outdir, { key: TRIPS_KEY, body: Buffer.from(TRIPS) });
      const receiver = await Receiver.start(cloud.certificates);
      cloud.connectHost(RECEIVER_HOST, { addresses: [RECEIVER_ADDRESS], connectTo: receiver.connectTo });
      return new DeployedApi(cloud, deployment, receiver, 'Queries', deployment.queriesUrl);
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
    readonly deployment: Deployment,
    readonly receiver: Receiver,
    private readonly constructId: string,
    /** URL of `POST /queries` on this machine. */
    readonly url: string,
  ) {
    this.client = this.clientOf(deployment.analyst);
    this.workflow = this.physicalId('AWS::StepFunctions::StateMachine', 'Workflow');
    cloud.observe(({ executionArn, event }) => {
      const events = this.histories.get(executionArn) ?? [];
      this.histories.set(executionArn, [...events, event]);
    });
  }

  /** Another instance of the construct in the same stack, whose URL is this output. */
  sibling(constructId: string, urlOutput: string): DeployedApi {
    const url = this.cloud.localUrl(this.deployment.stack.outputs[urlOutput]);
    return new DeployedApi(this.cloud, this.deployment, this.receiver, constructId, url);
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
    const { status, body } = await this.client.submit({ Query: query, CallbackUrl: callbackUrl });
    if (status !== 202) throw new Error(`The request was answered ${status}: ${JSON.stringify(body)}`);
    return body.QueryId;
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
    if (end === undefined || !ENDS.includes(end.type)) throw new Error(`The execution of ${queryId} has not ended`);
    const attempts = this.receiver.requests.filter(({ headers }) => headers['webhook-id'] === queryId);
    return { queryId, events, end, callbacks: attempts.map(callbackOf) };
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
    await this.cloud.stepFunctions.call('RedriveExecution', { executionArn: this.executionArn(queryId) }, this.deployment.administrator);
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

  /** Every line in every log group of the stack. */
  logText(): string {
    const groups = [...this.deployment.stack.resources.values()].filter(({ type }) => type === 'AWS::Logs::LogGroup');
    return groups.flatMap(({ ref }) => this.cloud.logs.lines(ref).map(({ message }) => message)).join('\n');
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

  download(url: string): Promise<Download> {
    return download(url, this.cloud.certificates.caPem);
  }

  /** The link of a callback. */
  linkOf({ body: { QueryResult } }: Callback): string {
    if (QueryResult === undefined) throw new Error('The callback has no link');
    return QueryResult.PresignedUrl;
  }

  /** Whether the receiver accepts a callback now. */
  async verifies(callback: Callback): Promise<boolean> {
    return isGenuine(callback, await this.signingSecret(), this.now());
  }

  async signingSecret(): Promise<string> {
    const SecretId = this.physicalId('AWS::SecretsManager::Secret', 'SigningSecret');
    const { SecretString } = await this.cloud.secretsManager.call('GetSecretValue', { SecretId }, this.deployment.administrator);
    return String(SecretString).replace(/^whsec_/, '');
  }

  async putSigningSecret(value: string): Promise<void> {
    const SecretId = this.physicalId('AWS::SecretsManager::Secret', 'SigningSecret');
    await this.cloud.secretsManager.call('PutSecretValue', { SecretId, SecretString: value }, this.deployment.administrator);
  }

  /** Puts a host on the internet of the delivery function; answers the URL of a callback there. */
  connect(name: string, host: LocalHost): string {
    this.cloud.connectHost(name, host);
    return `https://${name}/athena`;
  }

  executionArn(queryId: string): string {
    return `${this.workflow.replace(':stateMachine:', ':execution:')}:${queryId}`;
  }

  /** Fails if anything in the local cloud itself went wrong or was in vain, for then nothing is proven. */
  assertNoFaults(): void {
    const { faults, warnings, events, scheduler } = this.cloud;
    expect({ faults, warnings, events: events.undelivered, schedules: scheduler.undelivered })
      .toEqual({ faults: [], warnings: [], events: [], schedules: [] });
  }

  async close(): Promise<void> {
    await this.receiver.close();
    await this.cloud.close();
  }
}
