import { CancellationScope } from './cancellation';
import { toStateFailure } from './failure';
import { Frame } from './frame';
import { Run } from './run';
import { runChoice } from './states/choice';
import { runFail } from './states/fail';
import { runMap } from './states/map';
import { runParallel } from './states/parallel';
import { runPass } from './states/pass';
import { runSucceed } from './states/succeed';
import { runTask } from './states/task';
import { runWait } from './states/wait';
import { Transition } from './transition';
import { tooManyVariables, Visit } from './visit';
import { JsonValue } from '../../json';

/** Runs the states of a frame, from where it stands to its end. Throws `StateFailure` when one fails, and keeps the place. */
export async function runGraph(run: Run, frame: Frame, scope: CancellationScope): Promise<void> {
  while (frame.done === undefined) {
    const visit = enter(run, frame, scope);
    try {
      const transition = await perform(visit);
      visit.assertFits(transition.output, false);
      visit.assertFits(transition.assigned ?? null, false);
      leave(visit, transition);
    } catch (thrown) {
      scope.throwIfCancelled();
      frame.failed = true;
      throw toStateFailure(thrown, visit.place);
    }
  }
}

/** A state that was entered before a redrive is not entered again. */
function enter(run: Run, frame: Frame, scope: CancellationScope): Visit {
  const { state: name, graph } = frame;
  const state = graph.States[name];
  if (frame.entered === undefined) {
    scope.throwIfCancelled();
    const { previousEventId } = frame;
    const { id, timestamp } = run.history.append(`${state.Type}StateEntered`, previousEventId, { state: name, input: frame.input });
    frame.previousEventId = id;
    frame.entered = { eventId: id, previousEventId, time: timestamp };
    if (timestamp > run.deadline) run.expire();
    scope.throwIfCancelled();
  }
  return new Visit(run, frame, scope, name, state, frame.entered);
}

function leave(visit: Visit, { output, assigned, next }: Transition): void {
  const { frame, state, name } = visit;
  const changes = assigned !== undefined && Object.keys(assigned).length > 0 ? assigned : undefined;
  const bytesOf = (value: JsonValue) => visit.run.meter.bytes(value);
  if (changes !== undefined && !frame.variables.hasRoomFor(changes, bytesOf)) throw tooManyVariables(name);
  visit.record(`${state.Type}StateExited`, { state: name, output, assignedVariables: changes });
  // Not before the event is in the history: an execution that is stopped here assigns again when it is redriven.
  if (changes !== undefined) frame.variables.assign(changes, bytesOf);
  frame.entered = undefined;
  frame.dropChildren();
  frame.mapRun = undefined;
  if (next === undefined) {
    frame.done = { output };
    frame.variables.close();
  } else {
    frame.state = next;
    frame.input = output;
  }
}

async function perform(visit: Visit): Promise<Transition> {
  const { state } = visit;
  switch (state.Type) {
    case 'Pass': return runPass(visit.as(state));
    case 'Task': return runTask(visit.as(state));
    case 'Choice': return runChoice(visit.as(state));
    case 'Wait': return runWait(visit.as(state));
    case 'Succeed': return runSucceed(visit.as(state));
    case 'Fail': return runFail(visit.as(state));
    case 'Parallel': return runParallel(visit.as(state));
    case 'Map': return runMap(visit.as(state));
  }
}
