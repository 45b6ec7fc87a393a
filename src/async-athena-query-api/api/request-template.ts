import { IDEMPOTENCY_KEY, IDEMPOTENT_CALLER } from '../contracts/submit-query';
import { CallerTemplate } from '../submit-access/binding';

export const LOCATION = 'Location';

/**
 * Room kept free in the execution input: Athena answers with the SQL and, when it failed, with an error that may quote from it twice. All that
 * must fit into the 256 KiB that Step Functions allows, so an input without this room is refused at once instead of failing later.
 */
export const HEADROOM = ' '.repeat(32_768);

/**
 * Makes the StartExecution call out of the request, without a Lambda.
 *
 * `$input.json` gives each value as JSON text, which `$util.escapeJavaScript` makes fit inside the JSON string `input`. It also escapes
 * the single quote, which JSON does not know; the documented `replaceAll` takes that back. In Java the first argument is a pattern, so
 * two backslashes stand for one.
 */
export function requestTemplate(stateMachineArn: string, { setOwner }: Pick<CallerTemplate, 'setOwner'>, { callbackOptional = false } = {}): string {
  const field = (name: string) => `$util.escapeJavaScript($input.json('$.${name}')).replaceAll("\\\\'","'")`;
  // What is missing is null or nothing, and what is there is never empty: a text of it has a length or not.
  const given = (variable: string, name: string) => `#set($${variable} = "$!input.path('$.${name}')")`;
  const reference = `#if($reference.length() > 0),\\"ClientReference\\":${field('ClientReference')}#end`;
  const callbackUrl = `,\\"CallbackUrl\\":${field('CallbackUrl')}`;
  const callback = callbackOptional ? `#if($callback.length() > 0)${callbackUrl}#end` : callbackUrl;
  const request = `{\\"Query\\":${field('Query')}${callback}${reference}}`;
  // A name that cannot be: Step Functions answers InvalidName.
  const name = `#if($owner.matches('${IDEMPOTENT_CALLER}'))\${owner}_$util.escapeJavaScript($key)#else?#end`;
  return `${setOwner}${callbackOptional ? given('callback', 'CallbackUrl') : ''}${given('reference', 'ClientReference')}${given('key', 'IdempotencyKey')}`
    + `{"stateMachineArn":"${stateMachineArn}",#if($key.length() > 0)"name":"${name}",#end`
    + `"input":"{\\"ApiRequest\\":${request},\\"Caller\\":{\\"Id\\":\\"$owner\\"}}${HEADROOM}"}`;
}

const IDEMPOTENT_NAME = `${IDEMPOTENT_CALLER}_${IDEMPOTENCY_KEY}`;

const DUPLICATE = 'The IdempotencyKey was used for another request, or for this one, whose query has ended.';

const TOO_LARGE = 'Query and CallbackUrl are too large; together they must stay below 225 kB of JSON.';

/** The answer to an accepted request. The execution's name is the eighth part of its ARN. */
export function acceptedTemplate({ managed }: Managed): string {
  return `#set($arn = $input.path('$.executionArn').split(':'))#set($id = $arn[7])${managed ? SET_LOCATION : ''}{"QueryId":"$id"}`;
}

export interface Managed {
  /** Whether queries can be looked at: then answers say where. */
  readonly managed: boolean;
}

/** Where the query is found: the path has the stage, or what a custom domain has in its place. */
const SET_LOCATION = `#set($path = $context.path.replaceAll('(.*[^/])/*', '$1'))#set($context.responseOverride.header.${LOCATION} = "$path/$id")`;

/** The answer when Step Functions refused: the reason in our own words, because Step Functions' words carry ARNs. */
export function refusedTemplate({ managed }: Managed): string {
  return [
    "#set($type = $input.path('$.__type'))",
    "#set($reason = $input.path('$.message'))",
    "#if($type.endsWith('ExecutionLimitExceeded') || $type.endsWith('Throttling') || $type.endsWith('ThrottlingException'))",
    answer(429, 'TooManyQueries', 'Too many queries are running; try again later.'),
    "#elseif($type.endsWith('ExecutionAlreadyExists'))",
    // The message has the ARN of the execution, whose name ends it.
    `#set($id = $reason.replaceAll('.*:execution:[^:]+:(${IDEMPOTENT_NAME}).*', '$1'))#set($context.responseOverride.status = 409)`,
    // In other words than these, nothing of the account gets out.
    `{"Code":"DuplicateRequest","Message":"${DUPLICATE}"#if($id.matches('${IDEMPOTENT_NAME}')),"QueryId":"$id"${managed ? SET_LOCATION : ''}#end}`,
    "#elseif($type.endsWith('InvalidName'))",
    answer(400, 'IdempotencyNotAvailable', 'This caller cannot use an IdempotencyKey: leave it out.'),
    "#elseif($type.endsWith('InvalidExecutionInput'))",
    answer(400, 'InvalidRequest', 'The request cannot be run as it is.'),
    "#elseif($type.endsWith('ValidationException') && $reason.contains('length'))",
    answer(413, 'QueryTooLarge', TOO_LARGE),
    '#else',
    answer(500, 'InternalError', 'The request could not be processed.'),
    '#end',
  ].join('\n');
}

/** The answer when the call itself was too large for Step Functions. */
export function tooLargeTemplate(): string {
  return JSON.stringify({ Code: 'QueryTooLarge', Message: TOO_LARGE });
}

/** The answer to anything else. */
export function failedTemplate(): string {
  return JSON.stringify({ Code: 'InternalError', Message: 'The request could not be processed.' });
}

function answer(status: number, code: string, message: string): string {
  return `#set($context.responseOverride.status = ${status})${JSON.stringify({ Code: code, Message: message })}`;
}
