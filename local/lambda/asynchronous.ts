import { randomUUID } from 'node:crypto';
import { ServiceError } from '../aws/service';
import { Clock, waitInBackground } from '../clock';
import { asError } from '../errors';
import { LATEST } from './function-configuration';
import { InvocationResult } from './lambda-function';

/** An event of a caller who does not wait. */
export interface AsynchronousEvent {
  readonly functionName: string;
  /** Without a qualifier. */
  readonly functionArn: string;
  /** JSON text. */
  readonly payload: string;
}

/** An event that Lambda gave up on, and lost. */
export interface DroppedEvent {
  readonly functionName: string;
  /** JSON text of the event. */
  readonly payload: string;
  /** What the function answered last, or why it could not be run. */
  readonly reason: string;
}

/** How often and how long Lambda tries, and what becomes of an event then. */
export interface EventInvokeSettings {
  /** 0 to 2, for a function that fails. Default: 2. */
  readonly maximumRetryAttempts?: number;
  /** 60 to 21,600. Default: 21,600, which is six hours. */
  readonly maximumEventAgeSeconds?: number;
  /** Queue for events that Lambda gives up on. Default: they are lost. */
  readonly onFailureArn?: string;
}

export interface AsynchronousInvocationsOptions {
  readonly clock: Clock;
  readonly onFault: (fault: Error) => void;
  /** Sends with the rights of the function's role. */
  readonly sendToDestination: (functionName: string, destinationArn: string, body: string) => Promise<void>;
}

/** How the last attempt ended. */
interface Failure {
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly invokeCount: number;
  /** Absent when the function could not be run at all. */
  readonly result?: InvocationResult;
  readonly reason: string;
}

/** A function that fails gets its event again after these milliseconds. Source: Lambda developer guide, "Asynchronous invocation". */
const RETRY_DELAYS: readonly number[] = [60_000, 120_000];

/** A function that is throttled gets its event again after 1 second to 5 minutes. Same source. */
const THROTTLED = { firstDelay: 1_000, longestDelay: 300_000 };

const MAXIMUM_AGE_SECONDS = 21_600;

/** The queue of events that callers do not wait for. Its delays are background time: an idle cloud does not leap because of them. */
export class AsynchronousInvocations {
  readonly dropped: DroppedEvent[] = [];
  private readonly settings = new Map<string, EventInvokeSettings>();

  constructor(private readonly options: AsynchronousInvocationsOptions) {}

  configure(functionName: string, settings: EventInvokeSettings): void {
    if (this.settings.has(functionName)) throw new ServiceError('ResourceConflictException', `${functionName} already has a configuration.`, 409);
    this.settings.set(functionName, settings);
  }

  /** The same for a function that may have one already. */
  reconfigure(functionName: string, settings: EventInvokeSettings): void {
    this.settings.set(functionName, settings);
  }

  /** Goes back to the defaults. */
  unconfigure(functionName: string): void {
    this.settings.delete(functionName);
  }

  /** Runs a function until it has dealt with the event, or Lambda gives up. */
  accept(event: AsynchronousEvent, run: () => Promise<InvocationResult>): void {
    this.process(event, run).catch((fault: unknown) => this.options.onFault(asError(fault)));
  }

  private async process(event: AsynchronousEvent, run: () => Promise<InvocationResult>): Promise<void> {
    const settings = this.settings.get(event.functionName) ?? {};
    const failure = await this.attempt(run, settings);
    if (failure === undefined) return;
    const { functionName, payload } = event;
    if (settings.onFailureArn === undefined) {
      this.dropped.push({ functionName, payload, reason: failure.reason });
      return;
    }
    try {
      await this.options.sendToDestination(functionName, settings.onFailureArn, this.recordOf(event, failure));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.dropped.push({ functionName, payload, reason: error.message });
    }
  }

  /** Answers how it failed in the end, if it did. */
  private async attempt(run: () => Promise<InvocationResult>, settings: EventInvokeSettings): Promise<Failure | undefined> {
    const { maximumRetryAttempts = RETRY_DELAYS.length, maximumEventAgeSeconds = MAXIMUM_AGE_SECONDS } = settings;
    const { clock } = this.options;
    const deadline = clock.now() + maximumEventAgeSeconds * 1000;
    for (let retries = 0; ; retries++) {
      const result = await this.untilNotThrottled(run, deadline);
      if (result instanceof ServiceError) return { condition: 'EventAgeExceeded', invokeCount: retries, reason: result.message };
      if (result.functionError === undefined) return undefined;
      const failure = { invokeCount: retries + 1, result, reason: result.payload };
      if (retries >= maximumRetryAttempts) return { ...failure, condition: 'RetriesExhausted' };
      const delay = RETRY_DELAYS[retries];
      if (clock.now() + delay > deadline) return { ...failure, condition: 'EventAgeExceeded' };
      await waitInBackground(clock, delay);
    }
  }

  private async untilNotThrottled(run: () => Promise<InvocationResult>, deadline: number): Promise<InvocationResult | ServiceError> {
    const { clock } = this.options;
    for (let delay = THROTTLED.firstDelay; ; delay = Math.min(THROTTLED.longestDelay, delay * 2)) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        if (clock.now() + delay > deadline) return error;
        await waitInBackground(clock, delay);
      }
    }
  }

  /** What a destination gets. Source: Lambda developer guide, "Capturing records of asynchronous invocations". */
  private recordOf({ functionArn, payload }: AsynchronousEvent, { condition, invokeCount, result }: Failure): string {
    return JSON.stringify({
      version: '1.0',
      timestamp: new Date(this.options.clock.now()).toISOString(),
      requestContext: { requestId: randomUUID(), functionArn: `${functionArn}:${LATEST}`, condition, approximateInvokeCount: invokeCount },
      requestPayload: JSON.parse(payload),
      ...result !== undefined && {
        responseContext: { statusCode: result.statusCode, executedVersion: result.executedVersion, functionError: result.functionError },
        responsePayload: JSON.parse(result.payload),
      },
    });
  }
}
