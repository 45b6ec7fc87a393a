import { expectString, isObject, JsonObject, JsonValue } from '../json';
import { attributeReference, intrinsicCall, replaceVariables, substitution } from './intrinsics';
import { Template, TemplateResource } from './template';

/** The logical ids (and parameters, and pseudo parameters) that a value mentions, in every branch of its `Fn::If`s. */
export function references(value: JsonValue, path: string): Set<string> {
  const found = new Set<string>();
  collect(value, path, found);
  return found;
}

/** Resources that a resource needs, whether by mention or by `DependsOn`. */
export function dependencies(template: Template, logicalId: string, resource: TemplateResource): string[] {
  const mentioned = [...references(resource.properties, `Resources.${logicalId}.Properties`)];
  const known = (name: string) => template.resources[name] !== undefined;
  const missing = mentioned.filter((name) => !known(name) && template.parameters[name] === undefined && !name.startsWith('AWS::'));
  missing.push(...resource.dependsOn.filter((name) => !known(name)));
  if (missing.length > 0) {
    throw new Error(`Template format error: Unresolved resource dependencies [${missing.sort().join(', ')}] in Resources.${logicalId}`);
  }
  return [...new Set([...mentioned.filter(known), ...resource.dependsOn])];
}

/**
 * Logical ids in an order in which every resource comes after those it needs. Those that `isLate` names come as late as that allows; otherwise
 * they come as they stand in the template.
 */
export function creationOrder(needs: ReadonlyMap<string, readonly string[]>, isLate: (logicalId: string) => boolean = () => false): string[] {
  const done = new Set<string>();
  const underway: string[] = [];
  const visit = (logicalId: string) => {
    if (done.has(logicalId)) return;
    if (underway.includes(logicalId)) {
      throw new Error(`Circular dependency between resources: [${underway.slice(underway.indexOf(logicalId)).sort().join(', ')}]`);
    }
    underway.push(logicalId);
    needs.get(logicalId)?.forEach(visit);
    underway.pop();
    done.add(logicalId);
  };
  const late = [...needs.keys()].filter(isLate);
  [...needs.keys()].filter((logicalId) => !late.includes(logicalId)).forEach(visit);
  late.forEach(visit);
  return [...done];
}

function collect(value: JsonValue, path: string, found: Set<string>): void {
  if (Array.isArray(value)) return value.forEach((item, index) => collect(item, `${path}[${index}]`, found));
  if (!isObject(value)) return undefined;
  const call = intrinsicCall(value, path);
  if (call === undefined) return collectMembers(value, path, found);
  const here = `${path}.${call.name}`;
  if (call.name === 'Ref') found.add(expectString(call.argument, here));
  else if (call.name === 'Fn::GetAtt') found.add(attributeReference(call.argument, here)[0]);
  else if (call.name === 'Fn::Sub') collectSubstitution(call.argument, here, found);
  else collect(call.argument, here, found);
}

function collectMembers(value: JsonObject, path: string, found: Set<string>): void {
  for (const [key, member] of Object.entries(value)) collect(member, `${path}.${key}`, found);
}

function collectSubstitution(argument: JsonValue, path: string, found: Set<string>): void {
  const { text, variables } = substitution(argument, path);
  collectMembers(variables, path, found);
  replaceVariables(text, path, (name) => {
    if (variables[name] === undefined) found.add(name.split('.')[0]);
    return '';
  });
}
