import { PolicyDocument } from '../aws/service';

/** Most characters of each kind of policy, white space aside. Source: IAM and STS quotas. */
const QUOTAS = {
  /** All inline policies of a role together. */
  'inline policies of a role': 10_240,
  'managed policy': 6_144,
  /** The default; it can be raised to 4,096. */
  'trust policy': 2_048,
} as const;

/** Most managed policies attached to a role by default. */
export const MAX_ATTACHED_POLICIES = 10;

/** Refuses what is larger than IAM takes; the wire text of a document has no white space but inside its strings. */
export function assertPolicySize(kind: keyof typeof QUOTAS, owner: string, documents: Iterable<PolicyDocument>): void {
  const size = [...documents].reduce((sum, document) => sum + JSON.stringify(document).replace(/\s/g, '').length, 0);
  if (size <= QUOTAS[kind]) return;
  throw new Error(`${owner}: LimitExceeded: Maximum policy size of ${QUOTAS[kind]} bytes exceeded for the ${kind}: ${size}`);
}
