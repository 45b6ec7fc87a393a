import { WorkflowState } from './workflow-state';
import { exactly, listOf, optional, Shape, text } from '../../private/shape/json-shape';

/**
 * What the workflow and the delivery function agree on. Both sides import this file.
 *
 * Executions outlive deployments: a running one keeps its definition and calls the new function. So a released event shape is never changed;
 * a new one gets the next number, and the function accepts every number ever released.
 */

/** Version of the event that this release's workflow sends. */
export const DELIVERY_CONTRACT = 1;

/** The event of the delivery function, as the workflow's Deliver Result state renders it. Names follow the Athena API. */
export interface DeliveryEvent {
  readonly contract: typeof DELIVERY_CONTRACT;
  /** Name of the execution: the id the caller got with the 202, and the `webhook-id`. */
  readonly QueryId: string;
  /** When the execution started, ISO 8601. */
  readonly StartTime: string;
  /** When the Deliver Result state was entered, ISO 8601; the same in every retry. */
  readonly DeliveryTime: string;
  /** Where the caller wants the result announced. */
  readonly CallbackUrl: string;
  /** The whole state of the workflow. */
  readonly State: WorkflowState;
}

/** What the delivery function answers; it becomes the output of the execution. */
export interface DeliveryResult {
  /** HTTP status the receiver answered with, 200 to 299. */
  readonly CallbackStatusCode: number;
}

/** The shortest time that results are kept: a failed delivery can be redriven for 14 days. So a younger result that cannot be read is not gone. */
export const SHORTEST_RESULT_RETENTION_DAYS = 15;

/** How long a link may work; an hour is the longest session of a role that another role assumes. Source: IAM user guide, on role chaining. */
export const LINK_EXPIRY_SECONDS = { least: 60, most: 3_600 };

/** How long a receiver may take to answer. */
export const CALLBACK_TIMEOUT_SECONDS = { least: 1, most: 30 };

/** Environment variables of the delivery function. */
export const DeliveryEnvironment = {
  /** ARN of the secret that signs callbacks. */
  SIGNING_SECRET_ARN: 'SIGNING_SECRET_ARN',
  /** Where results lie: `s3://bucket/prefix/`, ending in a slash. */
  RESULT_LOCATION: 'RESULT_LOCATION',
  /** JSON list of where results lay before, likewise; absent if there is no such place. Running executions may have written there. */
  FORMER_RESULT_LOCATIONS: 'FORMER_RESULT_LOCATIONS',
  /** Account that must own the result bucket. */
  RESULT_BUCKET_OWNER: 'RESULT_BUCKET_OWNER',
  /** ARN of the customer key of the results, or of all keys where only an alias is known; absent for S3-managed encryption. */
  RESULT_KEY_ARN: 'RESULT_KEY_ARN',
  /** Alias of the customer key, `alias/name`, where its ARN is not known. */
  RESULT_KEY_ALIAS: 'RESULT_KEY_ALIAS',
  /** ARN of the role assumed to sign a link. */
  LINK_ROLE_ARN: 'LINK_ROLE_ARN',
  /** Life of a link in seconds, within `LINK_EXPIRY_SECONDS`. */
  LINK_EXPIRY_SECONDS: 'LINK_EXPIRY_SECONDS',
  /** JSON of `CallbackRules`. */
  CALLBACK_RULES: 'CALLBACK_RULES',
  /** Time-out of one POST to the receiver in seconds, within `CALLBACK_TIMEOUT_SECONDS`. */
  CALLBACK_TIMEOUT_SECONDS: 'CALLBACK_TIMEOUT_SECONDS',
} as const;

/** Which hosts may be called back: any public one when `hosts` is absent. `*.example.com` stands for every subdomain. */
export const callbackRules = exactly({ hosts: optional(listOf(text)) });

export type CallbackRules = Shape<typeof callbackRules>;
