import { isObject, JsonObject, JsonValue, parseJson } from '../json';
import { MetricName } from './metric-store';
import { UNITS } from './units';

/** One value of a metric, found in a log line. */
export interface EmbeddedValue {
  readonly metric: MetricName;
  readonly value: number;
  readonly unit: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
}

/** What a log line holds in the embedded metric format. */
export interface EmbeddedMetrics {
  readonly values: readonly EmbeddedValue[];
  /** What in it CloudWatch passes over in silence, and why. */
  readonly ignored: readonly string[];
}

/** Limits, from the embedded metric format specification in the CloudWatch user guide. */
const MAX_METRICS = 100;
const MAX_VALUES = 100;
const MAX_DIMENSIONS = 30;

/** Data may be two weeks old, and two hours ahead. Source: the same guide, "Publish custom metrics". */
const OLDEST = 14 * 86_400_000;
const NEWEST = 2 * 3_600_000;

/**
 * Reads a log line. It must be one JSON object as a whole, as the specification says: what a runtime puts before or around it hides the
 * metrics. A line without `_aws` has none.
 */
export function readEmbeddedMetrics(line: string, now: number): EmbeddedMetrics {
  if (!line.includes('"_aws"')) return { values: [], ignored: [] };
  const root = parseJson(line);
  if (!isObject(root)) return refused('the line is not one JSON object as a whole');
  const metadata = root._aws;
  if (metadata === undefined) return refused('_aws is not a member of the line itself');
  if (!isObject(metadata) || !Array.isArray(metadata.CloudWatchMetrics)) return refused('_aws.CloudWatchMetrics is not a list');
  const { Timestamp: timestamp } = metadata;
  if (typeof timestamp !== 'number' || !Number.isInteger(timestamp)) return refused('_aws.Timestamp is not a whole number of milliseconds');
  if (timestamp < now - OLDEST || timestamp > now + NEWEST) return refused(`_aws.Timestamp ${timestamp} is more than two weeks old or two hours ahead`);
  const results = metadata.CloudWatchMetrics.map((directive) => readDirective(directive, root, timestamp));
  return { values: results.flatMap(({ values }) => values), ignored: results.flatMap(({ ignored }) => ignored) };
}

function readDirective(directive: JsonValue, root: JsonObject, timestamp: number): EmbeddedMetrics {
  if (!isObject(directive)) return refused('a directive is not an object');
  const { Namespace: namespace, Dimensions: dimensionSets, Metrics: definitions } = directive;
  if (typeof namespace !== 'string' || namespace.length < 1 || namespace.length > 1024) return refused('Namespace is not a text of 1 to 1,024 characters');
  if (!Array.isArray(dimensionSets) || !Array.isArray(definitions)) return refused(`${namespace}: Dimensions and Metrics must be lists`);
  if (definitions.length > MAX_METRICS) return refused(`${namespace}: ${definitions.length} metrics, ${MAX_METRICS} are allowed`);
  const ignored: string[] = [];
  const values: EmbeddedValue[] = [];
  for (const set of dimensionSets) {
    const dimensions = readDimensions(set, root);
    if (dimensions === undefined) {
      ignored.push(`${namespace}: the dimension set ${JSON.stringify(set)} is not a list of up to ${MAX_DIMENSIONS} members with texts`);
      continue;
    }
    for (const definition of definitions) {
      const read = readMetric(definition, root);
      if (typeof read === 'string') ignored.push(`${namespace}: ${read}`);
      else values.push(...read.values.map((value) => ({ metric: { namespace, name: read.name, dimensions }, value, unit: read.unit, timestamp })));
    }
  }
  return { values, ignored: [...new Set(ignored)] };
}

function readDimensions(set: JsonValue, root: JsonObject): Record<string, string> | undefined {
  if (!Array.isArray(set) || set.length > MAX_DIMENSIONS) return undefined;
  const dimensions: Record<string, string> = {};
  for (const name of set) {
    const value = typeof name === 'string' && Object.hasOwn(root, name) ? root[name] : undefined;
    if (typeof name !== 'string' || typeof value !== 'string' || value === '' || value.length > 1024) return undefined;
    dimensions[name] = value;
  }
  return dimensions;
}

/** A metric, or what is wrong with it. */
function readMetric(definition: JsonValue, root: JsonObject): { name: string; unit: string; values: number[] } | string {
  if (!isObject(definition) || typeof definition.Name !== 'string') return 'a metric without a name';
  const { Name: name, Unit: unit = 'None', StorageResolution: resolution = 60 } = definition;
  if (typeof unit !== 'string' || !UNITS.includes(unit)) return `${name} has the unit ${JSON.stringify(unit)}`;
  if (resolution !== 1 && resolution !== 60) return `${name} has the resolution ${JSON.stringify(resolution)}`;
  const given = Object.hasOwn(root, name) ? [root[name]].flat() : [];
  const values = given.filter((value) => typeof value === 'number');
  if (given.length === 0 || values.length !== given.length) return `${name} is not a number or a list of numbers`;
  if (values.length > MAX_VALUES) return `${name} has ${values.length} values, ${MAX_VALUES} are allowed`;
  return { name, unit, values };
}

function refused(reason: string): EmbeddedMetrics {
  return { values: [], ignored: [reason] };
}
