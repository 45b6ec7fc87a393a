import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { BSON, Collection, Db, Document, ObjectId } from 'mongodb';
import { JobsStack, PROCESS } from './jobs-stack';
import { RemoteFunctions, TEST_HOST } from './remote-functions';
import { DeployedStack } from '../../../local/client/deployed-stack';
import { LocalCloud, LocalCloudOptions } from '../../../local/cloud';
import { JsonObject, JsonValue, memberOf } from '../../../local/json';
import { MongoServer, MongoUser } from '../../../local/mongodb/mongo-server';
import { startMongo } from '../../../local/mongodb/start-mongo';
import { HistoryEvent } from '../../../local/stepfunctions/interpreter/history';
import { CreatedStack } from '../../../local/template/stack';
import { seededRandom } from '../../support/random';

/** What the server is like that the tests here need: theirs alone, with TLS and passwords, known by another name in the local network. */
export const MONGO_HOST = 'mongo.example.com';
const MONGO_ADDRESS = '93.184.216.34';
const MONGO_PORT = 27_017;
export const PUBLIC_ADDRESS = `${MONGO_HOST}:${MONGO_PORT}`;
/** For `describeWhereMongo`. */
export const OWN_SERVER = { own: true };

const DATABASE = 'Analytics';

/** Who reads: has no rights but those that the documentation asks for. */
export const READER: MongoUser = { name: 'etl', password: 'r3@der/päss?' };

export interface DeployedEtlOptions {
  readonly define: (stack: JobsStack) => void;
  readonly cloud?: LocalCloudOptions;
}

/** How a run, or its latest redrive, ended. */
export interface Run {
  /** Of the execution that began the run. */
  readonly arn: string;
  /** Of the execution that ended it: another one in a run that restarts itself. */
  readonly lastArn: string;
  readonly status: string;
  /** Present when it succeeded. */
  readonly output?: JsonValue;
  /** Error of the execution, when it failed. */
  readonly error?: string;
  /** What that comes from: the error that the page failed with, where the execution names a segment's. */
  readonly failure?: { readonly name: string; readonly message: string };
}

/** An item as a processor gets it. */
export interface ProcessedItem {
  readonly itemIdentifier: string;
  readonly idempotencyKey: string;
  readonly item: JsonObject;
}

/** What a processor is called with: an item, or a page. */
export type ProcessorCall = { readonly run: { readonly id: string; readonly page: number; readonly index?: number }; readonly parameters: JsonObject }
  & (ProcessedItem | { readonly items: readonly ProcessedItem[] });

/** A window of the collection. */
export interface Filled {
  /** Of a run over the window, as the published use case has it: without a time zone. */
  readonly input: { readonly date_begin: string; readonly date_end: string };
  /** Identifiers of its documents, in their order. */
  readonly identifiers: readonly string[];
  /** Epoch milliseconds. */
  readonly begin: number;
}

/** Constructs deployed to a local cloud of their own, with a MongoDB server to read from and functions that do what the test says. */
export class DeployedEtl extends DeployedStack {
  static async start({ define, cloud: options }: DeployedEtlOptions): Promise<DeployedEtl> {
    const cloud = await LocalCloud.start({ random: seededRandom(11), ...options, hosts: [MONGO_HOST, TEST_HOST] });
    const starting = startMongo({
      ...OWN_SERVER,
      replicaSet: true,
      tls: cloud.certificates,
      administrator: { name: 'administrator', password: randomUUID() },
      publicAddress: PUBLIC_ADDRESS,
    });
    try {
      // The server starts while the template is made.
      const [stack, server] = await Promise.all([withAssembly(define, async (outdir) => cloud.deploy(outdir)), starting]);
      cloud.connectHost(MONGO_HOST, { addresses: [MONGO_ADDRESS], port: MONGO_PORT, connectTo: server.connectTo });
      await server.client().db('admin').command({ createUser: READER.name, pwd: READER.password, roles: [{ role: 'read', db: DATABASE }] });
      const etl = new DeployedEtl(cloud, stack, server, await RemoteFunctions.start(cloud));
      await etl.jobs.createIndex({ runDate: 1, _id: 1 });
      await etl.connectAs(READER);
      return etl;
    } catch (error) {
      await cloud.close();
      await (await starting).close();
      throw error;
    }
  }

  readonly database: Db;
  private readonly histories = new Map<string, HistoryEvent[]>();
  private days = 0;

  private constructor(readonly cloud: LocalCloud, stack: CreatedStack, readonly server: MongoServer, readonly functions: RemoteFunctions) {
    super(cloud, stack);
    this.database = server.client().db(DATABASE);
    cloud.observe(({ executionArn, event }) => this.historyOf(executionArn).push(event));
  }

  /** The collection that is read. */
  get jobs(): Collection<Document> {
    return this.database.collection('jobs');
  }

  /** Writes into the connection secret as whom to read. */
  async connectAs(user: MongoUser): Promise<void> {
    await this.putSecret(this.server.uriFor(PUBLIC_ADDRESS, user));
  }

  async putSecret(SecretString: string, name: string = 'Connection'): Promise<void> {
    await this.putSecretString(name, SecretString);
  }

  /**
   * Makes documents in a window that nobody else uses, of one day, and neighbours just outside of it.
   *
   * @param documents what they have beside `_id` and `runDate`, in the order of the run
   */
  async fill(documents: readonly Document[]): Promise<Filled> {
    const begin = Date.UTC(2020, 0, 1) + 2 * DAY * this.days++;
    const inside = documents.map((document, index) => ({ _id: new ObjectId(), ...document, runDate: new Date(begin + secondsOf(index) * 1_000) }));
    const outside = [begin - 1, begin + DAY].map((time) => ({ _id: new ObjectId(), runDate: new Date(time) }));
    await this.jobs.insertMany([...inside, ...outside]);
    return {
      input: { date_begin: published(begin), date_end: published(begin + DAY) },
      identifiers: inside.map(({ _id }) => BSON.EJSON.stringify(_id, { relaxed: false })),
      begin,
    };
  }

  /** ARN of the workflow of a construct. */
  workflowArn(construct: string): string {
    return this.physicalId('AWS::StepFunctions::StateMachine', `${construct}Workflow`);
  }

  /** Starts a run; answers the ARN of its execution. */
  async start(construct: string, input: JsonValue): Promise<string> {
    const request = { stateMachineArn: this.workflowArn(construct), input: JSON.stringify(input) };
    return String((await this.cloud.stepFunctions.call('StartExecution', request, this.administrator)).executionArn);
  }

  /** Starts a run and waits for its end. */
  async run(construct: string, input: JsonValue): Promise<Run> {
    return this.ended(await this.start(construct, input));
  }

  /** Lets a run go on that did not succeed, and waits for its end. */
  async redrive({ arn, lastArn }: Run): Promise<Run> {
    await this.redriveExecution(lastArn);
    return this.ended(arn);
  }

  async stop(executionArn: string): Promise<void> {
    await this.cloud.stepFunctions.call('StopExecution', { executionArn }, this.administrator);
  }

  /** How a run ended; one that restarts itself ends with its last execution. */
  async ended(arn: string): Promise<Run> {
    for (let executionArn = arn; ;) {
      await this.cloud.stepFunctions.ended(executionArn);
      const execution = await this.cloud.stepFunctions.call('DescribeExecution', { executionArn }, this.administrator);
      const output: JsonValue | undefined = typeof execution.output === 'string' ? JSON.parse(execution.output) : undefined;
      const next = memberOf(output, 'continuedBy');
      if (typeof next !== 'string') return { arn, lastArn: executionArn, status: String(execution.status), output, ...failureOf(execution) };
      executionArn = next;
    }
  }

  /** Waits for the next event that fits, in an execution of the construct. */
  async next(fits: (event: HistoryEvent) => boolean, construct: string): Promise<HistoryEvent> {
    return new Promise((resolve) => {
      const stop = this.cloud.observe(({ executionArn, event }) => {
        if (!executionArn.includes(construct) || !fits(event)) return;
        stop();
        resolve(event);
      });
    });
  }

  /** Calls of a processor, in the order of pages and of the items in them. */
  calls(name: string = PROCESS): readonly ProcessorCall[] {
    return [...this.functions.calls<ProcessorCall>(name)].sort((a, b) => a.run.page - b.run.page || (a.run.index ?? 0) - (b.run.index ?? 0));
  }

  /** Items that a processor was called with. */
  processed(name: string = PROCESS): readonly ProcessedItem[] {
    return this.calls(name).flatMap((call) => ('items' in call ? call.items : [call]));
  }

  /** Events of an execution, as far as it has come. */
  historyOf(executionArn: string): HistoryEvent[] {
    const history = this.histories.get(executionArn) ?? [];
    this.histories.set(executionArn, history);
    return history;
  }

  /** Errors of the attempts that failed in any execution of the run, oldest first. */
  errorsOf({ arn }: Run): (string | undefined)[] {
    return this.executionsOf(arn).flatMap((executionArn) => this.historyOf(executionArn))
      .filter(({ type, details }) => type === 'LambdaFunctionFailed' || (type === 'TaskFailed' && details.resourceType === 'lambda'))
      .map(({ details }) => details.error);
  }

  /** Executions that belong to a run: those that began since it did. */
  private executionsOf(arn: string): readonly string[] {
    return this.executions.slice(this.executions.indexOf(arn));
  }

  /** All executions that there were, oldest first. */
  get executions(): readonly string[] {
    return [...this.histories.keys()];
  }

  /** Name of the log group of a source function. */
  sourceLog(construct: string): string {
    return this.physicalId('AWS::Logs::LogGroup', `${construct}SourceLogs`);
  }

  alarmState(construct: string): string {
    return this.cloud.alarms.state(this.physicalId('AWS::CloudWatch::Alarm', `${construct}FailureAlarm`));
  }

  /** Fails if anything in the local cloud itself went wrong, for then nothing is proven. */
  assertNoFaults(): void {
    expect(this.cloud.faults).toEqual([]);
    expect(this.cloud.events.undelivered).toEqual([]);
  }

  async close(): Promise<void> {
    await this.functions.close();
    await this.cloud.close();
    await this.server.close();
  }
}

const DAY = 86_400_000;

/** Every third document is in the same second as the one before it, so that `_id` decides which is first. */
function secondsOf(index: number): number {
  return index % 3 === 2 ? index - 1 : index;
}

function published(time: number): string {
  return new Date(time).toISOString().replace('.000Z', '');
}

/** Synthesises a stack, `Stack`, and hands over the folder that it is written to. */
export async function withAssembly<T>(define: (stack: JobsStack) => void, use: (outdir: string) => Promise<T>): Promise<T> {
  const outdir = mkdtempSync(join(tmpdir(), 'paged-batch-etl-'));
  try {
    const app = new App({ outdir, treeMetadata: false });
    new JobsStack(app, 'Stack', { define });
    app.synth();
    return await use(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The cause of a supervised run is its segment, as DescribeExecution has it; that of a function, its error as JSON. */
function failureOf({ error, cause = '' }: JsonObject): Pick<Run, 'error' | 'failure'> {
  if (typeof error !== 'string' || typeof cause !== 'string') return {};
  const details = parsed(cause);
  const [name, message] = [memberOf(details, 'Error'), memberOf(details, 'Cause')];
  if (error !== 'States.TaskFailed' || typeof name !== 'string') return { error, failure: { name: error, message: messageOf(cause) } };
  return { error, failure: { name, message: messageOf(String(message)) } };
}

function messageOf(cause: string): string {
  const message = memberOf(parsed(cause), 'errorMessage');
  return typeof message === 'string' ? message : cause;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
