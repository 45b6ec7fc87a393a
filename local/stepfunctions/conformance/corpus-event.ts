import { isObject, JsonObject, JsonValue } from '../../json';

/** Members of event details that are JSON texts. */
const texts: readonly string[] = ['input', 'output', 'parameters'];
/** Members that the corpus leaves out everywhere. */
const leftOut: readonly string[] = ['inputDetails', 'outputDetails', 'assignedVariablesDetails', 'roleArn', 'region', 'redriveCount'];

/** An event of GetExecutionHistory in the form of the corpus. */
export function toCorpusEvent(event: JsonObject): JsonObject {
  const { id, previousEventId, type, timestamp, ...rest } = event;
  const [details = {}] = Object.values(rest).filter(isObject);
  const members = Object.entries(details).filter(([name]) => !leftOut.includes(name)).map(([name, value]) => toCorpusMember(name, value));
  return { id, previousEventId, type, ...Object.fromEntries(members) };
}

function toCorpusMember(name: string, value: JsonValue): readonly [string, JsonValue] {
  if (name === 'name') return ['state', value];
  if (texts.includes(name) && typeof value === 'string') return [name, JSON.parse(value)];
  if (name === 'assignedVariables' && isObject(value)) {
    return [name, Object.fromEntries(Object.entries(value).map(([variable, text]) => [variable, JSON.parse(String(text))]))];
  }
  return [name, value];
}
