import { isObject, JsonObject, JsonValue } from '../json';
import { readRetryPolicy } from './delivery-attempts';
import { EventBus, EventRule, EventTarget } from './event-bus';
import { EventBuses } from './event-buses';
import { CreatedResource, DeletionRefused, ResourceChanges, ResourceProviders, ResourceRequest } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Resource types of EventBridge: buses of one's own, and rules by pattern. Rules with a schedule are not implemented. */
export function eventsResources(buses: EventBuses): ResourceProviders {
  return {
    'AWS::Events::EventBus': (request) => {
      const bus = buses.create(readBusName(request));
      return { ref: bus.name, attributes: { Arn: buses.arnOf(bus.name), Name: bus.name } };
    },

    'AWS::Events::Rule': (request) => {
      const { bus, rule } = readRule(request, buses);
      bus.addRule(rule);
      return describe(bus, rule, buses);
    },
  };
}

/** What becomes of them in updates: a rule has other targets at once, and a bus keeps its rules. */
export function eventsChanges(buses: EventBuses): ResourceChanges {
  return {
    'AWS::Events::EventBus': {
      update: (request) => {
        readBusName(request);
        return request.current;
      },
      remove: ({ current: { ref } }) => {
        if (buses.find(ref)?.hasRules ?? false) throw new DeletionRefused(`Cannot delete event bus ${ref} because it has rules`);
        buses.remove(ref);
      },
    },

    'AWS::Events::Rule': {
      update: (request) => {
        const { bus, rule } = readRule(request, buses);
        bus.changeRule(rule);
        return describe(bus, rule, buses);
      },
      remove: ({ properties, current }) => {
        const [name] = current.ref.split('|').slice(-1);
        busOf(properties, buses)?.removeRule(name);
      },
    },
  };
}

function readBusName({ properties }: ResourceRequest): string {
  properties.notModelled('Description', 'Tags');
  return properties.string('Name');
}

function busOf(properties: StrictProperties, buses: EventBuses): EventBus | undefined {
  return buses.find(properties.optionalString('EventBusName') ?? buses.default.name);
}

function describe(bus: EventBus, { name, arn }: EventRule, buses: EventBuses): CreatedResource {
  // Source: CloudFormation template reference of AWS::Events::Rule, "Ref".
  return { ref: bus === buses.default ? name : `${bus.name}|${name}`, attributes: { Arn: arn } };
}

function readRule(request: ResourceRequest, buses: EventBuses): { readonly bus: EventBus; readonly rule: EventRule } {
  const { properties, environment: { partition, region, accountId } } = request;
  const name = properties.optionalString('Name') ?? request.physicalName(64);
  const bus = busOf(properties, buses) ?? properties.unsupported('EventBusName', 'a bus that is not there');
  properties.notModelled('Description');
  const rule = {
    name,
    arn: `arn:${partition}:events:${region}:${accountId}:rule/${bus === buses.default ? '' : `${bus.name}/`}${name}`,
    pattern: readPattern(properties),
    enabled: properties.enabled('State'),
    targets: properties.list('Targets', readTarget) ?? [],
  };
  return { bus, rule };
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
