import { BSON } from 'mongodb';
import { Bill, billed } from './bill';
import { LedgerProgress, ledgerProgress } from './ledger-progress';
import { RunObserver, RunWatch } from './run-watch';
import { WorkersObserver, WorkersWatch } from './workers-watch';
import { DeployedStack, executionArnOf } from '../../../local/client/deployed-stack';
import { LocalCloud } from '../../../local/cloud';
import { expectNumber, expectString, JsonObject, JsonValue, memberOf } from '../../../local/json';
import { ObservedEvent } from '../../../local/stepfunctions/service';

/** Which workflow: a function for each page, by one worker or by four, or for each item, in pages that travel inline or through S3. */
export type WorkflowName = 'Metrics' | 'MetricsInParallel' | 'MetricsPerItem' | 'MetricsPerItemS3';

/** Those whose pages travel through S3. */
const WITH_PAGE_BUCKETS: readonly WorkflowName[] = ['MetricsInParallel', 'MetricsPerItemS3'];

/** How an execution of a workflow, or its latest redrive, ended. */
export interface EndedRun {
  readonly arn: string;
  readonly status: string;
  /** Present when it succeeded. */
  readonly output?: JsonValue;
  /** Present when it failed: what the segment said that failed. */
  readonly failure?: RunFailure;
  readonly bill: Bill;
}

export interface RunFailure {
  /** Of the run itself. */
  readonly error: string;
  /** Of the segment. */
  readonly typedError: string;
  readonly cause: string;
  /** Where the failed page begins: what was processed before, and the sort key of the last document of that, if there is one. */
  readonly progress: { readonly items: number; readonly pages: number; readonly lastDocument?: string };
}

/** A number of what the run answered; zero if it failed. */
export function answered({ output }: EndedRun, name: 'items' | 'failed' | 'pages' | 'segments'): number {
  const number = memberOf(output, name);
  return typeof number === 'number' ? number : 0;
}

interface EventWatch {
  see(observed: ObservedEvent): void;
}

/**
 * The deployed example, through the API of Step Functions: starts runs, waits for their ends and redrives them. Of the segments it keeps only the
 * newest: the histories of long runs would outgrow memory.
 */
export class MetricsStack extends DeployedStack {
  static async deploy(cloud: LocalCloud, assemblyFolder: string): Promise<MetricsStack> {
    return new MetricsStack(cloud, await cloud.deploy(assemblyFolder));
  }

  private newestSegment?: string;

  /** Puts the secret of the connection and the reference file into place. */
  async fill(connectionSecret: string, airports: string): Promise<void> {
    await this.putSecretString('Connection', connectionSecret);
    await this.putObject('Reference', 'airports.json', Buffer.from(airports));
  }

  /** ARN of the state machine to start. */
  workflowArn(workflow: WorkflowName): string {
    return this.physicalId('AWS::StepFunctions::StateMachine', `${workflow}Workflow`);
  }

  /** ARN of the run of this name. */
  executionArn(workflow: WorkflowName, name: string): string {
    return executionArnOf(this.workflowArn(workflow), name);
  }

  async run(workflow: WorkflowName, name: string, input: JsonObject, observer: RunObserver = {}): Promise<EndedRun> {
    const arn = this.executionArn(workflow, name);
    return this.follow(arn, this.watch(arn, observer), async () => this.start(workflow, name, input));
  }

  /** The same, of a run with workers. */
  async runWorkers(workflow: WorkflowName, name: string, input: JsonObject, observer: WorkersObserver = {}): Promise<EndedRun> {
    return this.follow(this.executionArn(workflow, name), new WorkersWatch(observer), async () => this.start(workflow, name, input));
  }

  /** Lets a failed run go on. */
  async redrive({ arn }: EndedRun, observer: RunObserver = {}): Promise<EndedRun> {
    return this.follow(arn, this.watch(arn, observer), async () => this.redriveExecution(arn));
  }

  /** What the ledger says of a run. */
  async progressOf(workflow: WorkflowName, run: string): Promise<LedgerProgress> {
    const TableName = this.physicalId('AWS::DynamoDB::Table', `${workflow}Ledger`);
    const { Items } = await this.cloud.dynamoDb.call('Scan', {
      TableName, FilterExpression: 'sk = :run AND contains(pk, :arn)', ExpressionAttributeValues: { ':run': { S: 'RUN' }, ':arn': { S: run } },
    }, this.administrator);
    return ledgerProgress(Array.isArray(Items) ? Items[0] : undefined);
  }

  /** The letters about the items of a run that failed. */
  async lettersOf(workflow: WorkflowName, run: string): Promise<JsonValue[]> {
    const [bucket, context] = [this.physicalId('AWS::S3::Bucket', `${workflow}DeadLetters`), this.administrator];
    const { objects } = await this.cloud.s3.list({ bucket, prefix: `dead-letters/${run.slice(run.lastIndexOf(':') + 1)}/`, context });
    const texts = await Promise.all(objects.map(async ({ key }) => (await this.cloud.s3.read({ bucket, key, context })).toString()));
    return texts.flatMap((text) => text.trimEnd().split('\n')).map((line): JsonValue => JSON.parse(line));
  }

  private async start(workflow: WorkflowName, name: string, input: JsonObject): Promise<void> {
    const request = { stateMachineArn: this.workflowArn(workflow), name, input: JSON.stringify(input) };
    await this.cloud.stepFunctions.call('StartExecution', request, this.administrator);
  }

  private watch(arn: string, observer: RunObserver): RunWatch {
    return new RunWatch(arn, {
      ...observer,
      onSegment: (segment) => {
        this.forgetSegmentBefore(segment.arn);
        observer.onSegment?.(segment);
      },
    });
  }

  /** Whoever started the segment before the newest knows its end by now. */
  private forgetSegmentBefore(newest: string): void {
    if (this.newestSegment !== undefined) this.cloud.stepFunctions.forget(this.newestSegment);
    this.newestSegment = newest;
  }

  private async follow(arn: string, watch: EventWatch, begin: () => Promise<void>): Promise<EndedRun> {
    const stop = this.cloud.observe((observed) => watch.see(observed));
    const buckets = WITH_PAGE_BUCKETS.map((workflow) => this.physicalId('AWS::S3::Bucket', `${workflow}Pages`));
    const bill = await billed(this.cloud, buckets, async () => {
      await begin();
      await this.cloud.stepFunctions.ended(arn);
    }).finally(stop);
    const run = await this.cloud.stepFunctions.call('DescribeExecution', { executionArn: arn }, this.administrator);
    return {
      arn,
      status: expectString(run.status, 'status'),
      output: run.output === undefined ? undefined : JSON.parse(expectString(run.output, 'output')),
      failure: run.status === 'FAILED' ? failureOf(run) : undefined,
      bill,
    };
  }
}

/**
 * The cause of a run is its failed segment, as DescribeExecution has it; the segment's input says where the failed page begins. A run that failed before
 * it began has a cause in words.
 */
function failureOf(run: JsonObject): RunFailure {
  const [error, cause] = [expectString(run.error, 'error'), expectString(run.cause, 'cause')];
  if (!cause.startsWith('{')) return { error, typedError: error, cause, progress: { items: 0, pages: 0 } };
  const segment: JsonValue = JSON.parse(cause);
  const progress = memberOf(memberOf(segment, 'Input'), 'progress');
  const cursor = memberOf(progress, 'cursor');
  return {
    error,
    typedError: expectString(memberOf(segment, 'Error'), 'Error'),
    cause: expectString(memberOf(segment, 'Cause'), 'Cause'),
    progress: {
      items: expectNumber(memberOf(progress, 'items'), 'items'),
      pages: expectNumber(memberOf(progress, 'pages'), 'pages'),
      lastDocument: typeof cursor === 'string' ? sortKeyOf(cursor) : undefined,
    },
  };
}

/** The sort key in a cursor, in words; the cursor has more, for the source only. */
function sortKeyOf(cursor: string): string {
  const { sort, key }: { readonly sort: string[]; readonly key: unknown[] } = BSON.EJSON.parse(cursor);
  return sort.map((field, index) => `${field} ${inWords(key[index])}`).join(' and ');
}

function inWords(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value);
}
