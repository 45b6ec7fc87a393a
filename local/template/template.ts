import { expectKeys, expectList, expectObject, expectString, isObject, JsonObject, JsonValue } from '../json';

/** A CloudFormation template, its structure checked, its intrinsic functions not yet evaluated. */
export interface Template {
  readonly parameters: JsonObject;
  readonly mappings: JsonObject;
  readonly conditions: JsonObject;
  readonly rules: JsonObject;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, TemplateOutput>>;
}

export interface TemplateResource {
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  /** What becomes of the resource when its stack no longer has it. */
  readonly deletionPolicy: DeletionPolicy;
  /** What becomes of it when another one replaces it. */
  readonly updateReplacePolicy: DeletionPolicy;
}

export type DeletionPolicy = typeof DELETION_POLICIES[number];

export interface TemplateOutput {
  readonly value: JsonValue;
  readonly exportName?: JsonValue;
  readonly condition?: string;
}

/** Limits of CloudFormation, from its quotas page: bytes of a template in S3 (1 MB), and entries of each section. */
const MAX_TEMPLATE_BYTES = 1_000_000;
const MAX_ENTRIES = { Parameters: 200, Mappings: 200, Resources: 500, Outputs: 200 } as const;

const DELETION_POLICIES = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'] as const;

/** Reads the text of a template. What the local cloud does not implement, and what CloudFormation would refuse, is an error. */
export function parseTemplate(text: string): Template {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_TEMPLATE_BYTES) throw new Error(`Template: ${bytes} bytes, CloudFormation takes at most ${MAX_TEMPLATE_BYTES}`);
  const parsed: JsonValue = JSON.parse(text);
  const template = expectObject(parsed, 'Template');
  const known = ['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Mappings', 'Conditions', 'Rules', 'Resources', 'Outputs'];
  expectKeys(template, known, 'Template');
  const section = (name: string) => expectObject(template[name] ?? {}, name);
  for (const [name, most] of Object.entries(MAX_ENTRIES)) {
    const entries = Object.keys(section(name));
    if (entries.length > most) throw new Error(`${name}: ${entries.length} entries, CloudFormation takes at most ${most}`);
    entries.forEach((entry) => assertLogicalId(entry, name));
  }
  if (Object.keys(section('Resources')).length === 0) throw new Error('Template format error: At least one Resources member must be defined.');
  return {
    parameters: section('Parameters'),
    mappings: section('Mappings'),
    conditions: section('Conditions'),
    rules: section('Rules'),
    resources: mapEntries(section('Resources'), (value, id) => parseResource(value, `Resources.${id}`)),
    outputs: mapEntries(section('Outputs'), (value, id) => parseOutput(value, `Outputs.${id}`)),
  };
}

function parseResource(value: JsonValue, path: string): TemplateResource {
  const resource = expectObject(value, path);
  expectKeys(resource, ['Type', 'Properties', 'DependsOn', 'Condition', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'], path);
  const policy = (name: string): DeletionPolicy => {
    const given = resource[name] ?? 'Delete';
    const known = DELETION_POLICIES.find((candidate) => candidate === given);
    if (known === undefined) throw new Error(`${path}.${name}: expected one of ${DELETION_POLICIES.join(', ')}, got ${JSON.stringify(given)}`);
    return known;
  };
  return {
    type: expectString(resource.Type, `${path}.Type`),
    properties: expectObject(resource.Properties ?? {}, `${path}.Properties`),
    dependsOn: parseDependsOn(resource.DependsOn, `${path}.DependsOn`),
    condition: resource.Condition === undefined ? undefined : expectString(resource.Condition, `${path}.Condition`),
    deletionPolicy: policy('DeletionPolicy'),
    updateReplacePolicy: policy('UpdateReplacePolicy'),
  };
}

function parseDependsOn(value: JsonValue | undefined, path: string): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  return expectList(value, path).map((item, index) => expectString(item, `${path}[${index}]`));
}

function parseOutput(value: JsonValue, path: string): TemplateOutput {
  const output = expectObject(value, path);
  expectKeys(output, ['Value', 'Description', 'Export', 'Condition'], path);
  if (output.Value === undefined) throw new Error(`${path}: every output needs a Value`);
  if (output.Export !== undefined && !isObject(output.Export)) throw new Error(`${path}.Export: expected an object with a Name`);
  if (output.Export !== undefined) expectKeys(output.Export, ['Name'], `${path}.Export`);
  return {
    value: output.Value,
    exportName: output.Export?.Name,
    condition: output.Condition === undefined ? undefined : expectString(output.Condition, `${path}.Condition`),
  };
}

function assertLogicalId(id: string, section: string): void {
  if (!/^[A-Za-z0-9]{1,255}$/.test(id)) throw new Error(`${section}.${id}: a logical id is 1 to 255 letters and digits`);
}

function mapEntries<T>(section: JsonObject, parse: (value: JsonValue, id: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(section).map(([id, value]) => [id, parse(value, id)]));
}
