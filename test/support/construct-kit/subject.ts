/**
 * A construct as the kit knows it: how to make one, in which variants there is one, and what is known of each.
 *
 * A new strategy is a line in `variants` of the facts of its construct, and every part of the kit tests it. A new function, metric or grant is a
 * line in the table of its construct: a part of the kit fails as long as that is missing. A new construct gives facts of its own to each part.
 */
import { App, AppProps, CfnResource, Environment, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Resource, resources } from '../template';

/** What every construct of this library has. */
export interface CommonConstruct extends Construct {
  readonly workflow: IStateMachine;
  readonly failureAlarm: Alarm;
}

/** What every construct of this library takes. */
export interface CommonProps {
  readonly removalPolicy?: RemovalPolicy;
  readonly logRetention?: RetentionDays;
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

/** Some props, which may need constructs of the same stack. */
export type Changes<Props> = (stack: Stack) => Partial<Props>;

export interface Subject<Made extends Construct, Props> {
  /** Id of an instance in its stack, with which all its logical ids begin. */
  readonly id: string;
  readonly Construct: new (scope: Construct, id: string, props: Props) => Made;
  /** The changes, and what must be given beside them. */
  readonly props: (stack: Stack, changes: Partial<Props>) => Props;
}

export interface Configuration<Made, Props> {
  readonly props?: Changes<Props>;
  /** What a user does with the instance before synthesis. */
  readonly then?: (made: Made, stack: Stack) => void;
}

/** What comes and goes with a choice. */
export interface Extras {
  /** Logical ids of what has state or identity, with their types. Part of the contract with users: an entry may be added, never changed. */
  readonly ids?: Readonly<Record<string, string>>;
  /** Findings of cdk-nag that we accept: rule, what it names, and the path below the construct. Each stands beside the reason for it. */
  readonly findings?: readonly string[];
  /** Who acts with each role, by logical id without its hash: a service, or something of the template as `plain` text has it. */
  readonly trust?: Readonly<Record<string, string>>;
  /** Actions of statements on `*`, because AWS knows no resources for them. */
  readonly onEverything?: readonly (readonly string[])[];
  /** Logical ids, without the hash, of roles that read executions, beside those of the machines. */
  readonly executionReaders?: readonly string[];
  /** Logical ids, without the hash, of roles that read and write objects which `encryptionKey` encrypts. */
  readonly objectWriters?: readonly string[];
  /** Those of them that also read objects of another bucket, which the same key encrypts. */
  readonly objectReaders?: readonly string[];
  /** Of roles that read and write a table which it encrypts. */
  readonly tableUsers?: readonly string[];
}

export interface Variant<Made, Props> extends Configuration<Made, Props> {
  /** What the CDK says if two instances share its strategy objects; absent where they can. */
  readonly notShared?: string;
  /** What it has that the defaults have not. */
  readonly more?: readonly Extras[];
  /** What the defaults have that it has not. */
  readonly fewer?: readonly Extras[];
}

export interface Facts<Made extends CommonConstruct, Props extends CommonProps> extends Subject<Made, Props> {
  /** What the defaults have. */
  readonly defaults: Extras;
  /** Every option that changes behaviour and leaves all resources to the construct. */
  readonly everyOption: Variant<Made, Props>;
  /** The others, by name: each strategy once, and what else changes which resources there are. Every part of the kit tests each of them. */
  readonly variants: Readonly<Record<string, Variant<Made, Props>>>;
  /** Services that roles and policies name, with the defaults. */
  readonly services: readonly string[];
  /** Types and names of what must have a name, in the order of the alphabet. Another name would replace it. */
  readonly named: readonly string[];
}

/** All variants, the defaults first, as `describe.each` and `test.each` take them. */
export function variantsOf<Made extends CommonConstruct, Props extends CommonProps>(
  { everyOption, variants }: Facts<Made, Props>,
): [name: string, variant: Variant<Made, Props>][] {
  return [['the defaults', {}], ['every option', everyOption], ...Object.entries(variants)];
}

/** What a variant has: all there is for the defaults, less, and more. */
export function extrasOf<Made extends CommonConstruct, Props extends CommonProps>(
  { defaults }: Facts<Made, Props>, { more = [], fewer = [] }: Variant<Made, Props>,
): Required<Extras> {
  const gone = new Set(fewer.flatMap(({ ids = {}, findings = [], trust = {}, executionReaders = [] }) => (
    [...Object.keys(ids), ...findings, ...Object.keys(trust), ...executionReaders]
  )));
  // What is changed is fewer of the one and more of the other.
  const left = (table: Readonly<Record<string, string>> = {}) => Object.fromEntries(Object.entries(table).filter(([key]) => !gone.has(key)));
  return {
    ids: Object.assign(left(defaults.ids), ...more.map(({ ids }) => ids)),
    trust: Object.assign(left(defaults.trust), ...more.map(({ trust }) => trust)),
    findings: [...defaults.findings ?? [], ...more.flatMap(({ findings = [] }) => findings)].filter((finding) => !gone.has(finding)),
    onEverything: [defaults, ...more].flatMap(({ onEverything = [] }) => onEverything),
    objectWriters: [defaults, ...more].flatMap(({ objectWriters = [] }) => objectWriters),
    objectReaders: [defaults, ...more].flatMap(({ objectReaders = [] }) => objectReaders),
    tableUsers: [defaults, ...more].flatMap(({ tableUsers = [] }) => tableUsers),
    executionReaders: [defaults, ...more].flatMap(({ executionReaders = [] }) => executionReaders).filter((role) => !gone.has(role)),
  };
}

export interface SynthOptions {
  /** Context of the app: its feature flags. */
  readonly context?: AppProps['context'];
  readonly env?: Environment;
}

export interface Synthesised<Made> {
  readonly stack: Stack;
  readonly made: Made;
  readonly template: Template;
  /** What the construct made, wherever it made it, and nothing that was brought to it. */
  readonly own: readonly Resource[];
  /** What was there before. */
  readonly brought: readonly Resource[];
  /** Constructs directly in the stack that were there before. */
  readonly broughtScopes: readonly Construct[];
}

/** An instance in a stack of its own. */
export function synthesise<Made extends Construct, Props>(
  subject: Subject<Made, Props>, { props = () => ({}), then = () => {} }: Configuration<Made, Props> = {}, { context, env }: SynthOptions = {},
): Synthesised<Made> {
  const stack = new Stack(new App({ context, treeMetadata: false }), 'Stack', { env });
  const given = subject.props(stack, props(stack));
  const broughtScopes = [...stack.node.children];
  const made = new subject.Construct(stack, subject.id, given);
  then(made, stack);
  const template = Template.fromStack(stack);
  const broughtIds = idsBelow(stack, broughtScopes);
  const all = resources(template);
  const [own, brought] = [false, true].map((wanted) => all.filter(({ id }) => broughtIds.has(id) === wanted));
  return { stack, made, template, own, brought, broughtScopes };
}

function idsBelow(stack: Stack, scopes: readonly Construct[]): Set<string> {
  const elements = scopes.flatMap((scope) => scope.node.findAll()).filter(CfnResource.isCfnResource);
  return new Set(elements.map((element) => stack.getLogicalId(element)));
}

/** The configuration with these props, whatever it says of them itself. */
export function withCommonProps<Made, Props extends CommonProps>(
  { props = () => ({}), then }: Configuration<Made, Props>, common: CommonProps,
): Configuration<Made, Props> {
  return { then, props: (stack) => ({ ...props(stack), ...common }) };
}
