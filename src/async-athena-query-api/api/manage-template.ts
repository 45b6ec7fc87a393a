import { ifOwned, ownerInJson } from './owner-template';
import { MANAGE_CONTRACT, ManageOperation } from '../contracts/manage-query';
import { CallerTemplate } from '../submit-access/binding';

/** Makes the event of the management function out of a request. */
export function manageTemplate(operation: ManageOperation, caller: CallerTemplate): string {
  // Of the request, the function gets these and no header: those have signatures and session tokens.
  const queryId = "$util.escapeJavaScript($input.params('QueryId')).replaceAll(\"\\\\'\",\"'\")";
  const event = `{"contract":${MANAGE_CONTRACT},"Operation":"${operation}","QueryId":"${queryId}","Caller":{"Id":"${ownerInJson(caller)}","Arn":"${caller.arn}"}}`;
  return caller.setOwner + ifOwned(event, caller);
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
