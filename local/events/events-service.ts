import { randomUUID } from 'node:crypto';
import { Authorize, AwsEnvironment, AwsService, CallContext, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { asError } from '../errors';
import { isObject, JsonObject, parseJson } from '../json';
import { EventBus } from './event-bus';
import { InputReader } from '../http/input-reader';

/** Bytes of all entries of one call, from the quotas of EventBridge. */
const MAX_REQUEST_BYTES = 262_144;
const MAX_ENTRIES = 10;

export interface EventsServiceOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly authorize: Authorize;
  readonly bus: EventBus;
  /** Told what delivering an event threw; delivery goes on after the answer. */
  readonly onFault: (fault: Error) => void;
}

interface Entry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: string;
  readonly resources: readonly string[];
  readonly time?: number;
}

/** What it performs. */
const OPERATIONS: readonly string[] = [
  'PutEvents',
];

/** PutEvents to the default bus. Times in requests are epoch seconds. */
export class EventsService implements AwsService {
  readonly name = 'events';

  constructor(private readonly options: EventsServiceOptions) {}

  performs(operation: string): boolean {
    return OPERATIONS.includes(operation);
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    if (operation !== 'PutEvents') throw new Error(`The local EventBridge does not implement ${operation}`);
    const reader = new InputReader(operation, input);
    const entries = reader.objects('Entries').map((entry) => this.readEntry(entry));
    reader.end();
    if (entries.length < 1 || entries.length > MAX_ENTRIES) throw new ServiceError('ValidationException', `Entries must have 1 to ${MAX_ENTRIES} members`);
    const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
    if (size > MAX_REQUEST_BYTES) throw new ServiceError('ValidationException', 'Total size of the entries in the request is over the limit.');
    // Time stands still, or a Task that calls it would run into its time-out while it is looked up who may do what.
    await this.options.clock.hold(() => this.authorized(entries, context));
    const results = entries.map((entry) => this.put(entry));
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  private readEntry(entry: InputReader): Entry {
    const read = {
      source: entry.string('Source'),
      detailType: entry.string('DetailType'),
      detail: entry.string('Detail'),
      resources: entry.strings('Resources') ?? [],
      time: entry.optionalNumber('Time'),
    };
    const bus = entry.optionalString('EventBusName') ?? 'default';
    if (bus !== 'default' && bus !== this.busArn) throw new Error(`The local EventBridge has the default bus only, got ${bus}`);
    entry.end();
    return read;
  }

  /** Sources and detail types of all entries are the values of one decision: these keys have several values. */
  private authorized(entries: readonly Entry[], context: CallContext): Promise<void> {
    const conditions = { 'events:source': entries.map(({ source }) => source), 'events:detail-type': entries.map(({ detailType }) => detailType) };
    return this.options.authorize({ action: 'events:PutEvents', resource: this.busArn, conditions }, context);
  }

  private put(entry: Entry): JsonObject {
    const { environment: { accountId, region }, clock, bus, onFault } = this.options;
    if (entry.source.startsWith('aws.')) {
      return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
    }
    const detail = parseJson(entry.detail);
    if (!isObject(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    const id = randomUUID();
    const event: JsonObject = {
      'version': '0',
      id,
      'detail-type': entry.detailType,
      'source': entry.source,
      'account': accountId,
      'time': new Date(entry.time === undefined ? clock.now() : entry.time * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
      region,
      'resources': [...entry.resources],
      detail,
    };
    bus.publish(event).catch((error: unknown) => onFault(asError(error)));
    return { EventId: id };
  }

  private get busArn(): string {
    const { partition, region, accountId } = this.options.environment;
    return `arn:${partition}:events:${region}:${accountId}:event-bus/default`;
  }
}

function sizeOf({ source, detailType, detail, resources, time }: Entry): number {
  return [source, detailType, detail, ...resources].reduce((sum, text) => sum + Buffer.byteLength(text), time === undefined ? 0 : 14);
}
