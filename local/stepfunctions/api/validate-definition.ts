import { MAX_DEFINITION, Request } from './request';
import { MACHINE_TYPES } from './state-machine';
import { JsonObject } from '../../json';
import { locationOf } from '../definition/fault';
import { TaskKnowledge } from '../definition/table';
import { diagnose } from '../definition/validate';

/** Most diagnostics of an answer, which zero stands for. Source: API reference of ValidateStateMachineDefinition. */
const MAX_DIAGNOSTICS = 100;

/** What AWS has against a definition: errors only, for the local cloud does not warn. */
export function validateStateMachineDefinition(request: Request, tasks: TaskKnowledge): JsonObject {
  const definition = request.string('definition', MAX_DEFINITION, 1);
  request.refuseUnless('severity', (severity) => severity === undefined || severity === 'ERROR');
  const most = request.integer('maxResults', 0, MAX_DIAGNOSTICS) ?? 0;
  const faults = diagnose(definition, tasks, request.oneOf('type', MACHINE_TYPES) ?? 'STANDARD');
  const shown = faults.slice(0, most === 0 ? MAX_DIAGNOSTICS : most);
  const diagnostics = shown.map((fault): JsonObject => {
    const location = locationOf(fault);
    return { severity: 'ERROR', code: fault.code, message: fault.message, ...(location === undefined ? {} : { location }) };
  });
  return { result: faults.length === 0 ? 'OK' : 'FAIL', diagnostics, truncated: shown.length < faults.length };
}
