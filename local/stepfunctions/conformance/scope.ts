import { isObject, JsonObject, parseJson } from '../../json';

/** What a recording needs. */
interface Needs {
  readonly type?: string;
  readonly queryLanguage?: string;
  readonly definition?: JsonObject;
  readonly steps?: readonly { readonly call: string }[];
  readonly s3?: readonly { readonly body: string }[];
  /** Epoch milliseconds. */
  readonly recorded: number;
}

/** Since then, a file whose JSON is an object is a dataset too. Source: developer guide, "ItemReader", updated on that day. */
const OBJECTS_SINCE = Date.UTC(2025, 8, 11);

interface UnsupportedFeature {
  readonly name: string;
  readonly usedBy: (needs: Needs, definitionText: string) => boolean;
}

/** The one list of what the local cloud does not implement; nothing else is ever skipped. */
const unsupportedFeatures: readonly UnsupportedFeature[] = [
  { name: 'activities', usedBy: (_, text) => /"Resource":"arn:[^"]*:activity:/.test(text) },
  {
    name: 'JSON objects, which AWS refused as a dataset until 2025',
    usedBy: ({ s3 = [], recorded }, text) => recorded < OBJECTS_SINCE && text.includes('"InputType":"JSON"') && s3.some(({ body }) => isObject(parseJson(body))),
  },
  { name: 'tags', usedBy: callsOneOf(/^(TagResource|UntagResource|ListTagsForResource)$/) },
  { name: 'aliases', usedBy: callsOneOf(/StateMachineAlias(es)?$/) },
  { name: 'tests of single states', usedBy: callsOneOf(/^TestState$/) },
];

function callsOneOf(pattern: RegExp): UnsupportedFeature['usedBy'] {
  return ({ steps = [] }) => steps.some(({ call }) => pattern.test(call));
}

/** Why a recording is out of scope; undefined if it is in scope. */
export function outOfScope(needs: Needs): string | undefined {
  const text = JSON.stringify(needs.definition ?? {});
  return unsupportedFeatures.find((feature) => feature.usedBy(needs, text))?.name;
}
