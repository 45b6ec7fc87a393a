import { isObject, JsonObject, JsonValue } from '../json';
import { readRetryPolicy } from './delivery-attempts';
import { EventBus, EventRule, EventTarget } from './event-bus';
import { CreatedResource, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Resource types of EventBridge: rules of the default bus, by pattern. Rules with a schedule are not implemented. */
export function eventsResources(bus: EventBus): ResourceProviders {
  return {
    'AWS::Events::Rule': (request) => {
      const rule = readRule(request);
      bus.addRule(rule);
      return describe(rule);
    },
  };
}

/** What becomes of them in updates. */
export function eventsChanges(bus: EventBus): ResourceChanges {
  return {
    'AWS::Events::Rule': {
      update: (request) => {
        const rule = readRule(request);
        bus.changeRule(rule);
        return describe(rule);
      },
      remove: ({ current }) => bus.removeRule(current.ref),
    },
  };
}

function describe({ name, arn }: EventRule): CreatedResource {
  return { ref: name, attributes: { Arn: arn } };
}

function readRule(request: ResourceRequest): EventRule {
  const { properties, environment: { partition, region, accountId } } = request;
  const name = properties.optionalString('Name') ?? request.physicalName(64);
  const busName = properties.optionalString('EventBusName') ?? 'default';
  if (busName !== 'default' && !busName.endsWith(':event-bus/default')) properties.unsupported('EventBusName', 'another bus than the default one');
  properties.notModelled('Description');
  return {
    name,
    arn: `arn:${partition}:events:${region}:${accountId}:rule/${name}`,
    pattern: readPattern(properties),
    enabled: properties.enabled('State'),
    targets: properties.list('Targets', readTarget) ?? [],
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
