import { Duration } from 'aws-cdk-lib';
import { jsonContent, Operation, Parameter, PathItem, Response } from './document';
import { component, Schema, text } from './schema';
import { FINAL_STATUSES } from '../contracts/callback';
import { SignatureVersion } from '../contracts/deliver';

export interface QueryEndedProps {
  readonly signingKeys: {
    readonly signatureVersion?: SignatureVersion;
    /** By what a receiver verifies signatures, in words. */
    readonly verifiedBy: string;
  };
  readonly callbackTimeout: Duration;
  readonly deliveryWindow: Duration;
}

/** The callback of a query that has ended, by where it is sent. */
export function queryEndedCallback(props: QueryEndedProps): Record<string, PathItem> {
  return { '{$request.body#/CallbackUrl}': { post: queryEnded(props) } };
}

function queryEnded({ signingKeys: { signatureVersion = 'v1', verifiedBy }, callbackTimeout, deliveryWindow }: QueryEndedProps): Operation {
  return {
    operationId: 'QueryEnded',
    summary: 'Tell that a query has ended',
    description: 'Sent when a query has ended, also where it failed or was cancelled, by the rules of Standard Webhooks (https://www.standardwebhooks.com). Verify the '
      + `signature of the raw body by ${verifiedBy} before you use any of it. A callback can arrive more than once: \`webhook-id\` is then the same.`,
    // Callers are not who sends this: the signature is what shows it.
    security: [],
    parameters: [
      header('webhook-id', text('The id of the query, the same in every attempt.'), 'What to know repeated callbacks by.'),
      header('webhook-timestamp', text('Epoch seconds.', { pattern: '^[0-9]+$' }), 'When this attempt was made. Refuse one that is more than 5 minutes away from your clock.'),
      header(
        'webhook-signature', text('Version and base64 text of each signature, with spaces between them.', { pattern: `^${SIGNATURE[signatureVersion]}( ${SIGNATURE[signatureVersion]})*$` }),
        'One of these signatures must be right. During a rotation there are two.',
      ),
    ],
    requestBody: { required: true, content: jsonContent(component('QueryEnded')) },
    responses: {
      '2XX': { description: 'The callback is delivered.' },
      '3XX': REFUSED,
      ...Object.fromEntries(FINAL_STATUSES.map((status) => [status, REFUSED])),
      'default': {
        description: `The callback is sent again, with growing pauses for about ${deliveryWindow.toHumanString()} in all. So is one without an answer within ${callbackTimeout.toHumanString()}.`,
      },
    },
  };
}

/** One signature: of 32 bytes, or of 64. */
const SIGNATURE: Readonly<Record<SignatureVersion, string>> = { v1: 'v1,[A-Za-z0-9+/]{43}=', v1a: 'v1a,[A-Za-z0-9+/]{86}==' };

const REFUSED: Response = { description: 'The callback is refused and is not sent again until somebody redrives it.' };

function header(name: string, schema: Schema, description: string): Parameter {
  return { name, in: 'header', required: true, description, schema };
}
