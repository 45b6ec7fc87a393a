import { Request } from './request';
import { ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { locationOf } from '../definition/fault';
import { TaskKnowledge, WorkflowType } from '../definition/table';
import { diagnose } from '../definition/validate';

/** Most diagnostics of an answer, which zero stands for. Source: API reference of ValidateStateMachineDefinition. */
const MAX_DIAGNOSTICS = 100;

/** What AWS has against a definition: errors only, for the local cloud does not warn. */
export function validateStateMachineDefinition(request: Request, tasks: TaskKnowledge): JsonObject {
  const definition = request.string('definition');
  request.refuseUnless('severity', (severity) => severity === undefined || severity === 'ERROR');
  const most = request.integer('maxResults', 0, MAX_DIAGNOSTICS) ?? 0;
  if (definition === '') throw invalid('Value \'\' at \'definition\' failed to satisfy constraint: Member must have length greater than or equal to 1');
  const faults = diagnose(definition, tasks, typeOf(request));
  const shown = faults.slice(0, most === 0 ? MAX_DIAGNOSTICS : most);
  const diagnostics = shown.map((fault): JsonObject => {
    const location = locationOf(fault);
    return { severity: 'ERROR', code: fault.code, message: fault.message, ...(location === undefined ? {} : { location }) };
  });
  return { result: faults.length === 0 ? 'OK' : 'FAIL', diagnostics, truncated: shown.length < faults.length };
}

function typeOf(request: Request): WorkflowType {
  const type = request.optionalString('type') ?? 'STANDARD';
  if (type === 'STANDARD' || type === 'EXPRESS') return type;
  throw invalid(`Value '${type}' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]`);
}

function invalid(problem: string): ServiceError {
  return new ServiceError('ValidationException', `1 validation error detected: ${problem}`);
}
