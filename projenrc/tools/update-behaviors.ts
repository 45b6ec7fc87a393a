import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { ROOT } from './repository';
import { localResourceTypes } from './tables/local-resources';
import { TypeBehavior } from '../../local/template/update-behavior';

/** Where the behaviour of updates is kept. */
export const UPDATE_BEHAVIORS_FILE = join(ROOT, 'local', 'template', 'update-behaviors.generated.ts');

type Database = ReturnType<typeof loadAwsServiceSpecSync>;
type Properties = ReturnType<typeof resourceOf>['properties'];
type PropertyType = Properties[string]['type'];

function resourceOf(database: Database, type: string) {
  return database.lookup('resource', 'cloudFormationType', 'equals', type).only();
}

/** What a change of each property of a resource type does. */
function behaviorOf(database: Database, type: string): TypeBehavior {
  const resource = resourceOf(database, type);
  const replaced: string[] = [];
  const conditional: string[] = [];
  const visit = (properties: Properties, prefix: string, within: readonly string[]): void => {
    for (const [name, property] of Object.entries(properties)) {
      const path = `${prefix}${name}`;
      if (property.causesReplacement === 'yes') replaced.push(path);
      if (property.causesReplacement === 'maybe') conditional.push(path);
      // What is within such a property is covered by it.
      const isCovered = property.causesReplacement === 'yes' || property.causesReplacement === 'maybe';
      for (const { id, path: parent } of isCovered ? [] : definitionsOf(property.type, path)) {
        if (!within.includes(id)) visit(database.get('typeDefinition', id).properties, `${parent}.`, [...within, id]);
      }
    }
  };
  visit(resource.properties, '', []);
  return { properties: Object.keys(resource.properties).sort(), replaced: replaced.sort(), conditional: conditional.sort() };
}

/** The types of objects that a property can have; a list adds `[]` to their path, a map `{}`. */
function definitionsOf(type: PropertyType, path: string): { readonly id: string; readonly path: string }[] {
  switch (type.type) {
    case 'array': return definitionsOf(type.element, `${path}[]`);
    case 'map': return definitionsOf(type.element, `${path}{}`);
    case 'union': return type.types.flatMap((member) => definitionsOf(member, path));
    case 'ref': return [{ id: type.reference.$ref, path }];
    default: return [];
  }
}

/** The text of the file. */
export function updateBehaviorsText(): string {
  const database = loadAwsServiceSpecSync();
  const types = [...new Set(localResourceTypes().map(({ service, type }) => `AWS::${service}::${type}`))].sort();
  return [
    '// Made from the CloudFormation reference by `npx projen docgen:update-behaviors`. Do not edit.',
    'import { UpdateBehaviors } from \'./update-behavior\';',
    '',
    '/** What a change of a property does to a resource, as its reference documents it; how to read it says update-behavior.ts. */',
    'export const UPDATE_BEHAVIORS: UpdateBehaviors = {',
    ...types.map((type) => `  ${JSON.stringify(type)}: ${JSON.stringify(behaviorOf(database, type))},`),
    '};',
    '',
  ].join('\n');
}

if (require.main === module) writeFileSync(UPDATE_BEHAVIORS_FILE, updateBehaviorsText());
