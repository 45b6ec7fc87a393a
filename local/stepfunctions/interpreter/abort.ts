import { Frame } from './frame';
import { Run } from './run';

/** States whose being called off is an event. */
const abortable: readonly string[] = ['Task', 'Wait', 'Map', 'Parallel'];

/** Records that the states in which a frame is were called off, the innermost first; all of it follows the event that is the reason. */
export function recordAbortedStates(run: Run, frame: Frame, reason: number): void {
  if (frame.done !== undefined || frame.entered === undefined) return;
  const { Type: type } = frame.graph.States[frame.state];
  // A Map or Parallel that failed has told so itself; a failed Task counts as still open.
  if (frame.failed && type !== 'Task') return;
  frame.children?.forEach((child, index) => {
    if (child === undefined || child.done !== undefined) return;
    recordAbortedStates(run, child, reason);
    if (type === 'Map') run.history.append('MapIterationAborted', reason, { state: frame.state, index });
  });
  if (frame.mapRun?.status === 'RUNNING') run.history.append('MapRunAborted', reason, {});
  if (abortable.includes(type)) run.history.append(`${type}StateAborted`, reason, {});
}
