import fc from 'fast-check';
import { single } from './support';
import { VirtualClock } from '../../../local/clock';
import { isObject, JsonObject, JsonValue } from '../../../local/json';
import { parseDefinition } from '../../../local/stepfunctions/definition/validate';
import { createIntegrations } from '../../../local/stepfunctions/integrations/integrations';
import { SDK_MODELS } from '../../../local/stepfunctions/integrations/sdk-models.generated';
import { StepFunctionsService } from '../../../local/stepfunctions/service';
import { definitionFaults } from '../../support/definition-faults';

const at = '/States/Only/Parameters';
const faults = (resource: string, Parameters: JsonValue) => definitionFaults(single({ Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters }));
const failed = (message: string, place: string = at) => [`SCHEMA_VALIDATION_FAILED: ${message} at ${place}`];

test.each<[string, JsonObject, string[]]>([
  ['lambda:invoke', { 'FunctionName': 'f', 'Payload': { any: [1] }, 'Qualifier.$': '$.q' }, []],
  ['lambda:invoke', { Payload: {} }, failed('The field \'FunctionName\' is required but was missing')],
  ['lambda:invoke', { FunctionName: 'f', TenantId: 't' }, failed('The field \'TenantId\' is not supported by Step Functions')],
  ['states:startExecution', { StateMachineArn: 'a', Input: { any: [1] } }, []],
  ['states:startExecution', { 'StateMachineArn.$': '$.a', 'Nmae': 'n' }, failed('The field \'Nmae\' is not supported by Step Functions')],
  ['sqs:sendMessage', { QueueUrl: 'u', MessageBody: { any: 1 } }, []],
  ['sqs:sendMessage', { QueueUrl: 'u', MessageBody: 'b', DelaySeconds: '5' }, failed('The value for the field \'DelaySeconds\' must be a number', `${at}/DelaySeconds`)],
  ['sqs:sendMessage', { QueueUrl: 'u', MessageBody: 'b', MessageAttributes: { x: { StringValue: 'v' } } }, failed('The field \'DataType\' is required but was missing', `${at}/MessageAttributes/x`)],
  ['aws-sdk:sqs:sendMessage', { QueueUrl: 'u', MessageBody: { any: 1 } }, failed('The value for the field \'MessageBody\' must be a string', `${at}/MessageBody`)],
  ['sns:publish', { Message: { any: 1 }, TopicArn: 'a' }, []],
  ['sns:publish', { Message: 'm', Subject: 1 }, failed('The value for the field \'Subject\' must be a string', `${at}/Subject`)],
  ['events:putEvents', { Entries: [{ Detail: { any: 1 }, DetailType: 't', Source: 's' }] }, []],
  ['events:putEvents', { Entries: [{ Details: {} }] }, failed('The field \'Details\' is not supported by Step Functions', `${at}/Entries[0]`)],
  ['events:putEvents', { Entries: {} }, failed('The value for the field \'Entries\' must be an array', `${at}/Entries`)],
  ['athena:startQueryExecution', { QueryString: 'q', ResultConfiguration: { OutputLocation: 's3://b' }, ExecutionParameters: ['1'] }, []],
  ['athena:startQueryExecution', { QueryString: 'q', ResultConfiguration: { OutputPlace: 's3://b' } }, failed('The field \'OutputPlace\' is not supported by Step Functions', `${at}/ResultConfiguration`)],
  ['dynamodb:putItem', { TableName: 't', Item: { a: { S: 's' }, b: { 'N.$': '$.n' }, c: { M: { d: { L: [{ BOOL: true }] } } } } }, []],
  ['dynamodb:putItem', { TableName: 't', Item: { a: { N: 1 } } }, failed('The value for the field \'N\' must be a string', `${at}/Item/a/N`)],
  ['aws-sdk:secretsmanager:listSecrets', {}, []],
  ['aws-sdk:sfn:sendTaskSuccess', { TaskToken: 't' }, failed('The field \'Output\' is required but was missing')],
])('%s with %j', (resource, parameters, expected) => {
  expect(faults(resource, parameters)).toEqual(expected);
});

test.each<[string, string]>([
  ['aws-sdk:sqs:sendMail', 'is not recognized'], ['aws-sdk:sqs:sendMessage.sync', 'is not recognized'], ['sqs:receiveMessage', 'is not recognized'],
  ['athena:getQueryExecution.sync', 'is not recognized'], ['lambda:invoke.sync', 'is not recognized'], ['athena:startQueryExecution.waitForTaskToken', 'is not recognized'],
])('AWS has no %s', (resource, message) => {
  expect(faults(resource, {}).join()).toContain(message);
});

test('an expression of JSONata may stand in place of anything', () => {
  const definition = (Arguments: JsonValue) => ({ ...single({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Arguments }), QueryLanguage: 'JSONata' });
  expect(definitionFaults(definition('{% $states.input %}'))).toEqual([]);
  expect(definitionFaults(definition({ QueueUrl: '{% $x %}', MessageBody: '{% $x %}', DelaySeconds: '{% 1 %}' }))).toEqual([]);
  expect(definitionFaults(definition({ QueueUrl: '{% $x %}' }))).toEqual(failed('The field \'MessageBody\' is required but was missing', '/States/Only/Arguments'));
});

test('what lambda:invoke does not do here is refused by name when the machine is created', () => {
  const service = new StepFunctionsService({
    environment: { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' }, clock: new VirtualClock(0), authorize: async () => undefined,
  });
  const invokeFunction = async () => ({ statusCode: 200, executedVersion: '1', payload: '' });
  const tasks = createIntegrations({ services: [], lambda: { invokeFunction } }, service, async () => ({}));
  const create = (parameters: JsonObject) => () => parseDefinition(JSON.stringify(single({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: parameters })), tasks);
  expect(create({ 'FunctionName': 'f', 'Payload.$': '$', 'InvocationType': 'RequestResponse' })).not.toThrow();
  expect(create({ FunctionName: 'f', InvocationType: 'Event' })).toThrow('does not implement InvocationType "Event" of the Resource arn:aws:states:::lambda:invoke');
  expect(create({ 'FunctionName': 'f', 'InvocationType.$': '$.type' })).toThrow('does not implement InvocationType.$');
  expect(create({ FunctionName: 'f', ClientContext: 'c' })).toThrow('does not implement ClientContext');
});

describe('every operation of every model', () => {
  const operations = Object.entries(SDK_MODELS).flatMap(([service, model]) => Object.entries(model.operations)
    .flatMap(([operation, type]) => (type === '' ? [] : [{ service, operation, shape: type.slice(1) }])));
  const any = fc.constantFrom(...operations);
  const resourceOf = ({ service, operation }: typeof operations[number]) => `aws-sdk:${service}:${operation.charAt(0).toLowerCase()}${operation.slice(1)}`;

  /** The smallest value of a type; recursive structures end at what need not be there. */
  function smallest(service: string, type: string): JsonValue {
    const inner = type.slice(1);
    switch (type.charAt(0)) {
      case '#': return structure(service, inner);
      case '[': return [smallest(service, inner)];
      case '{': return { key: smallest(service, inner) };
      case 'n': return 1;
      case 'b': return true;
      default: return 'text';
    }
  }

  function structure(service: string, shape: string): JsonObject {
    const members = Object.entries(SDK_MODELS[service].shapes[shape]).filter(([, type]) => type.startsWith('!'));
    return Object.fromEntries(members.map(([name, type]) => [name, smallest(service, type.slice(1))]));
  }

  test('takes what it needs, refuses less and more', () => {
    fc.assert(fc.property(any, (subject) => {
      const request = structure(subject.service, subject.shape);
      expect(faults(resourceOf(subject), request)).toEqual([]);
      expect(faults(resourceOf(subject), { ...request, Colour: 'red' })).toEqual(failed('The field \'Colour\' is not supported by Step Functions'));
      for (const name of Object.keys(request)) {
        const { [name]: _, ...less } = request;
        expect(faults(resourceOf(subject), less)).toEqual(failed(`The field '${name}' is required but was missing`));
      }
    }), { numRuns: 300 });
  });

  test('refuses values of another type, and takes whatever is read from the data', () => {
    fc.assert(fc.property(any, fc.nat(), fc.constantFrom<JsonValue>(null, 1, true, 'text', [], {}), (subject, which, value) => {
      const shape = Object.entries(SDK_MODELS[subject.service].shapes[subject.shape]);
      fc.pre(shape.length > 0);
      const [name, type] = shape[which % shape.length];
      const request = structure(subject.service, subject.shape);
      const { [name]: _, ...others } = request;
      expect(faults(resourceOf(subject), { ...others, [`${name}.$`]: '$.x' })).toEqual([]);
      const fits = kindOf(type.replace('!', '')).includes(isObject(value) ? 'object' : Array.isArray(value) ? 'array' : typeof value);
      const found = faults(resourceOf(subject), { ...request, [name]: value });
      if (!fits || value === null) expect(found.join()).toContain(`The value for the field '${name}' must be `);
      else expect(found.join()).not.toContain(`The value for the field '${name}' must be `);
    }), { numRuns: 500 });
  });

  function kindOf(type: string): string[] {
    const kinds: Readonly<Record<string, string[]>> = { '#': ['object'], '{': ['object'], '[': ['array'], 's': ['string'], 'x': ['string'], 'n': ['number'], 'b': ['boolean'], 't': ['string', 'number'] };
    return kinds[type.charAt(0)] ?? ['object', 'array', 'string', 'number', 'boolean'];
  }
});
