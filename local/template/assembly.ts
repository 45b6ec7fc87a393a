import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectObject, expectString, expectText, isObject, JsonObject, JsonValue } from '../json';
import { literally } from '../regular-expression';
import { parseTemplate, Template } from './template';

/** One stack as `cdk synth` wrote it. */
export interface SynthesizedStack {
  readonly stackName: string;
  readonly template: Template;
  /** Parameter values that the assembly itself gives. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Account and region the stack is made for; absent when it fits any. */
  readonly accountId?: string;
  readonly region?: string;
  /** Path of the folder or file behind an object key; the bucket, where given, must be the one the asset is published to. */
  asset(objectKey: string, bucketName?: string): string;
}

/**
 * Reads a stack from the output folder of `cdk synth`: its manifest, template and asset manifest.
 *
 * @param stackName name or artifact id; may be absent when the assembly has only one stack
 */
export function loadStack(cdkOutDir: string, stackName?: string): SynthesizedStack {
  const manifestPath = join(cdkOutDir, 'manifest.json');
  const manifest = readJson(manifestPath);
  if (Array.isArray(manifest.missing) && manifest.missing.length > 0) {
    throw new Error(`${manifestPath}: the synthesis is incomplete, context is missing: ${JSON.stringify(manifest.missing)}`);
  }
  const artifacts = expectObject(manifest.artifacts ?? {}, `${manifestPath}: artifacts`);
  const { id, artifact } = findStack(artifacts, manifestPath, stackName);
  const path = `${manifestPath}: ${id}`;
  const properties = expectObject(artifact.properties ?? {}, `${path}.properties`);
  const templateText = readFileSync(join(cdkOutDir, expectString(properties.templateFile, `${path}.templateFile`)), 'utf8');
  const parameters = Object.entries(expectObject(properties.parameters ?? {}, `${path}.parameters`));
  const environment = parseEnvironment(expectString(artifact.environment, `${path}.environment`), path);
  const assets = assetsOf(cdkOutDir, artifacts, artifact);
  return {
    stackName: nameOf(id, artifact),
    template: parseTemplate(templateText),
    parameters: Object.fromEntries(parameters.map(([name, value]) => [name, expectText(value, `${path}.parameters.${name}`)])),
    ...environment,
    asset: (objectKey, bucketName) => {
      const asset = assets.get(objectKey);
      if (asset === undefined) throw new Error(`${id}: no asset of the assembly has the object key ${objectKey}`);
      if (bucketName !== undefined && !asset.bucketPattern.test(bucketName)) {
        throw new Error(`${id}: asset ${objectKey} is not published to the bucket ${bucketName}`);
      }
      return asset.path;
    },
  };
}

interface Asset {
  readonly path: string;
  readonly bucketPattern: RegExp;
}

function findStack(artifacts: JsonObject, manifestPath: string, wanted?: string): { id: string; artifact: JsonObject } {
  const stacks = Object.entries(artifacts).flatMap(([id, artifact]) => (
    isObject(artifact) && artifact.type === 'aws:cloudformation:stack' ? [{ id, artifact }] : []
  ));
  const names = stacks.map(({ id, artifact }) => nameOf(id, artifact));
  const found = wanted === undefined ? stacks : stacks.filter(({ id }, index) => id === wanted || names[index] === wanted);
  if (found.length !== 1) {
    throw new Error(`${manifestPath}: expected one stack${wanted === undefined ? '' : ` named ${wanted}`}, it has: ${names.join(', ') || 'none'}`);
  }
  return found[0];
}

function nameOf(id: string, artifact: JsonObject): string {
  const properties = isObject(artifact.properties) ? artifact.properties : {};
  return typeof properties.stackName === 'string' ? properties.stackName : id;
}

/** `aws://account/region`, either of which may be `unknown-…`. */
function parseEnvironment(text: string, path: string): { accountId?: string; region?: string } {
  const match = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(text);
  if (match === null) throw new Error(`${path}.environment: expected aws://account/region, got ${text}`);
  const known = (value: string) => (value.startsWith('unknown-') ? undefined : value);
  return { accountId: known(match[1]), region: known(match[2]) };
}

/** The file assets that a stack depends on, by object key. */
function assetsOf(cdkOutDir: string, artifacts: JsonObject, stack: JsonObject): Map<string, Asset> {
  const assets = new Map<string, Asset>();
  const dependencies: JsonValue[] = Array.isArray(stack.dependencies) ? stack.dependencies : [];
  for (const dependency of dependencies) {
    const artifact = typeof dependency === 'string' ? artifacts[dependency] : undefined;
    if (!isObject(artifact) || artifact.type !== 'cdk:asset-manifest') continue;
    const file = expectString(expectObject(artifact.properties, 'asset manifest').file, 'asset manifest: file');
    const manifest = readJson(join(cdkOutDir, file));
    const images = Object.keys(expectObject(manifest.dockerImages ?? {}, `${file}: dockerImages`));
    if (images.length > 0) throw new Error(`${file}: the local cloud does not implement container image assets: ${images.join(', ')}`);
    for (const [id, value] of Object.entries(expectObject(manifest.files ?? {}, `${file}: files`))) {
      for (const [key, asset] of readAsset(cdkOutDir, value, `${file}: ${id}`)) assets.set(key, asset);
    }
  }
  return assets;
}

function readAsset(cdkOutDir: string, value: JsonValue, path: string): [objectKey: string, asset: Asset][] {
  const asset = expectObject(value, path);
  const source = expectObject(asset.source, `${path}.source`);
  if (source.executable !== undefined) throw new Error(`${path}: the local cloud does not run the build command of an asset`);
  const assetPath = join(cdkOutDir, expectString(source.path, `${path}.source.path`));
  if (!existsSync(assetPath)) throw new Error(`${path}: ${assetPath} does not exist`);
  return Object.values(expectObject(asset.destinations, `${path}.destinations`)).map((item) => {
    const destination = expectObject(item, `${path}.destinations`);
    const bucket = expectString(destination.bucketName, `${path}.destinations.bucketName`);
    return [expectString(destination.objectKey, `${path}.destinations.objectKey`), { path: assetPath, bucketPattern: bucketPattern(bucket) }];
  });
}

/** A bucket name in an asset manifest has `${AWS::AccountId}` and the like in it. */
function bucketPattern(bucketName: string): RegExp {
  const literals = bucketName.split(/\$\{[^}]*\}/).map(literally);
  return new RegExp(`^${literals.join('[a-z0-9-]+')}$`);
}

function readJson(path: string): JsonObject {
  const parsed: JsonValue = JSON.parse(readFileSync(path, 'utf8'));
  return expectObject(parsed, path);
}
