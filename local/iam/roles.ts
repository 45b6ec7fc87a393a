import { memberOf } from '../json';
import { awsManagedPolicy } from './aws-managed-policies';
import { assertPolicySize, MAX_ATTACHED_POLICIES } from './quotas';
import { uniqueId } from './unique-id';
import { AwsEnvironment, PolicyDocument } from '../aws/service';

/** A policy with the name that messages and reports call it by. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

export interface RoleOptions {
  readonly name: string;
  /** Default: `/`. */
  readonly path?: string;
  readonly trustPolicy: PolicyDocument;
  /** Default: the account of the cloud. Sessions of a role of another account call from there, and nothing else of that account exists. */
  readonly accountId?: string;
  /** Longest session in seconds, 3,600 to 43,200. Default: 3,600, as on AWS. */
  readonly maxSessionDuration?: number;
  readonly inlinePolicies?: readonly NamedPolicy[];
  /** ARNs of AWS managed policies that the local cloud knows, or of policies created before. */
  readonly managedPolicyArns?: readonly string[];
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  /** `AROA…`: the first half of `aws:userid`. */
  readonly id: string;
  readonly trustPolicy: PolicyDocument;
  readonly maxSessionDuration: number;
}

interface MutableRole extends Role {
  trustPolicy: PolicyDocument;
  maxSessionDuration: number;
  readonly inline: Map<string, PolicyDocument>;
  readonly managed: Set<string>;
}

/** The IAM roles of the account, and the policies that decide what each may do. */
export class Roles {
  private readonly byArn = new Map<string, MutableRole>();
  private readonly managedPolicies = new Map<string, PolicyDocument>();
  /** ARNs of roles that were deleted: what is left of their sessions may do nothing. */
  private readonly removed = new Set<string>();

  constructor(private readonly environment: AwsEnvironment) {}

  create(options: RoleOptions): Role {
    const arn = this.arn(`role${options.path ?? '/'}${options.name}`, options.accountId);
    if (this.list().some((role) => role.name === options.name)) throw new Error(`Role with name ${options.name} already exists.`);
    const maxSessionDuration = this.check(options);
    const inline = new Map((options.inlinePolicies ?? []).map((policy) => [policy.name, policy.document]));
    assertPolicySize('inline policies of a role', options.name, inline.values());
    const role: MutableRole = {
      name: options.name,
      arn,
      id: uniqueId('AROA', arn),
      trustPolicy: options.trustPolicy,
      maxSessionDuration,
      inline,
      managed: new Set(),
    };
    this.byArn.set(arn, role);
    for (const policyArn of options.managedPolicyArns ?? []) this.attachManagedPolicy(options.name, policyArn);
    return role;
  }

  /** Changes a role. Of its policies, only those of the former options go: what others attached to it stays. */
  change(options: RoleOptions, former: RoleOptions): Role {
    const role = this.named(options.name);
    const maxSessionDuration = this.check(options);
    const kept = new Map([...role.inline].filter(([name]) => !former.inlinePolicies?.some((policy) => policy.name === name)));
    for (const { name, document } of options.inlinePolicies ?? []) kept.set(name, document);
    assertPolicySize('inline policies of a role', options.name, kept.values());
    const { managedPolicyArns = [] } = options;
    managedPolicyArns.forEach((arn) => this.managedPolicy(arn));
    role.trustPolicy = options.trustPolicy;
    role.maxSessionDuration = maxSessionDuration;
    role.inline.clear();
    kept.forEach((document, name) => role.inline.set(name, document));
    for (const arn of former.managedPolicyArns ?? []) role.managed.delete(arn);
    for (const arn of managedPolicyArns) this.attachManagedPolicy(options.name, arn);
    return role;
  }

  /** Deletes a role with its own policies; answers why not, where others attached some. There need not be such a role. */
  remove({ name, inlinePolicies = [], managedPolicyArns = [] }: RoleOptions): string | undefined {
    const role = this.lookUp(name);
    if (role === undefined) return undefined;
    const { inline, managed } = role;
    if ([...inline.keys()].some((policy) => !inlinePolicies.some((own) => own.name === policy))) return 'Cannot delete entity, must delete policies first.';
    if ([...managed].some((arn) => !managedPolicyArns.includes(arn))) return 'Cannot delete entity, must detach all policies first.';
    this.byArn.delete(role.arn);
    this.removed.add(role.arn);
    return undefined;
  }

  /** Takes an inline policy away, if there is one of this name, and such a role. */
  removeInlinePolicy(roleName: string, policyName: string): void {
    this.lookUp(roleName)?.inline.delete(policyName);
  }

  /** Adds or replaces an inline policy. */
  putInlinePolicy(roleName: string, policy: NamedPolicy): void {
    const { inline } = this.named(roleName);
    const next = new Map(inline).set(policy.name, policy.document);
    assertPolicySize('inline policies of a role', roleName, next.values());
    inline.set(policy.name, policy.document);
  }

  /** Makes a customer managed policy; answers its ARN. */
  createManagedPolicy(policy: NamedPolicy, path = '/'): string {
    const arn = this.arn(`policy${path}${policy.name}`);
    if (this.managedPolicies.has(arn)) throw new Error(`A policy called ${policy.name} already exists.`);
    assertPolicySize('managed policy', policy.name, [policy.document]);
    this.managedPolicies.set(arn, policy.document);
    return arn;
  }

  /** Changes what a customer managed policy says. */
  changeManagedPolicy(arn: string, document: PolicyDocument): void {
    assertPolicySize('managed policy', arn, [document]);
    this.managedPolicies.set(arn, document);
  }

  /** Deletes a customer managed policy that is attached to nothing; answers why not. */
  removeManagedPolicy(arn: string): string | undefined {
    if ([...this.byArn.values()].some(({ managed }) => managed.has(arn))) return 'Cannot delete a policy attached to entities.';
    this.managedPolicies.delete(arn);
    return undefined;
  }

  /** Detaches a policy, if it is attached to the role, and there is such a role. */
  detachManagedPolicy(roleName: string, policyArn: string): void {
    this.lookUp(roleName)?.managed.delete(policyArn);
  }

  attachManagedPolicy(roleName: string, policyArn: string): void {
    this.managedPolicy(policyArn);
    const { managed } = this.named(roleName);
    if (!managed.has(policyArn) && managed.size >= MAX_ATTACHED_POLICIES) {
      throw new Error(`${roleName}: LimitExceeded: Cannot exceed quota for PoliciesPerRole: ${MAX_ATTACHED_POLICIES}`);
    }
    managed.add(policyArn);
  }

  find(arn: string): Role | undefined {
    return this.byArn.get(arn);
  }

  list(): readonly Role[] {
    return [...this.byArn.values()];
  }

  /** Everything that grants or denies the role something, managed policies last. */
  policiesOf(roleArn: string): readonly NamedPolicy[] {
    const role = this.byArn.get(roleArn);
    if (role === undefined && this.removed.has(roleArn)) return [];
    if (role === undefined) throw new Error(`There is no role ${roleArn}`);
    return [
      ...[...role.inline].map(([name, document]) => ({ name, document })),
      ...[...role.managed].map((arn) => ({ name: arn, document: this.managedPolicy(arn) })),
    ];
  }

  /** Answers the longest session, in seconds. */
  private check(options: RoleOptions): number {
    const maxSessionDuration = options.maxSessionDuration ?? 3600;
    if (maxSessionDuration < 3600 || maxSessionDuration > 43200) {
      throw new Error(`Role ${options.name}: MaxSessionDuration must be between 3600 and 43200 seconds, got ${maxSessionDuration}`);
    }
    this.assertTrustedRolesExist(options);
    assertPolicySize('trust policy', options.name, [options.trustPolicy]);
    return maxSessionDuration;
  }

  /** Roles of other accounts are taken for granted. */
  private assertTrustedRolesExist({ name, trustPolicy }: RoleOptions): void {
    for (const statement of [trustPolicy.Statement].flat()) {
      const trusted = [memberOf(memberOf(statement, 'Principal'), 'AWS') ?? []].flat();
      const missing = trusted.map(String).find((arn) => arn.startsWith(this.arn('role/')) && !this.byArn.has(arn));
      if (missing !== undefined) throw new Error(`${name}: MalformedPolicyDocument: Invalid principal in policy: "AWS":"${missing}"`);
    }
  }

  private managedPolicy(arn: string): PolicyDocument {
    const document = this.managedPolicies.get(arn) ?? awsManagedPolicy(arn);
    if (document === undefined) throw new Error(`The local cloud does not know the managed policy ${arn}`);
    return document;
  }

  private named(name: string): MutableRole {
    const role = this.lookUp(name);
    if (role === undefined) throw new Error(`The role with name ${name} cannot be found.`);
    return role;
  }

  private lookUp(name: string): MutableRole | undefined {
    return [...this.byArn.values()].find((role) => role.name === name);
  }

  private arn(suffix: string, accountId: string = this.environment.accountId): string {
    return `arn:${this.environment.partition}:iam::${accountId}:${suffix}`;
  }
}
