import { JsonObject } from '../../json';

/** What a recording needs. */
interface Needs {
  readonly type?: string;
  readonly queryLanguage?: string;
  readonly definition?: JsonObject;
  readonly steps?: readonly { readonly call: string }[];
}

interface UnsupportedFeature {
  readonly name: string;
  readonly usedBy: (needs: Needs, definitionText: string) => boolean;
}

/** The one list of what the local cloud does not implement; nothing else is ever skipped. */
const unsupportedFeatures: readonly UnsupportedFeature[] = [
  { name: 'JSONata', usedBy: ({ queryLanguage }, text) => queryLanguage === 'JSONata' || text.includes('"QueryLanguage":"JSONata"') },
  { name: 'Express workflows', usedBy: ({ type }) => type === 'EXPRESS' },
  { name: 'activities', usedBy: (_, text) => /"Resource":"arn:[^"]*:activity:/.test(text) },
  { name: 'ResultWriter', usedBy: (_, text) => text.includes('"ResultWriter":') },
  { name: 'task credentials', usedBy: (_, text) => text.includes('"Credentials":') },
  { name: 'activities', usedBy: callsOneOf(/Activit(y|ies|yTask)$/) },
  { name: 'tags', usedBy: callsOneOf(/^(TagResource|UntagResource|ListTagsForResource)$/) },
  { name: 'versions and aliases', usedBy: callsOneOf(/StateMachine(Version|Versions|Alias|Aliases)$/) },
  {
    name: 'changing, deleting and listing state machines',
    usedBy: callsOneOf(/^(UpdateStateMachine|DeleteStateMachine|ListStateMachines|DescribeStateMachineForExecution)$/),
  },
  { name: 'tests of single states', usedBy: callsOneOf(/^(TestState|ValidateStateMachineDefinition)$/) },
];

function callsOneOf(pattern: RegExp): UnsupportedFeature['usedBy'] {
  return ({ steps = [] }) => steps.some(({ call }) => pattern.test(call));
}

/** Why a recording is out of scope; undefined if it is in scope. */
export function outOfScope(needs: Needs): string | undefined {
  const text = JSON.stringify(needs.definition ?? {});
  return unsupportedFeatures.find((feature) => feature.usedBy(needs, text))?.name;
}
