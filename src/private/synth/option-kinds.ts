/**
 * What kind of value each option takes. The compilers of typed languages know that already; plain JavaScript, and a value of type `any`, would end in a
 * TypeError somewhere inside, or in a wrong template.
 */
import { InvalidPropError } from './validation';

/** Refuses a value of another kind. */
export interface Kind {
  readonly optional: boolean;
  check(what: string, value: unknown): void;
}

type RequiredKind = Kind & { readonly optional: false };
type OptionalKind = Kind & { readonly optional: true };

/** A kind for every option: a new option without one does not compile. */
export type OptionKinds<T> = { readonly [K in keyof Required<T>]: object extends Pick<T, K> ? OptionalKind : RequiredKind };

/**
 * Refuses options of another kind than they are declared with.
 *
 * @param of what has these options, for messages; nothing for the props of a construct
 * @returns the options
 */
export function checkOptions<T extends object>(of: string, options: T, kinds: OptionKinds<T>): T {
  checkMembers(of, options, kinds);
  return options;
}

function checkMembers<T extends object>(of: string, given: unknown, kinds: OptionKinds<T>): void {
  if (!isPlainObject(given)) throw new InvalidPropError(of === '' ? 'props' : `the options of ${of}`, given, 'an object', 'write them as { name: value }');
  const known: [string, Kind][] = Object.entries(kinds);
  for (const [name, kind] of known) {
    const value = given[name];
    if (value === undefined && kind.optional) continue;
    const what = of === '' ? name : `${name} of ${of}`;
    if (value === null && kind.optional) throw new InvalidPropError(what, null, 'left out, or a value', 'leave it out for the default');
    kind.check(what, value);
  }
}

/** An option that may be left out. */
export function optional(kind: Kind): OptionalKind {
  return { ...kind, optional: true };
}

export const text = kindOf((value) => typeof value === 'string', 'a text', 'put it in quotes');
export const number = kindOf((value) => typeof value === 'number', 'a number', 'write only digits, without quotes');
export const mebibytes = kindOf((value) => typeof value === 'number', 'a number of MiB', 'write only digits, without quotes, as in 512');
export const flag = kindOf((value) => typeof value === 'boolean', 'true or false', 'write one of these words, without quotes');
export const duration = kindOf((value) => has(value, 'toMilliseconds'), 'a Duration', 'say the unit, as in Duration.minutes(5)');
export const size = kindOf((value) => has(value, 'toBytes'), 'a Size', 'say the unit, as in Size.gibibytes(5)');

/** Something of the CDK, known by a property that all of its kind have: other copies of the CDK have other classes. */
export function resource(property: string, allowed: string, fix: string): RequiredKind {
  return kindOf((value) => has(value, property), allowed, fix);
}

export const bucket = resource('bucketArn', 'a bucket', 'look it up with Bucket.fromBucketName(…)');
export const grantee = resource('grantPrincipal', 'a role or a user', 'look it up with Role.fromRoleName(…)');
export const principal = resource('grantPrincipal', 'a role, a user, a function or another grantee', 'look it up, such as with Role.fromRoleArn(…)');
export const key = resource('keyArn', 'a KMS key', 'look it up with Key.fromKeyArn(…)');
export const lambdaFunction = resource('functionArn', 'a Lambda function', 'look it up with Function.fromFunctionArn(…)');
export const logGroup = resource('logGroupArn', 'a log group', 'look it up with LogGroup.fromLogGroupName(…)');
export const queue = resource('queueArn', 'a queue', 'look it up with Queue.fromQueueArn(…)');
export const runtime = resource('runtimeEquals', 'a Runtime of Lambda', 'such as Runtime.NODEJS_22_X');
export const schedule = resource('expressionString', 'a ScheduleExpression of aws-scheduler', 'such as ScheduleExpression.rate(Duration.hours(1))');
export const secret = resource('secretArn', 'a secret', 'look it up with Secret.fromSecretNameV2(…)');
export const securityGroup = resource('securityGroupId', 'a security group', 'look it up with SecurityGroup.fromSecurityGroupId(…)');
export const stateMachine = resource('stateMachineArn', 'a state machine', 'look it up with StateMachine.fromStateMachineArn(…)');
export const vpc = resource('vpcId', 'a VPC', 'look it up with Vpc.fromLookup(…)');
export const subnetSelection = kindOf(isPlainObject, 'a selection of subnets', 'such as { subnetType: SubnetType.PRIVATE_WITH_EGRESS }');

/** One of the choices of this library, made by a factory of its class. */
export function choice(Choice: { readonly name: string; readonly prototype: object }): RequiredKind {
  const factories = Object.getOwnPropertyNames(Choice).filter((name) => has(Object.getOwnPropertyDescriptor(Choice, name)?.value, 'call'));
  const calls = factories.map((name) => `${Choice.name}.${name}(…)`);
  // By the name too: another copy of this library has another class.
  const isChoice = (value: unknown) => typeof value === 'object' && value !== null && value.constructor?.name === Choice.name;
  return kindOf(isChoice, `made by ${calls.length === 1 ? calls[0] : `a factory of ${Choice.name}`}`, `call ${calls.join(' or ')}`);
}

/** One of the members of an enum. */
export function member(name: string, values: Readonly<Record<string, string | number>>): RequiredKind {
  // An enum of numbers has its names as values too.
  const names = Object.keys(values).filter((candidate) => Number.isNaN(Number(candidate)));
  return kindOf((value) => names.some((candidate) => values[candidate] === value), `a ${name}`, `such as ${name}.${names[0]}`);
}

export function list(kind: Kind): RequiredKind {
  return {
    optional: false,
    check: (what, value) => {
      if (!Array.isArray(value)) throw new InvalidPropError(what, value, 'a list', 'write [ and ] around it');
      value.forEach((entry) => kind.check(`every entry in ${what}`, entry));
    },
  };
}

/** Values by names of the user's own. */
export function map(kind: Kind): RequiredKind {
  return {
    optional: false,
    check: (what, value) => {
      if (!isPlainObject(value)) throw new InvalidPropError(what, value, 'an object', 'write it as { name: value }');
      for (const [name, entry] of Object.entries(value)) kind.check(`${name} in ${what}`, entry);
    },
  };
}

/** Options within options. */
export function nested<T extends object>(kinds: OptionKinds<T>): RequiredKind {
  return { optional: false, check: (what, value) => checkMembers(`the ${what}`, value, kinds) };
}

function kindOf(is: (value: unknown) => boolean, allowed: string, fix: string): RequiredKind {
  return {
    optional: false,
    check: (what, value) => {
      if (!is(value)) throw new InvalidPropError(what, value, allowed, fix);
    },
  };
}

function has(value: unknown, name: string): boolean {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && name in value;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
