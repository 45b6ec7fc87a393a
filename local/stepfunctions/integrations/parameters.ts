import { isObject, JsonValue } from '../../json';
import { TaskResource } from '../interpreter/resource-arn';

/** What an optimised integration takes. Source: Step Functions developer guide, the page of each service, and the API it calls. */
const FIELDS: Readonly<Record<string, { readonly required: readonly string[]; readonly optional: readonly string[] }>> = {
  'lambda:invoke': { required: ['FunctionName'], optional: ['ClientContext', 'InvocationType', 'LogType', 'Payload', 'Qualifier'] },
  'states:startExecution': { required: ['StateMachineArn'], optional: ['Input', 'Name', 'TraceHeader'] },
};

/** Why a state machine with such a Task cannot be created; undefined if it can. What a path will lead to, only an execution shows. */
export function parametersProblem(resource: TaskResource, parameters: JsonValue | undefined): string | undefined {
  const fields = resource.kind === 'service' ? FIELDS[`${resource.service}:${resource.action}`] : undefined;
  if (fields === undefined) return undefined;
  const names = isObject(parameters) ? Object.keys(parameters).map((name) => name.replace(/\.\$$/, '')) : [];
  const missing = fields.required.find((name) => !names.includes(name));
  if (missing !== undefined) return `The field '${missing}' is required but was missing`;
  const unknown = names.find((name) => ![...fields.required, ...fields.optional].includes(name));
  return unknown === undefined ? undefined : `The field '${unknown}' is not supported by Step Functions`;
}
