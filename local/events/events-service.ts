import { randomUUID } from 'node:crypto';
import { Authorize, AwsEnvironment, AwsService, CallContext, ServiceError } from '../aws/service';
import { Clock } from '../clock';
import { asError } from '../errors';
import { isObject, JsonObject, parseJson } from '../json';
import { EventBus } from './event-bus';
import { EventBuses } from './event-buses';
import { InputReader } from '../http/input-reader';

/** Bytes of all entries of one call, from the quotas of EventBridge. */
const MAX_REQUEST_BYTES = 262_144;
const MAX_ENTRIES = 10;

export interface EventsServiceOptions {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  readonly authorize: Authorize;
  readonly buses: EventBuses;
  /** Told what delivering an event threw; delivery goes on after the answer. */
  readonly onFault: (fault: Error) => void;
}

interface Entry {
  readonly bus: EventBus;
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

/** PutEvents. Times in requests are epoch seconds. */
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
    const name = entry.optionalString('EventBusName') ?? this.options.buses.default.name;
    const bus = this.options.buses.find(name);
    // What AWS answers then is not documented.
    if (bus === undefined) throw new Error(`The local EventBridge has no bus ${name}`);
    const read = {
      bus,
      source: entry.string('Source'),
      detailType: entry.string('DetailType'),
      detail: entry.string('Detail'),
      resources: entry.strings('Resources') ?? [],
      time: entry.optionalNumber('Time'),
    };
    entry.end();
    return read;
  }

  /** Sources and detail types of all entries to one bus are the values of one decision: these keys have several values. */
  private async authorized(entries: readonly Entry[], context: CallContext): Promise<void> {
    const { authorize, buses } = this.options;
    for (const bus of new Set(entries.map((entry) => entry.bus))) {
      const to = entries.filter((entry) => entry.bus === bus);
      const conditions = { 'events:source': to.map(({ source }) => source), 'events:detail-type': to.map(({ detailType }) => detailType) };
      await authorize({ action: 'events:PutEvents', resource: buses.arnOf(bus.name), conditions }, context);
    }
  }

  private put(entry: Entry): JsonObject {
    const { environment: { accountId, region }, clock, onFault } = this.options;
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
    entry.bus.publish(event).catch((error: unknown) => onFault(asError(error)));
    return { EventId: id };
  }
}

function sizeOf({ source, detailType, detail, resources, time }: Entry): number {
  return [source, detailType, detail, ...resources].reduce((sum, text) => sum + Buffer.byteLength(text), time === undefined ? 0 : 14);
}
