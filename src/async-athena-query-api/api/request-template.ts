import { formatTemplate } from './format-member';
import { ifOwned, ownerInText } from './owner-template';
import { SUBMIT_REFUSALS, submitRefusal, SubmitRefusalCode } from './submit-refusals';
import { IDEMPOTENCY_KEY, IDEMPOTENT_CALLER } from '../contracts/submit-query';
import { FormatChoice } from '../result-format/format-choice';
import { CallerTemplate } from '../submit-access/binding';
import { QueryTemplate } from '../submitted-queries/binding';
import { constant, field, given } from '../submitted-queries/mapping';

export const LOCATION = 'Location';

/**
 * Room kept free in the execution input: Athena answers with the SQL and, when it failed, with an error that may quote from it twice. All that
 * must fit into the 256 KiB that Step Functions allows, so an input without this room is refused at once instead of failing later.
 */
export const HEADROOM = ' '.repeat(32_768);

/** What the request may choose, and what holds where it does not. */
export interface DatabaseChoice {
  readonly defaultDatabase: string;
}

/** What a request may choose or leave out. */
export interface RequestChoices {
  /** Undefined where it cannot choose the database. */
  readonly databaseChoice?: DatabaseChoice;
  /** Undefined where all results are CSV. */
  readonly formatChoice?: FormatChoice;
  /** Whether it may leave the callback URL out; default: no. */
  readonly callbackOptional?: boolean;
}

/**
 * Makes the StartExecution call out of the request, without a Lambda.
 *
 * @param choices what a request may choose or leave out
 */
export function requestTemplate(
  stateMachineArn: string, caller: Omit<CallerTemplate, 'arn'>, { setUp, query, inner, statement }: QueryTemplate,
  { databaseChoice, formatChoice, callbackOptional = false }: RequestChoices = {},
): string {
  const reference = `#if($reference.length() > 0),\\"ClientReference\\":${field('ClientReference')}#end`;
  const callbackUrl = `,\\"CallbackUrl\\":${field('CallbackUrl')}`;
  const callback = callbackOptional ? `#if($callback.length() > 0)${callbackUrl}#end` : callbackUrl;
  const format = formatChoice && formatTemplate(formatChoice);
  const request = `{\\"Query\\":${format === undefined ? query : inner}${callback}${reference}${format?.request ?? ''}}`;
  const database = databaseChoice && databaseMember(databaseChoice);
  // The Request is there without the SQL for the delivery function, which knows these members only: what is for Athena alone has an object of its own.
  const members = [statement, database?.member ?? '', format?.statement ?? ''].filter((member) => member !== '').join(',');
  // A name that cannot be: Step Functions answers InvalidName.
  const name = `#if($owner.matches('${IDEMPOTENT_CALLER}'))\${owner}_$util.escapeJavaScript($key)#else?#end`;
  const optional = callbackOptional ? given('callback', 'CallbackUrl') : '';
  const call = `{"stateMachineArn":"${stateMachineArn}",#if($key.length() > 0)"name":"${name}",#end`
    + `"input":"{\\"ApiRequest\\":${request}${members === '' ? '' : `,\\"Statement\\":{${members}}`},\\"Caller\\":{\\"Id\\":\\"${ownerInText(caller)}\\"}}${HEADROOM}"}`;
  return `${caller.setOwner}${optional}${given('reference', 'ClientReference')}${given('key', 'IdempotencyKey')}${setUp}${database?.setUp ?? ''}${format?.setUp ?? ''}`
    + ifOwned(call, caller);
}

function databaseMember({ defaultDatabase }: DatabaseChoice) {
  return {
    setUp: given('database', 'Database'),
    member: `\\"Database\\":#if($database.length() > 0)${field('Database')}#{else}${constant(defaultDatabase)}#end`,
  };
}

const IDEMPOTENT_NAME = `${IDEMPOTENT_CALLER}_${IDEMPOTENCY_KEY}`;

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
    answer('TooManyQueries'),
    "#elseif($type.endsWith('ExecutionAlreadyExists'))",
    // The message has the ARN of the execution, whose name ends it.
    `#set($id = $reason.replaceAll('.*:execution:[^:]+:(${IDEMPOTENT_NAME}).*', '$1'))#set($context.responseOverride.status = ${SUBMIT_REFUSALS.DuplicateRequest.status})`,
    // In other words than these, nothing of the account gets out.
    `${JSON.stringify(submitRefusal('DuplicateRequest')).slice(0, -1)}#if($id.matches('${IDEMPOTENT_NAME}')),"QueryId":"$id"${managed ? SET_LOCATION : ''}#end}`,
    "#elseif($type.endsWith('InvalidName'))",
    answer('IdempotencyNotAvailable'),
    "#elseif($type.endsWith('InvalidExecutionInput'))",
    answer('InvalidRequest'),
    "#elseif($type.endsWith('ValidationException') && $reason.contains('length'))",
    answer('QueryTooLarge'),
    '#else',
    answer('InternalError'),
    '#end',
  ].join('\n');
}

/** The answer when the call itself was too large for Step Functions. */
export function tooLargeTemplate(): string {
  return JSON.stringify(submitRefusal('QueryTooLarge'));
}

/** The answer to anything else. */
export function failedTemplate(): string {
  return JSON.stringify(submitRefusal('InternalError'));
}

function answer(code: SubmitRefusalCode): string {
  return `#set($context.responseOverride.status = ${SUBMIT_REFUSALS[code].status})${JSON.stringify(submitRefusal(code))}`;
}
