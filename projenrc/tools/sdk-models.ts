import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as athena from '@aws-sdk/client-athena';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as eventbridge from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { ROOT } from './repository';
import { SdkModel } from '../../local/stepfunctions/integrations/sdk-model';

/** Where the models are kept. */
export const SDK_MODELS_FILE = join(ROOT, 'local', 'stepfunctions', 'integrations', 'sdk-models.generated.ts');

/** Services that Tasks of the local cloud can call, named as in `aws-sdk` Resources, and those whose optimised integrations are recorded. */
const clients: Readonly<Record<string, object>> = { athena, dynamodb, eventbridge, lambda, s3, secretsmanager, sfn, sns, sqs };

/** Kinds of schema, and of simple types. Source: `@smithy/types`, schema/schema.d.ts and schema/sentinels.d.ts. */
const KIND = { simple: 0, list: 1, map: 2, structure: 3, union: 4, operation: 9 };
const SIMPLE: Readonly<Record<number, string>> = { 0: 's', 1: 'n', 2: 'b', 4: 't', 5: 't', 6: 't', 7: 't', 15: 'd', 17: 'n', 19: 'n', 21: 'x', 42: 'x' };
/** A date, required or not. */
const DATE = /^!?t$/;
const LIST_OF = 64;
const MAP_OF = 128;

/** The requests of all operations of a client, and the dates in its answers, read from the schemas that it brings. */
function modelOf(client: object): SdkModel {
  const shapes: Record<string, Record<string, string>> = {};
  const operations: Record<string, string> = {};
  const answers: Record<string, Record<string, string>> = {};
  for (const exported of Object.values(client)) {
    if (!isList(exported) || exported[0] !== KIND.operation) continue;
    const input = resolve(exported[4]);
    operations[String(exported[2])] = isList(input) && input[0] === KIND.structure ? typeOf(input, shapes) : '';
    typeOf(exported[5], answers);
  }
  const dates = Object.values(answers).flatMap((members) => Object.entries(members).filter(([, type]) => DATE.test(type)).map(([name]) => name));
  return { operations: sorted(operations), shapes: sorted(shapes), dates: [...new Set(dates)].sort() };
}

function typeOf(reference: unknown, shapes: Record<string, Record<string, string>>): string {
  const schema = resolve(reference);
  if (typeof schema === 'number') return simpleType(schema);
  // Requests without members have none of a schema.
  if (!isList(schema)) return 'd';
  const [kind, , name] = schema;
  if (kind === KIND.simple) return typeOf(schema[4], shapes);
  if (kind === KIND.list) return `[${typeOf(schema[4], shapes)}`;
  if (kind === KIND.map) return `{${typeOf(schema[5], shapes)}`;
  if (kind !== KIND.structure && kind !== KIND.union) throw new Error(`a schema of the unknown kind ${String(kind)}: ${String(name)}`);
  if (shapes[String(name)] === undefined) {
    const members: Record<string, string> = {};
    shapes[String(name)] = members;
    const [, , , , names, types, required] = schema;
    if (!isList(names) || !isList(types)) throw new Error(`a structure without members: ${String(name)}`);
    names.forEach((member, index) => {
      // The required ones come first. Step Functions writes every name with a capital.
      const mark = kind === KIND.structure && typeof required === 'number' && index < required ? '!' : '';
      members[capital(String(member))] = mark + typeOf(types[index], shapes);
    });
  }
  return `#${String(name)}`;
}

/** A schema behind a function, or before the traits of a member. */
function resolve(reference: unknown): unknown {
  if (typeof reference === 'function') return resolve(reference());
  return isList(reference) && reference.length === 2 ? resolve(reference[0]) : reference;
}

function simpleType(code: number): string {
  if (code >= MAP_OF) return `{${simpleType(code - MAP_OF)}`;
  if (code >= LIST_OF) return `[${simpleType(code - LIST_OF)}`;
  const type = SIMPLE[code];
  if (type === undefined) throw new Error(`a simple schema of the unknown type ${code}`);
  return type;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The text of the file. */
export function sdkModelsText(): string {
  const services = Object.entries(clients).map(([name, client]) => {
    const { operations, shapes, dates } = modelOf(client);
    const lines = Object.entries(shapes).map(([shape, members]) => `      ${JSON.stringify(shape)}: ${JSON.stringify(members)},`);
    return `  ${name}: {\n    operations: ${JSON.stringify(operations)},\n    shapes: {\n${lines.join('\n')}\n    },\n    dates: ${JSON.stringify(dates)},\n  },`;
  });
  return [
    '// Made from the AWS SDK by `npx projen docgen:sdk-models`. Do not edit.',
    'import { SdkModel } from \'./sdk-model\';',
    '',
    '/** What the operations of services take, and the dates in their answers; how to read it says sdk-model.ts. */',
    'export const SDK_MODELS: Readonly<Record<string, SdkModel>> = {',
    ...services,
    '};',
    '',
  ].join('\n');
}

if (require.main === module) writeFileSync(SDK_MODELS_FILE, sdkModelsText());
