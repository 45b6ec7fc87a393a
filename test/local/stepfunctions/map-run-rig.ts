import { distributed, MemoryStorage, working } from './distributed-map-support';
import { CallContext } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { TaskCall } from '../../../local/stepfunctions/interpreter/task';
import { StepFunctionsOptions, StepFunctionsService } from '../../../local/stepfunctions/service';

const environment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const anybody: CallContext = { caller: {} };
const prefix = 'arn:aws:states:eu-west-1:111122223333';
export const parentArn = `${prefix}:execution:parent:run`;

/** A service with one machine, `parent`, that is one distributed Map, and its execution `run`. */
export class MapRunRig {
  readonly clock = new VirtualClock(0);
  readonly service: StepFunctionsService;

  constructor(
    readonly task: (call: TaskCall) => Promise<JsonValue>, readonly storage = new MemoryStorage(), options: Partial<StepFunctionsOptions> = {},
  ) {
    const integrations = { supports: () => true, call: task };
    this.service = new StepFunctionsService({ environment, clock: this.clock, authorize: async () => undefined, integrations, storage, ...options });
  }

  async start(input: JsonValue, fields: JsonObject = {}, type: 'STANDARD' | 'EXPRESS' = 'STANDARD', processor: JsonObject = working): Promise<void> {
    const definition = JSON.stringify(distributed(fields, processor, type));
    await this.service.createStateMachine({ name: 'parent', roleArn: 'arn:aws:iam::111122223333:role/parent', definition });
    await this.call('StartExecution', { stateMachineArn: `${prefix}:stateMachine:parent`, name: 'run', input: JSON.stringify(input) });
  }

  /** Starts, and waits for the end. */
  async run(...start: Parameters<MapRunRig['start']>): Promise<JsonObject> {
    await this.start(...start);
    return this.ended();
  }

  async redrive(): Promise<JsonObject> {
    await this.call('RedriveExecution', { executionArn: parentArn });
    return this.ended();
  }

  /** What DescribeExecution tells at the end. */
  async ended(): Promise<JsonObject> {
    await this.service.ended(parentArn);
    // What a Map Run still has to do after the end of its execution takes no virtual time.
    await new Promise((resolve) => setImmediate(resolve));
    return this.call('DescribeExecution', { executionArn: parentArn });
  }

  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    return this.service.call(operation, input, anybody);
  }

  async mapRunArns(): Promise<string[]> {
    return list((await this.call('ListMapRuns', { executionArn: parentArn })).mapRuns).map(({ mapRunArn }) => String(mapRunArn));
  }

  async mapRun(): Promise<JsonObject> {
    const [mapRunArn] = await this.mapRunArns();
    return this.call('DescribeMapRun', { mapRunArn });
  }

  async children(more: JsonObject = {}): Promise<JsonObject[]> {
    const [mapRunArn] = await this.mapRunArns();
    return list((await this.call('ListExecutions', { mapRunArn, ...more })).executions);
  }

  async types(executionArn: string = parentArn): Promise<string[]> {
    return list((await this.call('GetExecutionHistory', { executionArn })).events).map(({ type }) => String(type));
  }
}

export function list(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function object(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
