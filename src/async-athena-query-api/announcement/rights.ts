import { Effect, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { QueryAnnouncementBinding } from './binding';
import { CALLED_VIA_ATHENA } from '../../private/synth/athena-calls';

/** Lets the role announce queries: exactly one action on each bus, queue and topic, and the use of their keys. */
export function letAnnounce(scope: Construct, role: IRole, announcements: readonly QueryAnnouncementBinding[]): void {
  for (const announcement of announcements) {
    const { action, arn } = announcement;
    announcement.check(scope);
    const actions = [action];
    const resources = [arn];
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
    for (const statement of announcement.keyRights()) role.addToPrincipalPolicy(statement);
    // What the role may do, SQL may do through Athena: it must not be able to announce anything.
    role.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.DENY, actions, resources, conditions: CALLED_VIA_ATHENA }));
  }
}
