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
export function requestTemplate(stateMachineArn: string): string {
  const field = (name: string) => `$util.escapeJavaScript($input.json('$.${name}')).replaceAll("\\\\'","'")`;
  const request = `{\\"ApiRequest\\":{\\"Query\\":${field('Query')},\\"CallbackUrl\\":${field('CallbackUrl')}}}`;
  return `{"stateMachineArn":"${stateMachineArn}","input":"${request}${HEADROOM}"}`;
}

const TOO_LARGE = 'Query and CallbackUrl are too large; together they must stay below 225 kB of JSON.';

/** The answer to an accepted request. The execution's name is the eighth part of its ARN. */
export function acceptedTemplate(): string {
  return '#set($arn = $input.path(\'$.executionArn\').split(\':\')){"QueryId":"$arn[7]"}';
}

/** The answer when Step Functions refused: the reason in our own words, because Step Functions' words carry ARNs. */
export function refusedTemplate(): string {
  return [
    "#set($type = $input.path('$.__type'))",
    "#set($reason = $input.path('$.message'))",
    "#if($type.endsWith('ExecutionLimitExceeded') || $type.endsWith('Throttling') || $type.endsWith('ThrottlingException'))",
    answer(429, 'TooManyQueries', 'Too many queries are running; try again later.'),
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
