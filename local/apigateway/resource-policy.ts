import { AwsEnvironment, PolicyDocument } from '../aws/service';
import { assertPolicy, toPolicyDocument } from '../iam/policy-document';
import { isObject, JsonObject, JsonValue } from '../json';

/** In bytes. Source: API Gateway developer guide, "Quotas for configuring and running a REST API". */
const MAX_BYTES = 8192;

/**
 * Reads the policy of an API. A resource in the short form `execute-api:/stage/verb/path` is one of this API: API Gateway writes it out when it stores the
 * policy, because the id of an API is not known before there is one.
 */
export async function readResourcePolicy(
  value: JsonValue, apiId: string, { partition, region, accountId }: AwsEnvironment, where: string,
): Promise<PolicyDocument> {
  const written = (resource: JsonValue): JsonValue => (
    typeof resource === 'string' ? resource.replace(/^execute-api:\//, `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/`) : resource
  );
  const writtenOut = (statement: JsonObject): JsonObject => Object.fromEntries(Object.entries(statement).map(([name, member]) => (
    [name, name === 'Resource' || name === 'NotResource' ? [member].flat().map(written) : member]
  )));
  const { Statement, ...rest } = toPolicyDocument(value, where);
  const policy = { ...rest, Statement: [Statement].flat().map((statement) => (isObject(statement) ? writtenOut(statement) : statement)) };
  await assertPolicy(policy, 'resource', where);
  const hasResource = (statement: JsonValue) => !isObject(statement) || (statement.Resource ?? statement.NotResource) !== undefined;
  if (!policy.Statement.every(hasResource)) throw new Error(`${where}: Invalid policy document: a statement lacks Resource`);
  if (Buffer.byteLength(JSON.stringify(policy)) > MAX_BYTES) throw new Error(`${where}: Invalid policy document: it has more than ${MAX_BYTES} bytes`);
  return policy;
}
