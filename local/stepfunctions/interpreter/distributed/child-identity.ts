import { Run } from '../run';
import { ExecutionIdentity } from '../task';
import { MapRun } from './map-run';

/**
 * Who a child is: an execution of a state machine that is called `machine/label`. The ARN of an Express execution has another kind and ends in
 * an id of its own.
 */
export function childIdentity({ identity, chance }: Run, { mapRunArn, type }: MapRun): ExecutionIdentity {
  const [prefix, rest] = mapRunArn.split(':mapRun:');
  const machine = rest.slice(0, rest.lastIndexOf(':'));
  const name = chance.uuid();
  const executionArn = type === 'EXPRESS' ? `${prefix}:express:${machine}:${name}:${chance.uuid()}` : `${prefix}:execution:${machine}:${name}`;
  return { ...identity, executionName: name, executionArn, stateMachineArn: `${prefix}:stateMachine:${machine}`, stateMachineName: machine };
}
