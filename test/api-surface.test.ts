/**
 * What every user of every language meets: read from the assembly that jsii wrote, so it says nothing about code that was not compiled yet.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Docs {
  readonly summary?: string;
  readonly default?: string;
}
interface TypeReference {
  readonly primitive?: string;
  readonly fqn?: string;
  readonly union?: unknown;
  readonly collection?: { readonly elementtype: TypeReference };
}
interface Parameter {
  readonly name: string;
  readonly type: TypeReference;
  readonly optional?: boolean;
}
interface Member {
  readonly name: string;
  readonly docs?: Docs;
  readonly type?: TypeReference;
  readonly optional?: boolean;
  readonly overrides?: string;
  readonly parameters?: readonly Parameter[];
  readonly returns?: { readonly type: TypeReference };
}
interface ApiType {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'interface' | 'enum';
  readonly datatype?: boolean;
  readonly docs?: Docs;
  readonly initializer?: { readonly parameters?: readonly Parameter[] };
  readonly properties?: readonly Member[];
  readonly methods?: readonly Member[];
  readonly members?: readonly Member[];
}

const ASSEMBLY = join(__dirname, '..', '.jsii');
const compiled = existsSync(ASSEMBLY);
if (!compiled) process.stderr.write('The API surface is not tested: there is no .jsii yet, compile first.\n');

const types: ApiType[] = compiled ? Object.values(JSON.parse(readFileSync(ASSEMBLY, 'utf8')).types) : [];
const members = types.flatMap((type) => {
  const { properties = [], methods = [], members: values = [] } = type;
  return [...properties, ...methods, ...values].map((member) => ({ type, member }));
});
const nameOf = ({ type, member }: { type: ApiType; member: { name: string } }) => `${type.name}.${member.name}`;

/** Words that a member cannot have as its name in one of the languages, or only in disguise. */
const KEYWORDS = new Set([
  // Python
  'and', 'as', 'assert', 'async', 'await', 'def', 'del', 'elif', 'except', 'exec', 'finally', 'from', 'global', 'in', 'is', 'lambda', 'nonlocal', 'not', 'or', 'pass',
  'print', 'raise', 'with', 'yield', 'self',
  // Java
  'abstract', 'assert', 'boolean', 'byte', 'catch', 'char', 'class', 'enum', 'extends', 'final', 'implements', 'import', 'instanceof', 'int', 'native', 'package',
  'private', 'protected', 'public', 'short', 'static', 'super', 'synchronized', 'this', 'throw', 'throws', 'transient', 'try', 'void', 'volatile',
  // C#
  'base', 'bool', 'checked', 'decimal', 'delegate', 'double', 'event', 'explicit', 'extern', 'false', 'fixed', 'float', 'foreach', 'implicit', 'internal', 'lock', 'long',
  'namespace', 'null', 'object', 'operator', 'out', 'override', 'params', 'readonly', 'ref', 'sbyte', 'sealed', 'sizeof', 'stackalloc', 'string', 'struct', 'switch',
  'true', 'typeof', 'uint', 'ulong', 'unchecked', 'unsafe', 'ushort', 'using', 'virtual', 'while',
  // Go
  'break', 'case', 'chan', 'const', 'continue', 'default', 'defer', 'do', 'else', 'error', 'fallthrough', 'for', 'func', 'go', 'goto', 'if', 'int32', 'int64',
  'interface', 'map', 'new', 'range', 'return', 'select', 'type', 'var',
]);

function isVague({ primitive, union, collection }: TypeReference): boolean {
  return primitive === 'any' || primitive === 'json' || union !== undefined || (collection !== undefined && isVague(collection.elementtype));
}

(compiled ? describe : describe.skip)('the API as jsii has it', () => {
  test('is what index.ts exports', () => {
    expect(types.map(({ name }) => name)).toEqual(expect.arrayContaining([
      'AsyncAthenaQueryApi', 'AsyncAthenaQueryApiProps', 'QueryCompletion', 'CallbackPolicy', 'PagedBatchEtl', 'PagedBatchEtlProps', 'PageSource', 'ItemProcessor',
      'MongoFilter', 'RunParameter', 'RunContinuation', 'RunWindow',
    ]));
  });

  test('every optional property of a struct tells its default', () => {
    const optional = members.filter(({ type, member }) => type.datatype && member.optional);
    expect(optional.length).toBeGreaterThan(20);
    const tells = (text?: string) => text !== undefined && !/^(-?\s*(undefined|none))?$/.test(text);
    expect(optional.filter(({ member }) => !tells(member.docs?.default)).map(nameOf)).toEqual([]);
  });

  test('every type and member is documented', () => {
    expect(types.filter(({ docs }) => !docs?.summary).map(({ name }) => name)).toEqual([]);
    expect(members.filter(({ member }) => !member.docs?.summary && member.overrides === undefined).map(nameOf)).toEqual([]);
  });

  test('nothing is any, a union or bare JSON', () => {
    const vague = members.filter(({ member }) => [member.type, member.returns?.type, ...(member.parameters ?? []).map(({ type }) => type)]
      .some((type) => type !== undefined && isVague(type)));
    const constructors = types.filter(({ initializer }) => initializer?.parameters?.some(({ type }) => isVague(type)));
    expect([...vague.map(nameOf), ...constructors.map(({ name }) => name)]).toEqual([]);
  });

  test('no name is a keyword of a language', () => {
    const parameters = members.flatMap(({ type, member }) => (member.parameters ?? []).map((parameter) => ({ type, member: parameter })));
    expect([...members, ...parameters].filter(({ member }) => KEYWORDS.has(member.name)).map(nameOf)).toEqual([]);
  });

  test('no member is called like its class, which C# refuses', () => {
    expect(members.filter(({ type, member }) => member.name.toLowerCase() === type.name.toLowerCase()).map(nameOf)).toEqual([]);
  });

  test.each([['AsyncAthenaQueryApi', [false, false, true]], ['PagedBatchEtl', [false, false, false]]])(
    '%s takes scope, id and props, which may be left out only where all are optional', (construct, optional) => {
      const { parameters = [] } = types.find(({ name }) => name === construct)?.initializer ?? {};
      expect(parameters.map(({ name }) => name)).toEqual(['scope', 'id', 'props']);
      expect(parameters.map((parameter) => parameter.optional ?? false)).toEqual(optional);
    },
  );

  test('no CloudFormation type is exposed', () => {
    const exposed = members.filter(({ member }) => /\.Cfn[A-Z]/.test(member.type?.fqn ?? member.returns?.type.fqn ?? ''));
    expect(exposed.map(nameOf)).toEqual([]);
  });
});
