import { memberOf, JsonObject, JsonValue, isObject } from '../../../json';
import { DefinitionFault, fault } from '../fault';
import { both, checkFields, checkObject, Field, inside, object, Place, QueryLanguage, Rule, Table, typeFault, WorkflowType } from '../table';
import { MAX_COUNT, namedOneOf, oneOf, text, whole } from '../values';
import { stateTables } from './states';

/** In the order in which AWS names them. */
const kinds = ['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice', 'Parallel', 'Map'];

/** Longest name of a state. Source: developer guide, quotas. */
const MAX_NAME_LENGTH = 80;

const graph: Readonly<Record<string, Field>> = { Comment: both(text), StartAt: both(text), States: both(states) };
const required = ['States', 'StartAt'];

export const machineTable: Table = {
  required,
  fields: {
    ...graph,
    QueryLanguage: both(oneOf('JSONPath', 'JSONata')),
    // Zero was measured on AWS, against the developer guide.
    TimeoutSeconds: both(whole(0, MAX_COUNT)),
    Version: both(oneOf('1.0')),
  },
};

const tables = stateTables({ branch: inMachineLanguage(object({ required, fields: graph })), processor });

const processorConfig: Table = {
  fields: { Mode: both(oneOf('INLINE', 'DISTRIBUTED')), ExecutionType: both(oneOf('STANDARD', 'EXPRESS')) },
  * also(config, place) {
    const distributed = config.Mode === 'DISTRIBUTED';
    if (distributed && config.ExecutionType === undefined) yield fault('These fields are required: [ExecutionType]', place.pointer);
    if (!distributed && config.ExecutionType !== undefined) yield fault('Field \'ExecutionType\' is not supported', place.pointer);
    if (distributed && place.type === 'EXPRESS') {
      yield fault('The field \'Mode\' with value \'DISTRIBUTED\' is not supported inside \'EXPRESS\' state machines', inside(place, 'Mode').pointer);
    }
  },
};

/** The states that a Map runs for each item. */
function processor(value: JsonValue, place: Place): ReturnType<Rule> {
  const config = object(processorConfig);
  // What runs inside keeps to the rules of the executions that it runs in; how these are made does not.
  const outside: Rule = (inner, at) => config(inner, { ...at, type: place.type });
  const table = { required, fields: { ...graph, ProcessorConfig: both(outside) } };
  return inMachineLanguage(object(table))(value, { ...place, type: childType(value) ?? place.type });
}

function childType(graphOfMap: JsonValue): WorkflowType | undefined {
  const config = memberOf(graphOfMap, 'ProcessorConfig');
  if (memberOf(config, 'Mode') !== 'DISTRIBUTED') return undefined;
  return memberOf(config, 'ExecutionType') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
}

/** States take the language of the state machine, not that of the state they are in. */
function inMachineLanguage(rule: Rule): Rule {
  return (value, place) => rule(value, { ...place, language: place.machineLanguage });
}

function* states(value: JsonValue, place: Place): Generator<DefinitionFault> {
  if (!isObject(value)) return yield typeFault('[OBJECT]', place);
  if (Object.keys(value).length === 0) yield fault('Value cannot be empty', place.pointer);
  for (const [name, state] of Object.entries(value)) {
    const at = inside(place, name);
    if (name.length > MAX_NAME_LENGTH) {
      const message = `Invalid State name: State '${name}' exceeds the ${MAX_NAME_LENGTH}-character limit allowed by the service`;
      yield { code: 'INVALID_STATE_NAME', message, pointer: at.pointer };
    }
    yield* isObject(state) ? checkState(state, at) : [typeFault('[OBJECT]', at)];
  }
}

function* checkState(state: JsonObject, place: Place): Generator<DefinitionFault> {
  const { Type: kind } = state;
  if (kind === undefined) return yield fault('These fields are required: [Type]', place.pointer);
  if (typeof kind !== 'string' || !Object.hasOwn(tables, kind)) return yield* namedOneOf('Type', ...kinds)(kind, inside(place, 'Type'));
  const language = languageOf(state, place.language);
  if (place.machineLanguage === 'JSONata' && language === 'JSONPath') {
    yield fault('\'QueryLanguage\' can not be \'JSONPath\' if set to \'JSONata\' for whole state machine', place.pointer);
    // AWS goes on, but does not say which fields that language has.
    return yield* checkFields(state, { ...place, language }, tables[kind]);
  }
  yield* checkObject(state, { ...place, language }, tables[kind]);
}

/** What names no language has that of its surroundings; whatever else stands there, AWS goes on as with JSONata. */
export function languageOf({ QueryLanguage: named }: JsonObject, otherwise: QueryLanguage): QueryLanguage {
  if (named === undefined) return otherwise;
  return named === 'JSONPath' ? 'JSONPath' : 'JSONata';
}
