import { isObject, JsonObject, JsonValue } from '../json';
import { readRetryPolicy } from './delivery-attempts';
import { EventTarget } from './event-bus';
import { EventBuses } from './event-buses';
import { ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Resource types of EventBridge: buses of one's own, and rules by pattern. Rules with a schedule are not implemented. */
export function eventsResources(buses: EventBuses): ResourceProviders {
  return {
    'AWS::Events::EventBus': (request) => {
      const { properties } = request;
      const bus = buses.create(properties.string('Name'));
      properties.notModelled('Description', 'Tags');
      return { ref: bus.name, attributes: { Arn: buses.arnOf(bus.name), Name: bus.name } };
    },

    'AWS::Events::Rule': (request) => {
      const { properties, environment: { partition, region, accountId } } = request;
      const name = properties.optionalString('Name') ?? request.physicalName(64);
      const bus = buses.find(properties.optionalString('EventBusName') ?? buses.default.name);
      if (bus === undefined) return properties.unsupported('EventBusName', 'a bus that is not there');
      const own = bus !== buses.default;
      const arn = `arn:${partition}:events:${region}:${accountId}:rule/${own ? `${bus.name}/` : ''}${name}`;
      bus.addRule({
        name,
        arn,
        pattern: readPattern(properties),
        enabled: properties.enabled('State'),
        targets: properties.list('Targets', readTarget) ?? [],
      });
      properties.notModelled('Description');
      // Source: CloudFormation template reference of AWS::Events::Rule, "Ref".
      return { ref: own ? `${bus.name}|${name}` : name, attributes: { Arn: arn } };
    },
  };
}

/** An object, or JSON text: templates allow a null in a text only. */
function readPattern(properties: StrictProperties): JsonObject {
  const given = properties.json('EventPattern');
  const pattern: JsonValue | undefined = typeof given === 'string' ? JSON.parse(given) : given;
  if (!isObject(pattern)) return properties.unsupported('EventPattern', 'a rule without a pattern');
  return pattern;
}

function readTarget(target: StrictProperties): EventTarget {
  return {
    id: target.string('Id'),
    arn: target.string('Arn'),
    roleArn: target.optionalString('RoleArn'),
    constant: target.optionalString('Input'),
    path: target.optionalString('InputPath'),
    transformer: target.object('InputTransformer', (transformer) => ({
      paths: Object.fromEntries(transformer.texts('InputPathsMap')),
      template: transformer.string('InputTemplate'),
    })),
    deadLetterArn: target.object('DeadLetterConfig', (config) => config.optionalString('Arn')),
    retryPolicy: target.object('RetryPolicy', readRetryPolicy),
  };
}
