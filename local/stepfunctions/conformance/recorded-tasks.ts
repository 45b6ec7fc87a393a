import { ExpectedResult, RecordedExecution, StoredObject, TaskAnswer } from './corpus';
import { isObject, JsonObject, JsonValue } from '../../json';
import { TaskIntegrations } from '../integrations/integrations';
import { LambdaIntegration } from '../integrations/lambda';
import { ObjectStorage } from '../interpreter/distributed/object-storage';
import { TaskFailure } from '../interpreter/failure';
import { TaskCall } from '../interpreter/task';

/** Completes a task that waits for its token. */
export type SendTaskResult = (operation: 'SendTaskSuccess' | 'SendTaskFailure', request: JsonObject) => Promise<void>;

/** Answers Tasks as recorded: by state name, in order of invocation; the last answer repeats. */
export class RecordedTasks implements TaskIntegrations {
  private readonly invocations = new Map<string, number>();

  /** @param unrecorded what Tasks answer of which there is no record; default: nothing, ever */
  constructor(
    private readonly tasks: RecordedExecution['tasks'], private readonly send: SendTaskResult, private readonly unrecorded: TaskAnswer = { hang: true },
  ) {}

  supports(): boolean {
    return true;
  }

  async call(call: TaskCall): Promise<JsonValue> {
    const { resource } = call;
    const answer = this.nextAnswer(call.stateName);
    const pattern = resource.kind === 'service' ? resource.pattern : undefined;
    if (pattern === 'waitForTaskToken') return this.answerThroughToken(call, answer);
    if (pattern !== undefined) call.submitted(answer.submit ?? null);
    // The envelope around a function's answer is the work of the integration itself.
    if (resource.kind === 'service' && resource.service === 'lambda') {
      const lambda = new LambdaIntegration({
        invokeFunction: async (_, payload) => ({ statusCode: 200, executedVersion: '$LATEST', payload: JSON.stringify(await perform(answer, JSON.parse(payload))) }),
      });
      return lambda.call(call, { caller: {} });
    }
    return perform(answer, call.input);
  }

  private nextAnswer(stateName: string): TaskAnswer {
    const answers = this.tasks[stateName] ?? [this.unrecorded];
    const invocation = this.invocations.get(stateName) ?? 0;
    this.invocations.set(stateName, invocation + 1);
    return answers[Math.min(invocation, answers.length - 1)];
  }

  private async answerThroughToken({ token: taskToken = '' }: TaskCall, answer: TaskAnswer): Promise<JsonValue> {
    if (isFailure(answer)) {
      const { error, cause } = answer;
      await this.send('SendTaskFailure', { taskToken, ...(typeof error === 'string' ? { error } : {}), ...(typeof cause === 'string' ? { cause } : {}) });
    } else if (answer.hang !== true) {
      await this.send('SendTaskSuccess', { taskToken, output: JSON.stringify(answer.return ?? null) });
    }
    return answer.submit ?? null;
  }
}

/**
 * What the Tasks of an Express execution answered: its recording has no history that would tell. The result does: where it holds an error and a
 * cause, that is how they failed, otherwise they were functions that echo.
 */
export function answerBehind({ error, cause, causeJson, output }: ExpectedResult): TaskAnswer {
  if (error !== undefined) return { error, cause: cause ?? (causeJson === undefined ? null : JSON.stringify(causeJson)) };
  return caughtFailure(output ?? null) ?? { echo: true };
}

/** The first error that a Catch has put into a value. */
function caughtFailure(value: JsonValue): TaskAnswer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (isObject(value) && typeof value.Error === 'string' && typeof value.Cause === 'string') return { error: value.Error, cause: value.Cause };
  return Object.values(value).map(caughtFailure).find((found) => found !== undefined);
}

/** The S3 objects of a recording. */
export function recordedObjects(recorded: readonly StoredObject[]): ObjectStorage {
  const objects = new Map(recorded.map((object) => [`${object.bucket}/${object.key}`, object]));
  return {
    getObject: async ({ bucket, key }) => {
      const found = objects.get(`${bucket}/${key}`);
      if (found === undefined) throw new TaskFailure('S3.NoSuchKeyException', `no object ${bucket}/${key}`);
      return Buffer.from(found.body);
    },
    listObjects: async ({ bucket, prefix = '' }) => [...objects.values()].filter((object) => object.bucket === bucket && object.key.startsWith(prefix))
      .map(({ key, body }) => ({ key, etag: `"${key}"`, lastModified: 0, size: Buffer.byteLength(body) })),
    putObject: async ({ bucket, key }, body) => void objects.set(`${bucket}/${key}`, { bucket, key, body }),
    assertWritable: async () => undefined,
  };
}

async function perform(answer: TaskAnswer, input: JsonValue): Promise<JsonValue> {
  if (isFailure(answer)) throw new TaskFailure(answer.error ?? undefined, answer.cause ?? undefined);
  if (answer.hang === true) return new Promise(() => undefined);
  return answer.echo === true ? input : (answer.return ?? null);
}

function isFailure(answer: TaskAnswer): boolean {
  return answer.error !== undefined || answer.cause !== undefined;
}
