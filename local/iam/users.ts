import { NamedPolicy } from './roles';
import { uniqueId } from './unique-id';
import { AwsEnvironment, Caller } from '../aws/service';

/** IAM users: people and programs outside the cloud who call it, such as whoever may invoke an API. */
export class Users {
  private readonly policies = new Map<string, readonly NamedPolicy[]>();

  constructor(private readonly environment: AwsEnvironment) {}

  /**
   * Makes a user with exactly these policies, and answers who it is as a caller.
   * @param accountId Default: the account of the cloud. A user of another account calls from there, and nothing else of that account exists.
   */
  create(name: string, policies: readonly NamedPolicy[], accountId: string = this.environment.accountId): Caller {
    const { partition } = this.environment;
    const arn = `arn:${partition}:iam::${accountId}:user/${name}`;
    if (this.policies.has(arn)) throw new Error(`User with name ${name} already exists.`);
    this.policies.set(arn, policies);
    return { arn, accountId, principalId: uniqueId('AIDA', arn) };
  }

  /** A user who may do everything that resource policies do not deny. */
  createAdministrator(name: string): Caller {
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    return this.create(name, [{ name: 'AdministratorAccess', document }]);
  }

  /** Policies of the user with this ARN; undefined when there is none. */
  policiesOf(arn: string): readonly NamedPolicy[] | undefined {
    return this.policies.get(arn);
  }
}
