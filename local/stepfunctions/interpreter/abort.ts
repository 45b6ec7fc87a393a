import { Frame } from './frame';
import { Run } from './run';

/** States whose being called off is an event. */
const abortable: readonly string[] = ['Task', 'Wait', 'Map', 'Parallel'];

/** Records that the states in which a frame is were called off, the innermost first. */
export function recordAbortedStates(run: Run, frame: Frame): void {
  if (frame.done !== undefined || frame.entered === undefined) return;
  const { Type: type } = frame.graph.States[frame.state];
  // A Map or Parallel that failed has told so itself; a failed Task counts as still open.
  if (frame.failed && type !== 'Task') return;
  frame.children?.forEach((child, index) => {
    if (child === undefined || child.done !== undefined) return;
    recordAbortedStates(run, child);
    if (type === 'Map') run.history.append('MapIterationAborted', child.previousEventId, { state: frame.state, index });
  });
  if (abortable.includes(type)) run.history.append(`${type}StateAborted`, frame.previousEventId, {});
}
