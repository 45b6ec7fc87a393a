import { checkCallbackUrl } from './callback-guard';
import type { DeliveryConfig } from './delivery-config';
import { asDeliveryError } from './delivery-error';
import { deliveryLine } from './delivery-line';
import { LinkCloud } from './link-session';
import { Delivery, parseEvent } from './parse-event';
import { CallbackNetwork, postCallback } from './post-callback';
import { queryResult, settledOutcome } from './query-result';
import { signatureHeaders } from './signature';
import { SigningKeys } from './signing-keys';
import { CallbackBody } from '../../contracts/callback';
import { DeliveryResult, Outcome } from '../../contracts/deliver';
import { QueryExecution } from '../../contracts/workflow-state';

/** What the log says of a query whose request has no callback URL. */
const NO_CALLBACK = 'NoCallback';

/** Everything the delivery needs of the world. */
export interface DeliveryServices {
  readonly config: DeliveryConfig;
  readonly signingKeys: SigningKeys;
  readonly linkCloud: LinkCloud;
  readonly network: CallbackNetwork;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes one line of JSON for each attempt. It never says what was asked, where to, or what the result is. */
  readonly log: (line: string) => void;
}

/**
 * Delivers the outcome of a query: one attempt, which ends in a 2xx of the receiver or in a `DeliveryError`. Retrying is the workflow's part. Where nobody is to be
 * called back, it only says and counts how the query ended.
 *
 * The link exists nowhere but in the callback: it is made again for every attempt, and neither answered nor logged.
 */
export async function deliver(input: unknown, services: DeliveryServices): Promise<DeliveryResult> {
  const startedAt = services.now();
  let event: Delivery | undefined;
  let outcome: Outcome | undefined;
  const log = (ended: string, statusCode: number | undefined) => services.log(deliveryLine({
    event, queryState: outcome?.State.State, ended, statusCode, startedAt, now: services.now(),
  }));

  try {
    event = parseEvent(input);
    outcome = await settledOutcome(event, services);
    const { CallbackUrl } = event;
    const statusCode = CallbackUrl === undefined ? undefined : await attempt(event, CallbackUrl, outcome, services);
    log(statusCode === undefined ? NO_CALLBACK : 'Delivered', statusCode);
    const OutputLocation = outcome.ResultKind === 'OBJECT' ? queryOf(event)?.ResultConfiguration?.OutputLocation : undefined;
    return {
      ...(statusCode !== undefined && { CallbackStatusCode: statusCode }), Outcome: outcome, ...(OutputLocation !== undefined && { OutputLocation }),
    };
  } catch (thrown) {
    const error = asDeliveryError(thrown, 'The delivery function');
    log(error.name, error.callbackStatusCode);
    throw error;
  }
}

async function attempt(event: Delivery, callbackUrl: string, outcome: Outcome, services: DeliveryServices): Promise<number> {
  const { config } = services;
  const url = checkCallbackUrl(callbackUrl, config.callbackRules);
  const [callback, keys] = await Promise.all([renderCallback(event, outcome, services), services.signingKeys.get()]);
  const body = JSON.stringify(callback);
  return postCallback({
    url,
    rules: config.callbackRules,
    headers: signatureHeaders(keys, event.QueryId, services.now(), body, services.signingKeys.scheme),
    body,
    timeoutSeconds: config.callbackTimeoutSeconds,
  }, services.network);
}

async function renderCallback(event: Delivery, outcome: Outcome, services: DeliveryServices): Promise<CallbackBody> {
  const { State, ...others } = outcome;
  const result = await queryResult(event, outcome, services);
  return result === undefined ? outcome : { State, QueryResult: result, ...others };
}

function queryOf({ State: { AthenaResult } }: Delivery): QueryExecution | undefined {
  return AthenaResult?.QueryExecution;
}
