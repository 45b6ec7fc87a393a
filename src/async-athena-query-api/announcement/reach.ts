import { IResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { checkRegion, isOfAnotherAccount } from '../../private/synth/place';
import { warn } from '../../private/synth/warning';

export interface Reach {
  /** What takes it, for messages. */
  readonly factory: string;
  readonly option: string;
  readonly resource: IResource;
  /** What its policy must allow. */
  readonly action: string;
}

/**
 * Refuses what is known to be in another Region: Step Functions calls a service in its own Region. Of another account, a bus, queue or topic can let the
 * workflow in by its own policy, which nobody sees here. Sources: Step Functions developer guide, "Accessing resources in other AWS accounts"; EventBridge
 * user guide, "Sending and receiving events between AWS accounts".
 */
export function checkReach(scope: Construct, { factory, option, resource, action }: Reach): void {
  checkRegion(`${option} of ${factory}`, scope, resource, `Step Functions sends within its own Region: name a ${option} of that Region, from where you can forward`);
  if (!isOfAnotherAccount(scope, resource.env.account)) return;
  warn(
    scope, 'announcementToAnotherAccount',
    `${option} of ${factory} is of account ${resource.env.account}: no query is announced there unless its policy lets the query role do ${action}, and, `
      + `where a customer key encrypts it, the policy of the key too; add that in its account, or take a ${option} of this account`,
  );
}
