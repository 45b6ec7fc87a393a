/** What goes wrong during a run, at arbitrary calls and events, until it is repaired. */
import fc from 'fast-check';
import { JsonObject, JsonValue } from '../../../local/json';
import { CommandFailure, MongoServer } from '../../../local/mongodb/mongo-server';
import { ObservedEvent } from '../../../local/stepfunctions/service';
import { EtlRig, EtlRigOptions, ImaginedError } from '../../support/etl-rig';
import { READER_NAME } from '../../support/mongo-reader';

/** How calls of the source fail: by what the server does, or by the function before or after the page was read. */
export type SourceFault = { readonly server: Omit<CommandFailure, 'appName'> } | { readonly before: ImaginedError } | { readonly after: ImaginedError };

/** How calls of the handler fail: before or after the work, or by naming the first item. */
export type HandlerFault = 'before' | 'after' | 'names an item';

/** A call that fails, and all its further attempts until it has failed this many times. */
export interface Fault<T> {
  /** From 1. */
  readonly call: number;
  readonly times: number;
  readonly how: T;
}

export interface Stop {
  /** Number of the event after which an execution is stopped, from 1. */
  readonly event: number;
  /** The execution that the event is of, or the newest one that users start. */
  readonly target: 'its own' | 'the run';
}

export interface Trouble {
  readonly source: readonly Fault<SourceFault>[];
  readonly handler: readonly Fault<HandlerFault>[];
  readonly stops: readonly Stop[];
}

const serverFaults = fc.record({
  commands: fc.constantFrom(['find'], ['getMore'], ['find', 'getMore']),
  // The driver itself retries once; undefined lasts as long as the call.
  times: fc.constantFrom(1, 2, undefined),
  how: fc.constantFrom<Partial<CommandFailure>>(
    { errorCode: 11600 }, { errorCode: 50 }, { errorCode: 10107 }, { errorCode: 13 }, { closeConnection: true },
  ),
}).map(({ commands, times, how }) => ({ server: { commands, times, ...how } }));

const lambdaErrors = fc.constantFrom('Runtime.ExitError', 'Sandbox.Timedout', 'Lambda.TooManyRequestsException').map((errorType) => ({ errorType }));

const sourceFaults: fc.Arbitrary<SourceFault> = fc.oneof(
  { arbitrary: serverFaults, weight: 3 }, lambdaErrors.map((before) => ({ before })), lambdaErrors.map((after) => ({ after })),
);

const handlerFaults = fc.constantFrom<HandlerFault>('before', 'after', 'names an item');

function faultsOf<T>(how: fc.Arbitrary<T>): fc.Arbitrary<Fault<T>[]> {
  return fc.array(fc.record({ call: fc.integer({ min: 1, max: 12 }), times: fc.integer({ min: 1, max: 7 }), how }), { maxLength: 2 });
}

export const troubles: fc.Arbitrary<Trouble> = fc.record({
  source: faultsOf(sourceFaults),
  handler: faultsOf(handlerFaults),
  stops: fc.array(fc.record({ event: fc.integer({ min: 1, max: 250 }), target: fc.constantFrom<Stop['target']>('its own', 'the run') }), { maxLength: 2 }),
});

export const NO_TROUBLE: Trouble = { source: [], handler: [], stops: [] };

/** How often a run can fail by that, at most. */
export function mostFailures({ source, handler, stops }: Trouble): number {
  return [...source, ...handler].reduce((sum, { times }) => sum + times, stops.length);
}

/** Whether a page can be processed twice: it was, and nobody was told. */
export function repeatsPages({ handler, stops }: Trouble): boolean {
  return stops.length > 0 || handler.some(({ how }) => how !== 'before');
}

/** Calls that a run makes, at most: far beyond any that ends. */
const MOST_READS = 1_000;

type Hooks = Required<Pick<EtlRigOptions, 'source' | 'fail' | 'answer' | 'onEvent'>>;

/** Brings the trouble over a run of which the source is given. */
export class TroubleMaker {
  readonly hooks: Hooks;
  private calm = false;
  private reads = 0;
  private events = 0;
  private underway: Promise<unknown> = Promise.resolve();
  private readonly sourceFaults: Faults<SourceFault>;
  private readonly handlerFaults: Faults<HandlerFault>;
  private readonly lateFaults: Faults<HandlerFault>;

  constructor(trouble: Trouble, private readonly read: Hooks['source'], private readonly server: MongoServer) {
    this.sourceFaults = new Faults(trouble.source);
    this.handlerFaults = new Faults(trouble.handler.filter(({ how }) => how === 'before'));
    this.lateFaults = new Faults(trouble.handler.filter(({ how }) => how !== 'before'));
    this.hooks = {
      source: async (event) => this.oneByOne(async () => this.readWithFault(event)),
      fail: (name, _call, event) => (name === 'handler' && !this.calm && this.handlerFaults.next(event) !== undefined ? { errorType: 'Broken' } : undefined),
      answer: (event) => this.answer(event),
      onEvent: (observed, rig) => this.stop(trouble.stops, observed, rig),
    };
  }

  /** From now on nothing goes wrong. */
  end(): void {
    this.calm = true;
  }

  /** Waits for what an execution that was stopped has left behind. */
  async idle(): Promise<void> {
    await this.underway;
  }

  /** A failure of the server is for one call alone. */
  private async oneByOne(call: () => Promise<JsonValue>): Promise<JsonValue> {
    const mine = this.underway.then(call);
    this.underway = mine.catch(() => undefined);
    return mine;
  }

  private async readWithFault(event: JsonObject): Promise<JsonValue> {
    if (++this.reads > MOST_READS) throw named({ errorType: 'EndlessRun' });
    const fault = this.calm ? undefined : this.sourceFaults.next(event);
    if (fault === undefined) return this.read(event);
    if ('before' in fault) throw named(fault.before);
    if ('after' in fault) {
      await this.read(event);
      throw named(fault.after);
    }
    await this.server.failCommand({ ...fault.server, appName: READER_NAME });
    try {
      return await this.read(event);
    } finally {
      await this.server.clearFailPoints();
    }
  }

  private answer(event: JsonObject): JsonValue {
    const fault = this.calm ? undefined : this.lateFaults.next(event);
    if (fault === undefined) return null;
    const [first] = Array.isArray(event.items) ? event.items : [];
    if (fault === 'after' || typeof first !== 'object' || first === null || Array.isArray(first)) throw named({ errorType: 'Broken' });
    return { batchItemFailures: [{ itemIdentifier: first.itemIdentifier }] };
  }

  private stop(stops: readonly Stop[], { executionArn }: ObservedEvent, rig: EtlRig): void {
    this.events += 1;
    for (const { event, target } of this.calm ? [] : stops) {
      // Nobody can stop an Express execution.
      if (event !== this.events || (target === 'its own' && executionArn.includes(':express:'))) continue;
      void (target === 'its own' ? rig.stop(executionArn) : rig.executions('Workflow').then(async (segments) => rig.stop(segments[segments.length - 1])));
    }
  }
}

/** Finds the calls that fail: the one of a number, and then the same again. */
class Faults<T> {
  private calls = 0;
  private readonly failing = new Map<Fault<T>, { readonly event: string; failures: number }>();

  constructor(private readonly faults: readonly Fault<T>[]) {}

  next(event: JsonObject): T | undefined {
    this.calls += 1;
    const text = JSON.stringify(event);
    for (const fault of this.faults) {
      if (fault.call === this.calls && !this.failing.has(fault)) this.failing.set(fault, { event: text, failures: 0 });
      const failing = this.failing.get(fault);
      if (failing?.event !== text || failing.failures >= fault.times) continue;
      failing.failures += 1;
      return fault.how;
    }
    return undefined;
  }
}

function named({ errorType, errorMessage = '' }: ImaginedError): Error {
  return Object.assign(new Error(errorMessage), { name: errorType });
}
