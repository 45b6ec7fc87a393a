import { MAP_CALLS, OPTIMIZED_ACTIONS, OptimizedAction } from './optimized-actions';
import { SdkModel } from './sdk-model';
import { SDK_MODELS } from './sdk-models.generated';
import { isObject, JsonObject, JsonValue } from '../../json';
import { DefinitionFault, fault, Faults } from '../definition/fault';
import { looksLikeExpression } from '../definition/jsonata/expression';
import { inside, Place, TaskKnowledge } from '../definition/table';
import { TaskResource } from '../interpreter/resource-arn';

const SDK_PREFIX = 'aws-sdk:';

/** What AWS knows of the Resources and the parameters of Tasks. */
export const AWS_TASKS: Omit<TaskKnowledge, 'supports'> = { unknownToAws, parameterFaults };

/** Whether AWS has no such integration; for a service without a model, nobody here knows. */
function unknownToAws(resource: TaskResource): boolean {
  if (resource.kind !== 'service') return false;
  const { service, action, pattern } = resource;
  if (service.startsWith(SDK_PREFIX)) {
    const model = modelOf(service.slice(SDK_PREFIX.length));
    return model !== undefined && (model.operations[operationOf(action)] === undefined || (pattern ?? 'waitForTaskToken') !== 'waitForTaskToken');
  }
  const actions = Object.hasOwn(OPTIMIZED_ACTIONS, service) ? OPTIMIZED_ACTIONS[service] : undefined;
  if (actions === undefined) return false;
  return !Object.hasOwn(actions, action) || (pattern !== undefined && !actions[action].patterns.includes(pattern));
}

/** What AWS has against the parameters of a call when a state machine is created. What an expression or a path will lead to, only an execution shows. */
function parameterFaults(resource: TaskResource, parameters: JsonValue, place: Place): Faults {
  if (resource.kind !== 'service') return [];
  const { service, action } = resource;
  if (service.startsWith(SDK_PREFIX)) return requestFaults(parameters, place, service.slice(SDK_PREFIX.length), { operation: operationOf(action) });
  const known = service === 's3' ? MAP_CALLS : OPTIMIZED_ACTIONS[service] ?? {};
  const optimized = Object.hasOwn(known, action) ? known[action] : undefined;
  return optimized === undefined ? [] : requestFaults(parameters, place, optimized.model, optimized);
}

function requestFaults(
  parameters: JsonValue, place: Place, service: string, { operation, json = [], members, shape: own }: Omit<OptimizedAction, 'model' | 'patterns'>,
): Faults {
  const model = own === undefined ? modelOf(service) : { operations: { [operation]: '#Own' }, shapes: { Own: own } };
  const shape = model?.operations[operation];
  if (model === undefined || shape === undefined) return [];
  return new RequestCheck(model, place.language === 'JSONPath', json).faults(parameters, shape === '' ? '#' : shape, '', place, members);
}

/** Compares what stands in a definition with the shapes of a service. */
class RequestCheck {
  constructor(private readonly model: Omit<SdkModel, 'dates'>, private readonly paths: boolean, private readonly json: readonly string[]) {}

  * faults(value: JsonValue, type: string, name: string, place: Place, allowed?: readonly string[]): Generator<DefinitionFault> {
    if (!this.paths && looksLikeExpression(value)) return;
    const inner = type.slice(1);
    switch (type.charAt(0)) {
      case '[':
        if (!Array.isArray(value)) return yield wrongType(name, 'an array', place);
        for (const [index, item] of value.entries()) yield* this.faults(item, inner, name, inside(place, index));
        return;
      case '{':
        if (!isObject(value)) return yield wrongType(name, 'an object', place);
        for (const [key, item] of Object.entries(value)) {
          if (!this.isRead(key)) yield* this.faults(item, inner, key, inside(place, key));
        }
        return;
      case '#':
        if (!isObject(value)) return yield wrongType(name, 'an object', place);
        return yield* this.structureFaults(value, this.model.shapes[inner] ?? {}, place, allowed);
      default: {
        const simple = SIMPLE_TYPES[type];
        if (simple !== undefined && !simple.fits(value)) yield wrongType(name, simple.name, place);
      }
    }
  }

  /** The first member that is missing, else the first that nobody knows, as recorded; then what is wrong inside. */
  private* structureFaults(
    value: JsonObject, shape: Readonly<Record<string, string>>, place: Place, allowed?: readonly string[],
  ): Generator<DefinitionFault> {
    const given = new Map(Object.keys(value).map((key) => [this.isRead(key) ? key.slice(0, -2) : key, key] as const));
    const missing = Object.keys(shape).find((member) => shape[member].startsWith('!') && !given.has(member));
    if (missing !== undefined) return yield fault(`The field '${missing}' is required but was missing`, place.pointer);
    const unknown = [...given.keys()].find((member) => !Object.hasOwn(shape, member) || allowed?.includes(member) === false);
    if (unknown !== undefined) return yield fault(`The field '${unknown}' is not supported by Step Functions`, place.pointer);
    for (const [member, key] of given) {
      if (this.isRead(key) || this.json.includes(member)) continue;
      yield* this.faults(value[key], shape[member].replace('!', ''), member, inside(place, key));
    }
  }

  /** Whether the value of a field is read from the data. */
  private isRead(key: string): boolean {
    return this.paths && key.endsWith('.$');
  }
}

/** What literals of simple types look like; any other type takes any JSON. */
const SIMPLE_TYPES: Readonly<Record<string, { readonly name: string; readonly fits: (value: JsonValue) => boolean }>> = {
  s: { name: 'a string', fits: (value) => typeof value === 'string' },
  n: { name: 'a number', fits: (value) => typeof value === 'number' },
  b: { name: 'a boolean', fits: (value) => typeof value === 'boolean' },
  t: { name: 'a string', fits: (value) => typeof value === 'string' || typeof value === 'number' },
  x: { name: 'a string', fits: (value) => typeof value === 'string' },
};

function wrongType(name: string, type: string, { pointer }: Place): DefinitionFault {
  return fault(`The value for the field '${name}' must be ${type}`, pointer);
}

function modelOf(service: string): SdkModel | undefined {
  return Object.hasOwn(SDK_MODELS, service) ? SDK_MODELS[service] : undefined;
}

/** Resources name operations with a small letter. */
function operationOf(action: string): string {
  return action.charAt(0).toUpperCase() + action.slice(1);
}
