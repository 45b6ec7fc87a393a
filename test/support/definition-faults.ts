import { printFault } from '../../local/stepfunctions/definition/fault';
import { WorkflowType } from '../../local/stepfunctions/definition/table';
import { diagnose } from '../../local/stepfunctions/definition/validate';
import { AWS_TASKS } from '../../local/stepfunctions/integrations/parameters';

/** What AWS has against a definition, its Tasks included, in the words of CreateStateMachine. */
export function definitionFaults(definition: object, type: WorkflowType = 'STANDARD'): string[] {
  return diagnose(JSON.stringify(definition), { supports: () => true, ...AWS_TASKS }, type).map(printFault);
}
