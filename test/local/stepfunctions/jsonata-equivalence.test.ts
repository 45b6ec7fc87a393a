import fc from 'fast-check';
import { newExecution } from './support';
import { JsonObject, JsonValue } from '../../../local/json';
import { TaskFailure } from '../../../local/stepfunctions/interpreter/failure';
import { TaskHandler } from '../../../local/stepfunctions/interpreter/task';

/** Something that has one meaning and two texts: a path of JSONPath, an expression of JSONata. */
interface Twin {
  readonly path: string;
  readonly expression: string;
}

/** A value in a payload template. */
type Value = { readonly literal: JsonValue } | { readonly twin: Twin } | { readonly fields: Readonly<Record<string, Value>> };

/** A state in both languages, without `Next`. */
interface TwinState {
  readonly path: JsonObject;
  readonly jsonata: JsonObject;
  /** Whether the order of its events depends on how long an expression takes. */
  readonly concurrent?: boolean;
}

const inInput = (name: string): Twin => ({ path: `$.${name}`, expression: `$states.input.${name}` });

/** All states hand the members of the input on, so these can be read everywhere. */
const twins: readonly Twin[] = [
  ...['any', 'number', 'text', 'flag', 'list', 'nested.deep', 'extra'].map(inInput),
  { path: '$$.Execution.Name', expression: '$states.context.Execution.Name' },
  { path: '$$.State.Name', expression: '$states.context.State.Name' },
  { path: '$known', expression: '$known' },
];

const literal: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.string(), fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((number) => number + 0), fc.boolean(), fc.constant(null),
  fc.array(fc.integer()), fc.dictionary(fc.string(), fc.integer()),
).filter((given) => !/\{%|\$/.test(JSON.stringify(given)));

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...twins).map((twin) => ({ twin })),
    literal.map((given) => ({ literal: given })),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value')).map((fields) => ({ fields })),
  ),
}));

/** A member of a template of JSONPath. */
function pathMember(name: string, given: Value): readonly [string, JsonValue] {
  if ('twin' in given) return [`${name}.$`, given.twin.path];
  return [name, 'literal' in given ? given.literal : Object.fromEntries(Object.entries(given.fields).map(([inner, item]) => pathMember(inner, item)))];
}

function jsonataValue(given: Value): JsonValue {
  if ('twin' in given) return `{% ${given.twin.expression} %}`;
  if ('literal' in given) return given.literal;
  return Object.fromEntries(Object.entries(given.fields).map(([name, item]) => [name, jsonataValue(item)]));
}

/** The input with `extra` replaced by the result. */
const intoExtra = { path: { ResultPath: '$.extra' }, output: '{% $merge([$states.input, {"extra": $states.result}]) %}' };

const pass = value.map((given): TwinState => ({
  path: { Type: 'Pass', Parameters: Object.fromEntries([pathMember('made', given)]), ResultPath: '$.extra' },
  jsonata: { Type: 'Pass', Output: { ...allOfInput('extra'), extra: { made: jsonataValue(given) } } },
}));

const assign = fc.tuple(value, fc.constantFrom('known', 'other')).map(([given, name]): TwinState => ({
  path: { Type: 'Pass', Assign: Object.fromEntries([pathMember(name, given)]) },
  jsonata: { Type: 'Pass', Assign: { [name]: jsonataValue(given) } },
}));

const work = fc.tuple(value, fc.integer({ min: 1, max: 99 })).map(([given, timeout]): TwinState => ({
  path: { ...taskState, Parameters: Object.fromEntries([pathMember('asked', given)]), TimeoutSecondsPath: '$.number', ...intoExtra.path, HeartbeatSeconds: timeout },
  jsonata: { ...taskState, Arguments: { asked: jsonataValue(given) }, TimeoutSeconds: '{% $states.input.number %}', Output: intoExtra.output, HeartbeatSeconds: timeout },
}));

const taskState = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' };
const retry = [{ ErrorEquals: ['Flaky'], MaxAttempts: 1 }];

const failing = fc.constantFrom('Flaky', 'Fatal').map((error): TwinState => ({
  path: {
    ...taskState,
    Parameters: { error, 'number.$': '$.number' },
    Retry: retry,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.extra', Assign: { 'other.$': '$.Error' }, Next: 'NEXT' }],
  },
  jsonata: {
    ...taskState,
    Arguments: { error, number: '{% $states.input.number %}' },
    Retry: retry,
    Catch: [{
      ErrorEquals: ['States.ALL'], Output: '{% $merge([$states.input, {"extra": $states.errorOutput}]) %}', Assign: { other: '{% $states.errorOutput.Error %}' }, Next: 'NEXT',
    }],
  },
}));

const wait: fc.Arbitrary<TwinState> = fc.constant({
  path: { Type: 'Wait', SecondsPath: '$.number' },
  jsonata: { Type: 'Wait', Seconds: '{% $states.input.number %}' },
});

const conditions: fc.Arbitrary<{ path: JsonObject; expression: string }> = fc.oneof(
  fc.integer({ min: 0, max: 12 }).map((than) => ({ path: { Variable: '$.number', NumericGreaterThan: than }, expression: `$states.input.number > ${than}` })),
  fc.boolean().map((flag) => ({ path: { Variable: '$.flag', BooleanEquals: flag }, expression: `$states.input.flag = ${flag}` })),
  fc.constantFrom('x', 'y').map((text) => ({ path: { Variable: '$.text', StringEquals: text }, expression: `$states.input.text = "${text}"` })),
  fc.constant({ path: { Variable: '$.absent', IsPresent: true }, expression: '$exists($states.input.absent)' }),
);

const choice = fc.tuple(conditions, conditions).map(([first, second]): TwinState => ({
  path: {
    Type: 'Choice',
    Choices: [{ And: [first.path, { Not: second.path }], Assign: { 'other.$': '$.number' }, Next: 'NEXT' }, { Or: [first.path, second.path], Next: 'NEXT' }],
    Assign: { other: 'default' },
    Default: 'NEXT',
  },
  jsonata: {
    Type: 'Choice',
    Choices: [
      { Condition: `{% (${first.expression}) and $not(${second.expression}) %}`, Assign: { other: '{% $states.input.number %}' }, Next: 'NEXT' },
      { Condition: `{% (${first.expression}) or (${second.expression}) %}`, Next: 'NEXT' },
    ],
    Assign: { other: 'default' },
    Default: 'NEXT',
  },
}));

const item = { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } };

const map = value.map((given): TwinState => ({
  path: {
    Type: 'Map',
    ItemsPath: '$.list',
    MaxConcurrencyPath: '$.one',
    ItemProcessor: item,
    ...intoExtra.path,
    ItemSelector: Object.fromEntries([['item.$', '$$.Map.Item.Value'], ['index.$', '$$.Map.Item.Index'], pathMember('with', given)]),
  },
  jsonata: {
    Type: 'Map',
    Items: '{% $states.input.list %}',
    MaxConcurrency: '{% $states.input.one %}',
    ItemProcessor: item,
    Output: intoExtra.output,
    ItemSelector: { item: '{% $states.context.Map.Item.Value %}', index: '{% $states.context.Map.Item.Index %}', with: jsonataValue(given) },
  },
}));

const parallel = fc.array(value, { minLength: 1, maxLength: 3 }).map((branches): TwinState => ({
  path: {
    Type: 'Parallel',
    ...intoExtra.path,
    Branches: branches.map((given, index) => branch(index, { Type: 'Pass', Parameters: Object.fromEntries([pathMember('in', given)]) })),
  },
  jsonata: { Type: 'Parallel', Output: intoExtra.output, Branches: branches.map((given, index) => branch(index, { Type: 'Pass', Output: { in: jsonataValue(given) } })) },
  concurrent: branches.length > 1,
}));

function branch(index: number, state: JsonObject): JsonObject {
  return { StartAt: `B${index}`, States: { [`B${index}`]: { ...state, End: true } } };
}

function allOfInput(but: string): JsonObject {
  const names = ['any', 'number', 'one', 'text', 'flag', 'list', 'nested', 'extra'].filter((name) => name !== but);
  return Object.fromEntries(names.map((name) => [name, `{% $states.input.${name} %}`]));
}

const flow = fc.array(fc.oneof(pass, assign, work, failing, wait, choice, map, parallel), { minLength: 1, maxLength: 6 });

const input = fc.record({
  any: fc.jsonValue(),
  number: fc.integer({ min: 1, max: 10 }),
  one: fc.constant(1),
  text: fc.constantFrom('x', 'y', ''),
  flag: fc.boolean(),
  list: fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 3 }),
  nested: fc.record({ deep: fc.jsonValue({ maxDepth: 2 }) }),
  extra: fc.constant(null),
}).map((made): JsonObject => JSON.parse(JSON.stringify(made)));

/** States one after another; `own` says whether a state names its language itself. */
function machine(states: readonly TwinState[], languages: readonly ('path' | 'jsonata')[], top: JsonObject): JsonObject {
  const linked = [{ path: { Type: 'Pass', Assign: { known: [{ a: 1 }] } }, jsonata: { Type: 'Pass', Assign: { known: [{ a: 1 }] } } }, ...states].map((twin, index) => {
    const language = languages[index % languages.length];
    const next = `S${index + 1}`;
    const state: JsonObject = JSON.parse(JSON.stringify(twin[language]).replaceAll('"NEXT"', `"${next}"`).replace(/"(Item|B\d)"/g, `"S${index}$1"`));
    const inner = language === 'jsonata' && top.QueryLanguage === undefined ? withLanguage(state) : state;
    return [`S${index}`, { ...inner, ...(state.Type === 'Choice' ? {} : { Next: next }) }] as const;
  });
  return { ...top, StartAt: 'S0', States: { ...Object.fromEntries(linked), [`S${linked.length}`]: { Type: 'Succeed' } } };
}

/** In a machine of JSONPath, each state in JSONata says so, also inside others. */
function withLanguage(state: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(state).replaceAll('"Type":', '"QueryLanguage":"JSONata","Type":'));
}

const echo: TaskHandler = async ({ input: asked }) => {
  if (typeof asked === 'object' && asked !== null && 'error' in asked) throw new TaskFailure(String(asked.error), 'as asked');
  return { echoed: asked };
};

async function run(definition: JsonObject, given: JsonObject) {
  const execution = newExecution(definition, { input: given, task: echo, random: () => 0.5, uuid: () => 'id' });
  const result = await execution.run();
  return { result, events: execution.history.events };
}

test('property: the same flow in JSONPath, in JSONata and in a mix of both has the same output and the same events', async () => {
  await fc.assert(fc.asyncProperty(flow, input, fc.array(fc.constantFrom('path' as const, 'jsonata' as const), { minLength: 1 }), async (states, given, mix) => {
    const inPath = await run(machine(states, ['path'], {}), given);
    const others = [await run(machine(states, ['jsonata'], { QueryLanguage: 'JSONata' }), given), await run(machine(states, mix, {}), given)];
    expect(inPath.result.status).toBe('SUCCEEDED');
    for (const { result, events } of others) {
      expect(result).toStrictEqual(inPath.result);
      // The order of events in branches depends on how long expressions take.
      if (states.some(({ concurrent }) => concurrent)) {
        const told = (list: typeof events) => list.map(({ type, details }) => JSON.stringify([type, details])).sort();
        expect(told(events)).toEqual(told(inPath.events));
      } else {
        expect(events).toStrictEqual(inPath.events);
      }
    }
  }), { numRuns: 100 });
});
