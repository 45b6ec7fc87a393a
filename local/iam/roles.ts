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
  readonly inline: Map<string, PolicyDocument>;
  readonly managed: Set<string>;
}

/** The IAM roles of the account, and the policies that decide what each may do. */
export class Roles {
  private readonly byArn = new Map<string, MutableRole>();
  private readonly managedPolicies = new Map<string, PolicyDocument>();

  constructor(private readonly environment: AwsEnvironment) {}

  create(options: RoleOptions): Role {
    const maxSessionDuration = options.maxSessionDuration ?? 3600;
    if (maxSessionDuration < 3600 || maxSessionDuration > 43200) {
      throw new Error(`Role ${options.name}: MaxSessionDuration must be between 3600 and 43200 seconds, got ${maxSessionDuration}`);
    }
    const arn = this.arn(`role${options.path ?? '/'}${options.name}`, options.accountId);
    if (this.list().some((role) => role.name === options.name)) throw new Error(`Role with name ${options.name} already exists.`);
    this.assertTrustedRolesExist(options);
    assertPolicySize('trust policy', options.name, [options.trustPolicy]);
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
    if (role === undefined) throw new Error(`There is no role ${roleArn}`);
    return [
      ...[...role.inline].map(([name, document]) => ({ name, document })),
      ...[...role.managed].map((arn) => ({ name: arn, document: this.managedPolicy(arn) })),
    ];
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
    for (const role of this.byArn.values()) {
      if (role.name === name) return role;
    }
    throw new Error(`The role with name ${name} cannot be found.`);
  }

  private arn(suffix: string, accountId: string = this.environment.accountId): string {
    return `arn:${this.environment.partition}:iam::${accountId}:${suffix}`;
  }
}
