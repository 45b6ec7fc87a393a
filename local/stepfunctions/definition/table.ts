import { DefinitionFault, fault, Faults } from './fault';
import { isObject, JsonObject, JsonValue } from '../../json';
import { TaskResource } from '../interpreter/resource-arn';

export type QueryLanguage = 'JSONPath' | 'JSONata';
export type WorkflowType = 'STANDARD' | 'EXPRESS';

/** What is asked about the Tasks of a definition. */
export interface TaskKnowledge {
  /** Whether a Resource has a handler here. */
  supports(resource: TaskResource): boolean;
  /** What of the parameters the local cloud does not implement, by name. Default: it implements all. */
  missingParameters?(resource: TaskResource, parameters: JsonValue): readonly string[];
  /** Whether AWS has no such Resource. Default: it has all. */
  unknownToAws?(resource: TaskResource): boolean;
  /** What AWS has against the Parameters, or Arguments, for a Resource. Default: nothing. */
  parameterFaults?(resource: TaskResource, parameters: JsonValue, place: Place): Faults;
}

/** Where a value stands, and what its surroundings say about it. */
export interface Place {
  readonly pointer: string;
  /** That of the state. */
  readonly language: QueryLanguage;
  /** That of the state machine, which states have that name none. */
  readonly machineLanguage: QueryLanguage;
  /** That of the machine, or of the child executions of a distributed Map. */
  readonly type: WorkflowType;
  readonly tasks: TaskKnowledge;
}

/** What a value must be. */
export type Rule = (value: JsonValue, place: Place) => Faults;

/** A field of an object. */
export interface Field {
  readonly rule: Rule;
  /** The only language that has this field. Default: both have it. */
  readonly language?: QueryLanguage;
}

/** What an object of the States Language may hold. */
export interface Table {
  readonly fields: Readonly<Record<string, Field>>;
  /** In the order in which AWS names them. */
  readonly required?: readonly string[];
  /** Fields of which an object has one, and no more. */
  readonly exactlyOne?: readonly (readonly string[])[];
  readonly atMostOne?: readonly (readonly string[])[];
  /** What depends on more than one field. */
  readonly also?: (holder: JsonObject, place: Place) => Faults;
}

/** A field of both languages. */
export const both = (rule: Rule): Field => ({ rule });
/** A field that only JSONPath has. */
export const inJsonPath = (rule: Rule): Field => ({ rule, language: 'JSONPath' });
/** A field that only JSONata has. */
export const inJsonata = (rule: Rule): Field => ({ rule, language: 'JSONata' });

/** A place inside another one. */
export function inside(place: Place, name: string | number): Place {
  return { ...place, pointer: `${place.pointer}${typeof name === 'number' ? `[${name}]` : `/${name}`}` };
}

/** An object that keeps to a table. */
export function object(table: Table): Rule {
  return (value, place) => (isObject(value) ? checkObject(value, place, table) : [typeFault('[OBJECT]', place)]);
}

export function typeFault(type: string, { pointer }: Place): DefinitionFault {
  return fault(`Expected value of type ${type}`, pointer);
}

/** Checks what concerns an object as a whole, then the fields that it has, in their order. */
export function* checkObject(holder: JsonObject, place: Place, table: Table): Generator<DefinitionFault> {
  yield* languageFaults(holder, place, table);
  yield* checkFields(holder, place, table);
}

/** The same, for an object whose query language is at fault already. */
export function* checkFields(holder: JsonObject, place: Place, table: Table): Generator<DefinitionFault> {
  yield* nameFaults(holder, place, table);
  yield* table.also?.(holder, place) ?? [];
  for (const [name, value] of Object.entries(holder)) {
    const field = fieldOf(table, name);
    if (field !== undefined && isIn(field, place)) yield* field.rule(value, inside(place, name));
  }
}

function* languageFaults(holder: JsonObject, place: Place, table: Table): Generator<DefinitionFault> {
  for (const name of Object.keys(holder)) {
    const field = fieldOf(table, name);
    if (field === undefined || isIn(field, place)) continue;
    const message = `The QueryLanguage is set to '${place.language}', but field '${name}' is only supported for the '${field.language}' QueryLanguage`;
    yield fault(message, place.pointer);
  }
}

function* nameFaults(holder: JsonObject, { pointer }: Place, table: Table): Generator<DefinitionFault> {
  const { required = [], exactlyOne = [], atMostOne = [] } = table;
  const has = (name: string) => Object.hasOwn(holder, name);
  const missing = required.filter((name) => !has(name));
  if (missing.length > 0) yield fault(`These fields are required: [${missing.join(', ')}]`, pointer);
  for (const name of Object.keys(holder)) {
    if (fieldOf(table, name) === undefined) yield fault(`Field '${name}' is not supported`, pointer);
  }
  for (const names of exactlyOne) {
    if (!names.some(has)) yield fault(`This object should have only one of the following fields: [${names.join(', ')}]`, pointer);
  }
  for (const names of [...exactlyOne, ...atMostOne]) {
    if (names.filter(has).length > 1) yield fault(`There should only be one of the following fields: [${names.join(', ')}]`, pointer);
  }
}

function fieldOf({ fields }: Table, name: string): Field | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function isIn({ language }: Field, place: Place): boolean {
  return language === undefined || language === place.language;
}
