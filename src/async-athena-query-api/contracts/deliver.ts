import { CallbackBody } from './callback';
import { WorkflowState } from './workflow-state';
import { exactly, listOf, optional, Shape, text } from '../../private/shape/json-shape';

/**
 * What the workflow and the delivery function agree on. Both sides import this file.
 *
 * Executions outlive deployments: a running one keeps its definition and calls the new function. So a released event shape is never changed;
 * a new one gets the next number, and the function accepts every number ever released.
 */

/** Version of the event that this release's workflow sends. */
export const DELIVERY_CONTRACT = 2;

/** Version of the event that it sends where queries are announced, so that they need no callback. */
export const OPTIONAL_CALLBACK_CONTRACT = 3;

/** Version of the event that it sends where requests may choose the format of their results. */
export const RESULT_FORMAT_CONTRACT = 4;

/** The event of the delivery function, as the workflow's Deliver Result state renders it. Names follow the Athena API. */
export interface DeliveryEvent {
  readonly contract: typeof DELIVERY_CONTRACT;
  /** Name of the execution: the id the caller got with the 202, and the `webhook-id`. */
  readonly QueryId: string;
  /** When the execution started, ISO 8601. */
  readonly StartTime: string;
  /** When the Deliver Result state was entered, ISO 8601; the same in every retry. */
  readonly DeliveryTime: string;
  /** Name of the state machine. */
  readonly Workflow: string;
  /** Attempts before this one, since the execution started or was redriven. */
  readonly RetryCount: number;
  /** How often the execution was redriven. */
  readonly RedriveCount: number;
  /** The request, its SQL blanked. */
  readonly Request: DeliveryRequest;
  /** The whole state of the workflow. */
  readonly State: WorkflowState;
}

export interface DeliveryRequest {
  readonly Query: '';
  /** Where the caller wants the result announced. */
  readonly CallbackUrl: string;
  /** What the caller called the request. */
  readonly ClientReference?: string;
}

/**
 * The event where queries are announced, which is the same but for the callback URL: a request may leave it out. Then nothing is sent, and the function only
 * says how the query ended.
 */
export interface DeliveryEvent3 extends Omit<DeliveryEvent, 'contract' | 'Request'> {
  readonly contract: typeof OPTIONAL_CALLBACK_CONTRACT;
  readonly Request: Omit<DeliveryRequest, 'CallbackUrl'> & Partial<Pick<DeliveryRequest, 'CallbackUrl'>>;
}

/**
 * The event where requests may choose the format of their results: as that of contract 3, and it says which one was chosen. A query that has one wrote files, under
 * `<result location><QueryId>/`.
 */
export interface DeliveryEvent4 extends Omit<DeliveryEvent3, 'contract' | 'Request'> {
  readonly contract: typeof RESULT_FORMAT_CONTRACT;
  readonly Request: DeliveryEvent3['Request'] & {
    /** Absent where Athena writes one CSV, as it does by itself. */
    readonly ResultFormat?: WrittenFormat;
  };
}

/** The formats in which UNLOAD writes files, in Athena's words. Source: Athena user guide, on UNLOAD. */
export const WRITTEN_FORMATS = ['PARQUET', 'ORC', 'AVRO', 'JSON', 'TEXTFILE'] as const;

export type WrittenFormat = typeof WRITTEN_FORMATS[number];

/** The event of contract 1, which executions that were started by older releases still send. */
export interface DeliveryEvent1 extends Pick<DeliveryEvent, 'QueryId' | 'StartTime' | 'DeliveryTime' | 'State'>, Pick<DeliveryRequest, 'CallbackUrl'> {
  readonly contract: 1;
}

/** What the delivery function answers; it becomes the output of the execution. */
export interface DeliveryResult {
  /** HTTP status the receiver answered with, 200 to 299; absent where there is no callback URL. */
  readonly CallbackStatusCode?: number;
  /** What the receiver was told, without the link. Executions of older releases do not have it. */
  readonly Outcome: Outcome;
  /** Where the result lies, `s3://bucket/key`; only where `ResultKind` is OBJECT. */
  readonly OutputLocation?: string;
}

/** What a callback says, but for the link. */
export type Outcome = Omit<CallbackBody, 'QueryResult'>;

/** How long a receiver may take to answer. */
export const CALLBACK_TIMEOUT_SECONDS = { least: 1, most: 30 };

/** Environment variables of the delivery function. */
export const DeliveryEnvironment = {
  /** ARN of the secret that signs callbacks. */
  SIGNING_SECRET_ARN: 'SIGNING_SECRET_ARN',
  /** How callbacks are signed, one of `SIGNATURE_VERSIONS`; absent for `v1`. */
  SIGNATURE_VERSION: 'SIGNATURE_VERSION',
  /** JSON of `CallbackRules`. */
  CALLBACK_RULES: 'CALLBACK_RULES',
  /** Time-out of one POST to the receiver in seconds, within `CALLBACK_TIMEOUT_SECONDS`. */
  CALLBACK_TIMEOUT_SECONDS: 'CALLBACK_TIMEOUT_SECONDS',
} as const;

/** Versions of signatures in Standard Webhooks: `v1` with a shared secret, `v1a` with an ed25519 key. */
export const SIGNATURE_VERSIONS = ['v1', 'v1a'] as const;

export type SignatureVersion = typeof SIGNATURE_VERSIONS[number];

/**
 * Which hosts may be called back: any public one when `hosts` is absent. `*.example.com` stands for every subdomain. Their addresses have to be public, or within
 * one of the ranges of `privateAddresses`.
 */
export const callbackRules = exactly({ hosts: optional(listOf(text)), privateAddresses: optional(listOf(text)) });

export type CallbackRules = Shape<typeof callbackRules>;

/**
 * What lies inside networks: every range of `privateAddresses` is within one of these. RFC 1918; RFC 6598, which a VPC can have too (source: Amazon VPC user guide,
 * "VPC CIDR blocks"); RFC 4193.
 */
export const PRIVATE_BLOCKS: readonly string[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/**
 * Within those, what callbacks never reach: services of AWS for whatever runs in a VPC, metadata with credentials among them. Those with IPv4 addresses are
 * link-local (source: Amazon EC2 user guide, "Use the Instance Metadata Service").
 */
export const ALWAYS_REFUSED: readonly string[] = ['fd00:ec2::/32'];
