import { RecordedExecution, StoredObject, TaskAnswer } from './corpus';
import { JsonObject, JsonValue } from '../../json';
import { TaskIntegrations } from '../integrations/integrations';
import { LambdaIntegration } from '../integrations/lambda';
import { ItemSource } from '../interpreter/distributed/item-source';
import { TaskFailure } from '../interpreter/failure';
import { TaskCall } from '../interpreter/task';

/** Completes a task that waits for its token. */
export type SendTaskResult = (operation: 'SendTaskSuccess' | 'SendTaskFailure', request: JsonObject) => Promise<void>;

/** Answers Tasks as recorded: by state name, in order of invocation; the last answer repeats. */
export class RecordedTasks implements TaskIntegrations {
  private readonly invocations = new Map<string, number>();

  constructor(private readonly tasks: RecordedExecution['tasks'], private readonly send: SendTaskResult) {}

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
    const answers = this.tasks[stateName] ?? [{ hang: true }];
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

/** The S3 objects of a recording. */
export function recordedObjects(objects: readonly StoredObject[]): ItemSource {
  return {
    getObject: async (bucket, key) => {
      const found = objects.find((object) => object.bucket === bucket && object.key === key);
      if (found === undefined) throw new TaskFailure('S3.NoSuchKeyException', `no object ${bucket}/${key}`);
      return found.body;
    },
    listObjects: async (bucket, prefix = '') => objects.filter((object) => object.bucket === bucket && object.key.startsWith(prefix))
      .map(({ key, body }) => ({ Etag: `"${key}"`, Key: key, LastModified: 0, Size: Buffer.byteLength(body), StorageClass: 'STANDARD' })),
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
