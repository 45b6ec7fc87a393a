import { LogFormat } from './function-configuration';
import { LocalNetwork, NetworkPlace } from '../network/local-network';

/** What the process of a function is told (see runtime/bootstrap.cjs). */
export type SandboxRequest = SandboxPresent & (InitRequest | InvokeRequest);

/** The world at this moment. */
export interface SandboxPresent {
  /** Virtual epoch milliseconds. */
  readonly now: number;
  readonly network: LocalNetwork;
  /** From where the function sees it. */
  readonly place: NetworkPlace;
  /** Absent: all. */
  readonly loopbackPorts?: readonly number[];
}

export interface InitRequest {
  readonly kind: 'init';
  readonly taskRoot: string;
  readonly handler: string;
  readonly logFormat: LogFormat;
}

export interface InvokeRequest {
  readonly kind: 'invoke';
  /** JSON text. */
  readonly event: string;
  readonly context: InvocationContext;
}

/** The plain members of a handler's context object, and how long it has. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  /** Megabytes, as text. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly timeoutMilliseconds: number;
}

/** What the process says. */
export type SandboxMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'success'; readonly payload: string; readonly memoryBytes: number }
  /** After a fatal failure the process ends. */
  | { readonly kind: 'failure'; readonly error: FunctionFailure; readonly fatal: boolean }
  /** The local cloud cannot do what the function asks for. */
  | { readonly kind: 'refusal'; readonly message: string };

/** Payload of a failed invocation. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
