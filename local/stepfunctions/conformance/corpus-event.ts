import { isObject, JsonObject, JsonValue } from '../../json';

/** Members of event details that are JSON texts. */
const texts: readonly string[] = ['input', 'output', 'parameters'];
/** Members that most recordings lack; they are compared where a recording has them. */
const seldomRecorded: readonly string[] = ['timestamp', 'inputDetails', 'outputDetails', 'assignedVariablesDetails', 'roleArn', 'region', 'redriveCount'];

/** An event of GetExecutionHistory in the form of the corpus. */
export function toCorpusEvent(event: JsonObject): JsonObject {
  const { id, previousEventId, type, timestamp, ...rest } = event;
  const [details = {}] = Object.values(rest).filter(isObject);
  const members = Object.entries(details).map(([name, value]) => toCorpusMember(name, value));
  return { id, previousEventId, type, timestamp, ...Object.fromEntries(members) };
}

/** An event as far as a recording of it goes. */
export function asFarAsRecorded(actual: JsonObject, recorded: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(actual).filter(([name]) => !seldomRecorded.includes(name) || recorded[name] !== undefined));
}

function toCorpusMember(name: string, value: JsonValue): readonly [string, JsonValue] {
  if (name === 'name') return ['state', value];
  if (texts.includes(name) && typeof value === 'string') return [name, JSON.parse(value)];
  if (name === 'assignedVariables' && isObject(value)) {
    return [name, Object.fromEntries(Object.entries(value).map(([variable, text]) => [variable, JSON.parse(String(text))]))];
  }
  return [name, value];
}
