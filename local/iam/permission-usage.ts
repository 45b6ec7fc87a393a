import { isObject } from '../json';
import { Grant } from './evaluate';
import { Roles } from './roles';

/** Permissions of a role that no allowed call needed so far. */
export interface UnusedPermissions {
  readonly roleArn: string;
  readonly grants: readonly Grant[];
}

/** Remembers which parts of the roles' policies were needed. */
export class PermissionUsage {
  private readonly used = new Map<string, Set<string>>();

  record(roleArn: string, grants: readonly Grant[]): void {
    const keys = this.used.get(roleArn) ?? new Set();
    for (const grant of grants) keys.add(keyOf(grant));
    this.used.set(roleArn, keys);
  }

  /** Every role that has permissions to spare, each with those. */
  unused(roles: Roles): readonly UnusedPermissions[] {
    return roles.list()
      .map(({ arn }) => ({ roleArn: arn, grants: this.grantsOf(roles, arn).filter((grant) => !this.used.get(arn)?.has(keyOf(grant))) }))
      .filter(({ grants }) => grants.length > 0);
  }

  private grantsOf(roles: Roles, roleArn: string): Grant[] {
    return roles.policiesOf(roleArn).flatMap(({ name, document }) => [document.Statement].flat().flatMap((statement, index) => {
      if (!isObject(statement) || statement.Effect !== 'Allow') return [];
      const named = [statement.Action ?? []].flat();
      const excluded = [statement.NotAction ?? []].flat().map((action) => `not ${String(action)}`);
      return [...named, ...excluded].map((action) => ({ policy: name, statement: index + 1, action: String(action) }));
    }));
  }
}

function keyOf({ policy, statement, action }: Grant): string {
  return JSON.stringify([policy, statement, action]);
}
