import { SucceedState } from '../definition';
import { Transition, Visit } from '../visit';

/** Succeed: the end of its branch. */
export function runSucceed(visit: Visit<SucceedState>): Transition {
  return { output: visit.select(visit.state.OutputPath, visit.selectInput(visit.state)) };
}
