/**
 * What kind of value each option takes. The compilers of typed languages know that already; plain JavaScript, and a value of type `any`, would end in a
 * TypeError somewhere inside, or in a wrong template.
 */
import { Construct } from 'constructs';
import { ejsonTextOf, isoText, isPlain } from './ejson-text';
import { InvalidPropError } from './validation';

/** Refuses a value of another kind. */
export interface Kind {
  readonly optional: boolean;
  /** In messages. */
  readonly allowed: string;
  /** The way out where nothing was given. */
  readonly ifMissing: string;
  accepts(value: unknown): boolean;
  check(what: string, value: unknown): void;
}

/** Kinds of options by their names, whatever has these options. */
type NamedKinds = Readonly<Record<string, Kind>>;

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

function checkMembers(of: string, given: unknown, kinds: NamedKinds): void {
  if (!isOptions(given, kinds)) {
    throw new InvalidPropError(of === '' ? 'props' : `the options of ${of}`, given, 'an object that names them', `write them as ${withNames(given, kinds)}`);
  }
  for (const [name, kind] of Object.entries(kinds)) {
    const value = given[name];
    if (value === undefined && kind.optional) continue;
    const what = of === '' ? name : `${name} of ${of}`;
    if (value === null && kind.optional) throw new InvalidPropError(what, null, 'left out, or a value', 'leave it out for the default');
    if (value === undefined) throw new InvalidPropError(what, value, kind.allowed, kind.ifMissing);
    kind.check(what, value);
  }
}

/** Whether the value is no option itself, which would be taken for options that are all left out: a construct, or an instance that has none of them. */
function isOptions(value: unknown, kinds: NamedKinds): value is Readonly<Record<string, unknown>> {
  return isPlainObject(value) || (isObject(value) && !Construct.isConstruct(value) && Object.keys(kinds).some((name) => name in value));
}

/** How options are written that a value was given in place of, as far as that is known. */
function withNames(value: unknown, kinds: NamedKinds): string {
  const meant = optionFor(value, kinds);
  const required = Object.keys(kinds).filter((name) => !kinds[name].optional);
  const names = new Set(meant === undefined ? required : [meant, ...required]);
  const members = [...names].map((name) => `${name}: ${name === meant ? literal(value) : '…'}`);
  return `{ ${members.length === 0 ? 'name: value' : members.join(', ')} }`;
}

/** The option that takes the value. */
function optionFor(value: unknown, kinds: NamedKinds): string | undefined {
  const fitting = Object.keys(kinds).filter((name) => kinds[name].accepts(value));
  return fitting.find((name) => !kinds[name].optional) ?? fitting[0];
}

function literal(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  return typeof value === 'string' ? `'${value}'` : '…';
}

/** An option that may be left out. */
export function optional(kind: Kind): OptionalKind {
  return { ...kind, optional: true };
}

/** The way out where the way to write a value is none. */
const NO_DEFAULT = 'it has no default, so it must be given';

export const text = kindOf((value) => typeof value === 'string', 'a text', textFix, NO_DEFAULT);
export const ejson = kindOf((value) => typeof value === 'string', 'a text of EJSON', ejsonFix, NO_DEFAULT);
export const number = kindOf((value) => typeof value === 'number', 'a number', 'write only digits, without quotes', NO_DEFAULT);
export const mebibytes = kindOf((value) => typeof value === 'number', 'a number of MiB', 'write only digits, without quotes, as in 512', NO_DEFAULT);
export const flag = kindOf((value) => typeof value === 'boolean', 'true or false', 'write one of these words, without quotes', NO_DEFAULT);
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
export const subnetSelection = kindOf((value) => isObject(value) && !Construct.isConstruct(value), 'a selection of subnets', 'such as { subnetType: SubnetType.PRIVATE_WITH_EGRESS }');

/**
 * One of the choices of this library, made by a factory of its class.
 *
 * @param kinds of the options of factories, by which a value tells that it was meant as one of them
 */
export function choice(
  Choice: { readonly name: string; readonly prototype: object }, kinds: Readonly<Record<string, NamedKinds>> = {},
): RequiredKind {
  const factories = Object.getOwnPropertyNames(Choice).filter((name) => has(Object.getOwnPropertyDescriptor(Choice, name)?.value, 'call'));
  const calls = factories.map((name) => `${Choice.name}.${name}(…)`);
  // By the name too: another copy of this library has another class.
  const isChoice = (value: unknown) => typeof value === 'object' && value !== null && value.constructor?.name === Choice.name;
  const callsWith = (value: unknown) => Object.entries(kinds)
    // A text fits too much to tell anything.
    .filter(([, options]) => typeof value !== 'string' && optionFor(value, options) !== undefined)
    .map(([name, options]) => `${Choice.name}.${name}(${withNames(value, options)})`);
  const fix = (value: unknown) => {
    const meant = callsWith(value);
    return `call ${(meant.length > 0 ? meant : calls).join(' or ')}`;
  };
  return kindOf(isChoice, `made by ${calls.length === 1 ? calls[0] : `a factory of ${Choice.name}`}`, fix);
}

/** One of the members of an enum. */
export function member(name: string, values: Readonly<Record<string, string | number>>): RequiredKind {
  // An enum of numbers has its names as values too.
  const names = Object.keys(values).filter((candidate) => Number.isNaN(Number(candidate)));
  const article = /^[AEIOU]/.test(name) ? 'an' : 'a';
  return kindOf((value) => names.some((candidate) => values[candidate] === value), `${article} ${name}`, `such as ${name}.${names[0]}`);
}

export function list(kind: Kind): RequiredKind {
  const isList = kindOf(Array.isArray, 'a list', 'write [ and ] around it', NO_DEFAULT);
  return {
    ...isList,
    accepts: (value) => Array.isArray(value) && value.every((entry) => kind.accepts(entry)),
    check: (what, value) => {
      isList.check(what, value);
      if (Array.isArray(value)) value.forEach((entry) => kind.check(`every entry in ${what}`, entry));
    },
  };
}

/** Values by names of the user's own. */
export function map(kind: Kind): RequiredKind {
  const isMap = kindOf(isPlainObject, 'an object', 'write it as { name: value }');
  return {
    ...isMap,
    accepts: (value) => isPlainObject(value) && Object.values(value).every((entry) => kind.accepts(entry)),
    check: (what, value) => {
      isMap.check(what, value);
      if (isPlainObject(value)) for (const [name, entry] of Object.entries(value)) kind.check(`${name} in ${what}`, entry);
    },
  };
}

/** Options within options. */
export function nested<T extends object>(kinds: OptionKinds<T>): RequiredKind {
  const isNested = kindOf((value) => isOptions(value, kinds), 'an object that names them', `write them as ${withNames(undefined, kinds)}`);
  return { ...isNested, check: (what, value) => checkMembers(`the ${what}`, value, kinds) };
}

/** @param fix the way out of a value of another kind, which may depend on it */
function kindOf(is: (value: unknown) => boolean, allowed: string, fix: string | ((value: unknown) => string), ifMissing?: string): RequiredKind {
  const fixOf = typeof fix === 'string' ? () => fix : fix;
  return {
    optional: false,
    allowed,
    ifMissing: ifMissing ?? fixOf(undefined),
    accepts: is,
    check: (what, value) => {
      if (!is(value)) throw new InvalidPropError(what, value, allowed, fixOf(value));
    },
  };
}

function textFix(value: unknown): string {
  const isDate = value instanceof Date && !Number.isNaN(value.getTime());
  return isDate ? `write it as the text '${isoText(value)}'` : 'put it in quotes';
}

function ejsonFix(value: unknown): string {
  const ejsonText = ejsonTextOf(value);
  return ejsonText === undefined ? 'put it in quotes' : `write it as the text '${ejsonText}'`;
}

function has(value: unknown, name: string): boolean {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && name in value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && isPlain(value);
}
