import { expectKeys, expectList, expectObject, expectString, expectText, JsonObject, JsonValue } from '../json';

const ATTRIBUTES = [
  'Type', 'Default', 'Description', 'NoEcho', 'ConstraintDescription',
  'AllowedValues', 'AllowedPattern', 'MinLength', 'MaxLength', 'MinValue', 'MaxValue',
];

/** A parameter whose value is not given but looked up when the stack is deployed. */
const LOOKED_UP = 'AWS::SSM::Parameter::Value<';

/**
 * The value of every parameter: what is given, else its default, checked as CloudFormation checks it.
 * Those looked up in Parameter Store have none: a reference to one is an error.
 */
export function parameterValues(declared: JsonObject, given: Readonly<Record<string, string>>): ReadonlyMap<string, JsonValue> {
  const unknown = Object.keys(given).filter((name) => declared[name] === undefined);
  if (unknown.length > 0) throw new Error(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const values = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(declared)) {
    const path = `Parameters.${name}`;
    const parameter = expectObject(value, path);
    expectKeys(parameter, ATTRIBUTES, path);
    const type = expectString(parameter.Type, `${path}.Type`);
    if (type.startsWith(LOOKED_UP)) continue;
    const raw = given[name] ?? (parameter.Default === undefined ? undefined : expectText(parameter.Default, `${path}.Default`));
    if (raw === undefined) throw new Error(`Parameters: [${name}] must have values`);
    values.set(name, typedValue(type, raw, parameter, path));
  }
  return values;
}

function typedValue(type: string, raw: string, parameter: JsonObject, path: string): JsonValue {
  const items = () => raw.split(',').map((item) => item.trim());
  switch (type) {
    case 'String':
      assertConstraints(raw, parameter, path);
      return raw;
    case 'Number':
      assertNumber(raw, path);
      assertConstraints(raw, parameter, path);
      return raw;
    case 'List<Number>':
      items().forEach((item) => assertNumber(item, path));
      return items();
    case 'CommaDelimitedList':
      items().forEach((item) => assertConstraints(item, parameter, path));
      return items();
    default:
      throw new Error(`${path}.Type: the local cloud does not implement ${type}`);
  }
}

function assertNumber(raw: string, path: string): void {
  if (raw.trim() === '' || !Number.isFinite(Number(raw))) throw new Error(`${path}: expected a number, got "${raw}"`);
}

function assertConstraints(raw: string, parameter: JsonObject, path: string): void {
  const limit = (name: string, absent: number) => (parameter[name] === undefined ? absent : Number(expectText(parameter[name], `${path}.${name}`)));
  const fail = (constraint: string): never => {
    throw new Error(`${path}: "${raw}" does not meet ${constraint}`);
  };
  const allowed = parameter.AllowedValues;
  if (allowed !== undefined && !expectList(allowed, path).some((value) => expectText(value, path) === raw)) fail('AllowedValues');
  if (raw.length < limit('MinLength', 0) || raw.length > limit('MaxLength', Infinity)) fail('MinLength and MaxLength');
  if (Number(raw) < limit('MinValue', -Infinity) || Number(raw) > limit('MaxValue', Infinity)) fail('MinValue and MaxValue');
  const pattern = parameter.AllowedPattern;
  if (pattern !== undefined && !new RegExp(`^(?:${expectString(pattern, path)})$`).test(raw)) fail('AllowedPattern');
}
