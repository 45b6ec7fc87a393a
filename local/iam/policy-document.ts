import { assertWellFormed } from './evaluate';
import { JsonValue, PolicyDocument } from '../aws/service';
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
  if (kind === 'identity') return;
  for (const statement of [document.Statement].flat()) {
    const has = (...names: string[]) => statement !== null && typeof statement === 'object' && names.some((name) => name in statement);
    if (!has('Principal', 'NotPrincipal')) throw new Error(`${where}: MalformedPolicyDocument: a statement lacks Principal`);
    if (kind === 'trust' && has('Resource', 'NotResource')) throw new Error(`${where}: MalformedPolicyDocument: Has prohibited field Resource`);
  }
}

/** Takes parsed JSON for a policy document; whether its statements make sense, `assertPolicy` says. */
export function toPolicyDocument(value: JsonValue | undefined, where: string): PolicyDocument {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value) || value.Statement === undefined) {
    throw new Error(`${where}: expected a policy document, got ${JSON.stringify(value)}`);
  }
  const { Version: version, ...rest } = value;
  if (version !== undefined && typeof version !== 'string') throw new Error(`${where}: Version must be a string, got ${JSON.stringify(version)}`);
  return { ...rest, ...(version === undefined ? {} : { Version: version }), Statement: value.Statement };
}
