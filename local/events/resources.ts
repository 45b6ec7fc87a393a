import { EventBus, EventTarget } from './event-bus';
import { JsonObject } from '../aws/service';
import { ResourceProviders } from '../template/resource';
import { StrictProperties } from '../template/strict-properties';

/** Resource types of EventBridge: rules of the default bus. */
export function eventsResources(bus: EventBus): ResourceProviders {
  return {
    'AWS::Events::Rule': (request) => {
      const { properties, environment: { partition, region, accountId } } = request;
      const name = properties.optionalString('Name') ?? request.physicalName(64);
      const arn = `arn:${partition}:events:${region}:${accountId}:rule/${name}`;
      bus.addRule({
        name,
        arn,
        pattern: readPattern(properties),
        enabled: (properties.optionalString('State') ?? 'ENABLED') === 'ENABLED',
        targets: properties.list('Targets', readTarget) ?? [],
      });
      properties.notModelled('Description');
      return { ref: name, attributes: { Arn: arn } };
    },
  };
}

function readPattern(properties: StrictProperties): JsonObject {
  const pattern = properties.json('EventPattern');
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) return properties.unsupported('EventPattern', 'a rule without a pattern');
  return pattern;
}

function readTarget(target: StrictProperties): EventTarget {
  return {
    id: target.string('Id'),
    arn: target.string('Arn'),
    transformer: target.object('InputTransformer', (transformer) => ({
      paths: readPaths(transformer),
      template: transformer.string('InputTemplate'),
    })),
  };
}

function readPaths(transformer: StrictProperties): Record<string, string> {
  const paths = transformer.json('InputPathsMap') ?? {};
  if (typeof paths !== 'object' || paths === null || Array.isArray(paths)) return transformer.unsupported('InputPathsMap', 'paths that are no map');
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, String(path)]));
}
