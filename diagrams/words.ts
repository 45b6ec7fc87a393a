import { AslDistributedMap, AslMap, AslState, AslTask, AslValue, isDistributed } from '../src/private/synth/asl';

/** Where an execution finds what the Map that started it has put together. */
const BATCHED = '$.Items';

/** Optimised integrations that a reader does not know by their API name. */
const SERVICES: Readonly<Record<string, string>> = { athena: 'Athena', events: 'EventBridge', sns: 'SNS', sqs: 'SQS', states: 'Step Functions' };

/** The comment of a rule, or that of a Choice about its default, as it stands on an arrow. The name of a state, with which it may begin, stays as it is. */
export function ruleInWords(comment: string): string {
  const words = comment.replace(/^Default: /, '');
  return /^[A-Z]\w* [A-Z]/.test(words) ? words : words.charAt(0).toLowerCase() + words.slice(1);
}

/** Without what stands in parentheses or after a colon. */
export function shortWords(words: string): string {
  return words.replace(/ \([^)]*\)|: .*/g, '');
}

export function errorsInWords(names: readonly string[]): string {
  const words = names.map((name) => (name === 'States.ALL' ? 'any error' : wordsOf(name.replace(/^.*\./, '').replace(/Exception$/, ''))));
  return [...new Set(words)].join(', ');
}

/** What a state works with; undefined where its name says all. */
export function detailOf(name: string, state: AslState): string | undefined {
  switch (state.Type) {
    case 'Task': return taskInWords(state);
    case 'Fail': return state.Error === name.replaceAll(' ', '') ? undefined : state.Error;
    case 'Map': return `for every ${itemInWords(state)}, ${state.MaxConcurrency} at once`;
    default: return undefined;
  }
}

/** What an iteration of a Map gets. */
function itemInWords(map: AslMap | AslDistributedMap): string {
  if (isDistributed(map)) return map.ItemBatcher === undefined ? 'batch' : `${map.ItemBatcher.MaxItemsPerBatch} batches`;
  return map.ItemsPath === BATCHED ? 'batch' : 'item';
}

function taskInWords({ Resource, Parameters }: AslTask): string {
  const [service, action] = Resource.split(':').slice(5);
  if (service === 'lambda') return nameOf(Parameters.FunctionName);
  if (service === 'states' && Resource.includes('.sync')) return `runs ${nameOf(Parameters.StateMachineArn)} and waits`;
  if (service === 'states') return `starts ${'StateMachineArn' in Parameters ? nameOf(Parameters.StateMachineArn) : 'this machine again'}`;
  return `${SERVICES[service] ?? service}: ${action}`;
}

/** What an ARN, or the logical id in a reference, is the name of: the id in its construct, without its hash. */
function nameOf(reference: AslValue): string {
  const text = String(reference);
  const own = /^<[A-Z][a-z]+([A-Z]\w*)[0-9A-F]{8}\.Arn>$/.exec(text)?.[1] ?? /:stateMachine:[A-Z][a-z]+([A-Z]\w*)[0-9A-F]{8}$/.exec(text)?.[1];
  const name = own ?? text.split(':').at(-1)?.replaceAll('-', ' ') ?? text;
  return /^<|:function:/.test(text) && own !== undefined ? `${wordsOf(name)} function` : wordsOf(name);
}

/** `NoItemsLeft` as `no items left`. */
function wordsOf(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
