import { typeForContextKey } from '@cloud-copilot/iam-simulate';
import { isObject, JsonObject, JsonValue } from '../json';

/** Condition operators, without set prefix and `IfExists`. Source: IAM user guide, "Condition operators". */
const OPERATORS = [
  'StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'StringLike', 'StringNotLike',
  'NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals',
  'DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals', 'DateGreaterThan', 'DateGreaterThanEquals',
  'Bool', 'BinaryEquals', 'IpAddress', 'NotIpAddress', 'ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike',
];

/** What a trust policy can allow. Source: IAM user guide, "Role trust policies". */
const TRUST_ACTIONS = [
  'sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity', 'sts:SetContext', 'sts:SetSourceIdentity', 'sts:TagSession', 'sts:*',
];

const SERVICE_PRINCIPAL = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(amazonaws\.com(\.cn)?|aws\.internal)$/;
const AWS_PRINCIPAL = /^(\*|\d{12}|arn:[a-z-]+:(iam::\d{12}:(root|(role|user)\/[^*?]+)|sts::\d{12}:(assumed-role|federated-user)\/[^*?]+))$/;

/** What is wrong with the conditions of a statement: IAM refuses an unknown operator; a key that does not exist would never match. */
export async function conditionProblem({ Condition: condition }: JsonObject): Promise<string | undefined> {
  if (!isObject(condition)) return condition === undefined ? undefined : 'Condition is no object';
  for (const [operator, tests] of Object.entries(condition)) {
    if (!isOperator(operator)) return `Unknown condition operator ${operator}`;
    for (const key of Object.keys(isObject(tests) ? tests : {})) {
      if (!await keyExists(key)) return `There is no condition key ${key}`;
    }
  }
  return undefined;
}

/** What is wrong with the resources of a statement. */
export function resourceProblem({ Resource: resource, NotResource: notResource }: JsonObject): string | undefined {
  const isResource = (value: JsonValue) => typeof value === 'string' && /^(\*$|arn:[^:]+:[^:*?]+:)/.test(value);
  const wrong = [resource ?? [], notResource ?? []].flat().find((value) => !isResource(value));
  return wrong === undefined ? undefined : `Resource ${JSON.stringify(wrong)} must be in ARN format or "*".`;
}

/** What is wrong with whom a statement names: principals that cannot exist. */
export function principalProblem({ Principal: principal, NotPrincipal: notPrincipal }: JsonObject): string | undefined {
  const named = principal ?? notPrincipal;
  if (named === '*') return undefined;
  const entries = isObject(named) ? Object.entries(named) : [];
  if (entries.length === 0) return `Invalid principal in policy: ${JSON.stringify(named)}`;
  for (const [kind, values] of entries) {
    const wrong = [values].flat().find((value) => typeof value !== 'string' || !isPrincipal(kind, value));
    if (wrong !== undefined) return `Invalid principal in policy: "${kind}":${JSON.stringify(wrong)}`;
  }
  return undefined;
}

/** What is wrong with the actions of a statement that says who may assume a role. */
export function trustActionProblem({ Action: action, NotAction: notAction }: JsonObject): string | undefined {
  const known = TRUST_ACTIONS.map((name) => name.toLowerCase());
  const wrong = [action ?? [], notAction ?? []].flat().find((value) => !known.includes(String(value).toLowerCase()));
  return wrong === undefined ? undefined : `AssumeRole policy may only specify STS AssumeRole actions, not ${JSON.stringify(wrong)}.`;
}

function isPrincipal(kind: string, value: string): boolean {
  if (kind === 'Service') return SERVICE_PRINCIPAL.test(value);
  // Whether a federated or a canonical user is one, only AWS knows.
  return kind !== 'AWS' || AWS_PRINCIPAL.test(value);
}

function isOperator(text: string): boolean {
  const [, plain, ifExists] = /^(?:ForAllValues:|ForAnyValue:)?(\w+?)(IfExists)?$/i.exec(text) ?? [];
  if (plain?.toLowerCase() === 'null') return ifExists === undefined;
  return OPERATORS.some((operator) => operator.toLowerCase() === plain?.toLowerCase());
}

async function keyExists(key: string): Promise<boolean> {
  try {
    await typeForContextKey(key);
    return true;
  } catch {
    return false;
  }
}
