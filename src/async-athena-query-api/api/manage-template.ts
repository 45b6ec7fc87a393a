import { ifOwned, ownerInJson } from './owner-template';
import { MANAGE_CONTRACT, ManageOperation, PAGED_RESULT_CONTRACT } from '../contracts/manage-query';
import { CallerTemplate } from '../submit-access/binding';

/** The parameter that asks for the next page of a result. */
export const NEXT_TOKEN = 'NextToken';

/** Makes the event of the management function out of a request. */
export function manageTemplate(operation: ManageOperation, caller: CallerTemplate): string {
  // Of the request, the function gets these and no header: those have signatures and session tokens.
  const isPaged = operation === 'GetQueryResult';
  const page = isPaged ? `"NextToken":"${parameter(NEXT_TOKEN)}",` : '';
  const event = [
    `{"contract":${isPaged ? PAGED_RESULT_CONTRACT : MANAGE_CONTRACT},"Operation":"${operation}","QueryId":"${parameter('QueryId')}",`,
    page, `"Caller":{"Id":"${ownerInJson(caller)}","Arn":"${caller.arn}"}}`,
  ].join('');
  return caller.setOwner + ifOwned(event, caller);
}

function parameter(name: string): string {
  return `$util.escapeJavaScript($input.params('${name}')).replaceAll("\\\\'","'")`;
}

/** Makes the HTTP answer out of the function's. What has no status is no answer of it, such as when Lambda could not run it. */
export function managedTemplate(): string {
  return [
    "#set($status = \"$!input.path('$.StatusCode')\")",
    '#if($status.length() > 0)',
    "#set($context.responseOverride.status = $input.path('$.StatusCode'))",
    "$input.json('$.Body')",
    '#else',
    '#set($context.responseOverride.status = 503)',
    JSON.stringify({ Code: 'TryAgain', Message: 'The request could not be processed; try again later.' }),
    '#end',
  ].join('');
}
