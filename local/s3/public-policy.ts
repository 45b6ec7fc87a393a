import { PolicyDocument } from '../aws/service';
import { isObject, JsonObject, JsonValue } from '../json';

/** Condition keys by which a statement for everybody still names whom it means, as S3 judges it. */
const NARROWING = [
  'aws:principalaccount', 'aws:principalarn', 'aws:principalorgid', 'aws:principalorgpaths', 'aws:sourceaccount', 'aws:sourcearn', 'aws:sourceip',
  'aws:sourceorgid', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:userid', 's3:dataaccesspointarn', 's3:dataaccesspointaccount',
];

/** Does the policy let everybody in? */
export function isPublicPolicy({ Statement }: PolicyDocument): boolean {
  return [Statement].flat().some((statement) => isObject(statement) && statement.Effect === 'Allow' && isEverybody(statement.Principal) && !isNarrowed(statement));
}

function isEverybody(principal: JsonValue | undefined): boolean {
  return principal === '*' || (isObject(principal) && [principal.AWS ?? []].flat().includes('*'));
}

/** Only operators that demand a value count: `…Not…` and `…IfExists` let others in. */
function isNarrowed({ Condition }: JsonObject): boolean {
  if (!isObject(Condition)) return false;
  return Object.entries(Condition).some(([operator, keys]) => (
    !/Not|IfExists|Null/.test(operator) && isObject(keys) && Object.entries(keys).some(([key, values]) => (
      NARROWING.includes(key.toLowerCase()) && ![values].flat().includes('*')
    ))
  ));
}
