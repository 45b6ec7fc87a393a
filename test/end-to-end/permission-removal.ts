import { PolicyDocument } from '../../local/aws/service';
import { LocalCloud } from '../../local/cloud';
import { Role } from '../../local/iam/roles';
import { isObject } from '../../local/json';

/** An action that a policy allows, and the policy without it. */
export interface Removal {
  readonly action: string;
  readonly without: PolicyDocument;
}

/** The policy without each of the actions that it allows, one at a time. */
export function removals(document: PolicyDocument): Removal[] {
  const statements = [document.Statement].flat().filter(isObject);
  return statements.flatMap((statement, index) => {
    if (statement.Effect !== 'Allow') return [];
    const actions = [statement.Action].flat().map(String);
    return actions.map((action) => {
      const rest = actions.filter((other) => other !== action);
      const changed = rest.length === 0 ? [] : [{ ...statement, Action: rest }];
      return { action, without: { ...document, Statement: statements.flatMap((other, at) => (at === index ? changed : [other])) } };
    });
  });
}

export interface NeedlessPermissionsOptions {
  readonly cloud: LocalCloud;
  readonly roles: readonly Role[];
  /** Whether the action of the role is tried at all. */
  readonly observable: (action: string, role: Role) => boolean;
  /** Whether everything works as it should, now that the role lacks the action. */
  readonly works: (action: string, role: Role) => Promise<boolean>;
}

/** Takes every permission away from the roles, one at a time; answers the actions without which everything works all the same. */
export async function needlessPermissions({ cloud, roles, observable, works }: NeedlessPermissionsOptions): Promise<string[]> {
  const needless: string[] = [];
  for (const role of roles) {
    for (const policy of cloud.roles.policiesOf(role.arn)) {
      for (const { action, without } of removals(policy.document).filter((removal) => observable(removal.action, role))) {
        cloud.roles.putInlinePolicy(role.name, { name: policy.name, document: without });
        if (await works(action, role)) needless.push(action);
        cloud.roles.putInlinePolicy(role.name, policy);
      }
    }
  }
  return needless.sort();
}
