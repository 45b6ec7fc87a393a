import { isObject, JsonObject, JsonValue } from '../json';
import { assertWellFormed } from './evaluate';
import { conditionProblem, principalProblem, resourceProblem, trustActionProblem } from './policy-elements';
import { PolicyDocument } from '../aws/service';
import { StrictProperties } from '../template/strict-properties';

/** What a policy is attached to decides which elements it needs: an identity, a resource, or a role (whom it trusts). */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** Reads a required policy document from a template, refusing a malformed one as CloudFormation would. */
export async function readPolicy(properties: StrictProperties, name: string, kind: PolicyKind, where: string): Promise<PolicyDocument> {
  const document = toPolicyDocument(properties.json(name), `${where}.${name}`);
  await assertPolicy(document, kind, `${where}.${name}`);
  return document;
}

/** Throws if IAM would not store this document as a policy of this kind. */
export async function assertPolicy(document: PolicyDocument, kind: PolicyKind, where: string): Promise<void> {
  await assertWellFormed(document, kind === 'identity' ? 'identity' : 'resource', where);
  const statements = [document.Statement].flat().filter(isObject);
  for (const statement of statements) {
    const problem = await statementProblem(statement, kind);
    if (problem !== undefined) throw new Error(`${where}: MalformedPolicyDocument: ${problem}`);
  }
  const ids = statements.flatMap(({ Sid }) => (typeof Sid === 'string' && Sid !== '' ? [Sid] : []));
  if (new Set(ids).size < ids.length) throw new Error(`${where}: MalformedPolicyDocument: Statement IDs (SID) in a single policy must be unique.`);
}

async function statementProblem(statement: JsonObject, kind: PolicyKind): Promise<string | undefined> {
  const common = resourceProblem(statement) ?? await conditionProblem(statement);
  if (kind === 'identity') return common ?? idProblem(statement);
  if (statement.Principal === undefined && statement.NotPrincipal === undefined) return 'a statement lacks Principal';
  const problem = common ?? principalProblem(statement);
  if (kind === 'resource') return problem;
  if (statement.Resource !== undefined || statement.NotResource !== undefined) return 'Has prohibited field Resource';
  return problem ?? idProblem(statement) ?? trustActionProblem(statement);
}

/** IAM is stricter with its own policies than services are with theirs. */
function idProblem({ Sid: id }: JsonObject): string | undefined {
  return typeof id === 'string' && /[^A-Za-z0-9]/.test(id) ? 'Statement IDs (SID) must be alpha-numeric.' : undefined;
}

/** Takes parsed JSON for a policy document; whether its statements make sense, `assertPolicy` says. */
export function toPolicyDocument(value: JsonValue | undefined, where: string): PolicyDocument {
  if (!isObject(value) || value.Statement === undefined) {
    throw new Error(`${where}: expected a policy document, got ${JSON.stringify(value)}`);
  }
  const { Version: version, ...rest } = value;
  if (version !== undefined && typeof version !== 'string') throw new Error(`${where}: Version must be a string, got ${JSON.stringify(version)}`);
  return { ...rest, ...(version === undefined ? {} : { Version: version }), Statement: value.Statement };
}
