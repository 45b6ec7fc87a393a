import { newExecution, single } from './support';
import { JsonObject, JsonValue } from '../../../local/json';
import { ObjectStorage } from '../../../local/stepfunctions/interpreter/distributed/object-storage';
import { Execution, ExecutionOptions } from '../../../local/stepfunctions/interpreter/execution';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';

/** A bucket called `bucket`, in memory, for anyone. */
export class MemoryStorage implements ObjectStorage {
  readonly objects = new Map<string, Buffer>();
  /** While it is set, every write fails with it. */
  refusesWrites?: string;

  constructor(objects: Readonly<Record<string, string | Buffer>> = {}) {
    for (const [key, body] of Object.entries(objects)) this.objects.set(key, Buffer.from(body));
  }

  json(key: string): JsonValue {
    return JSON.parse(this.text(key));
  }

  text(key: string): string {
    return this.objects.get(key)?.toString() ?? `there is no ${key}`;
  }

  async getObject({ key }: { key: string }) {
    const body = this.objects.get(key);
    if (body === undefined) throw new TaskFailure('S3.NoSuchKeyException', 'The specified key does not exist.');
    return body;
  }

  async listObjects({ prefix = '' }: { prefix?: string }) {
    return [...this.objects].filter(([key]) => key.startsWith(prefix)).map(([key, body]) => ({ key, etag: '"tag"', size: body.length, lastModified: 5_000 }));
  }

  async putObject({ key }: { key: string }, body: string) {
    await this.assertWritable();
    this.objects.set(key, Buffer.from(body));
  }

  async assertWritable() {
    if (this.refusesWrites !== undefined) throw new TaskFailure('S3.AccessDenied', this.refusesWrites);
  }
}

export const passing: JsonObject = { StartAt: 'Child', States: { Child: { Type: 'Pass', End: true } } };
export const working: JsonObject = {
  StartAt: 'Child', States: { Child: { Type: 'Task', Resource: 'arn:aws:lambda:eu-west-1:111122223333:function:work', End: true } },
};

/** A state machine that is one distributed Map, called `Only`. */
export function distributed(fields: JsonObject, processor: JsonObject = passing, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): JsonObject {
  return single({ Type: 'Map', Label: 'label', ItemProcessor: { ...processor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type } }, ...fields });
}

export function distributedExecution(fields: JsonObject, options: Partial<ExecutionOptions> = {}, processor: JsonObject = passing): Execution {
  return newExecution(distributed(fields, processor), options);
}

/** An ItemReader of one object, or of a list of them. */
export function reader(config: JsonObject, parameters: JsonObject = {}, action: string = 'getObject'): JsonObject {
  return { ItemReader: { Resource: `arn:aws:states:::s3:${action}`, ReaderConfig: config, Parameters: { Bucket: 'bucket', ...parameters } } };
}
