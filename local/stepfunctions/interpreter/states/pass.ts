import { PassState } from '../definition';
import { Transition, Visit } from '../visit';

/** Pass: its Result, or its input after Parameters. */
export function runPass(visit: Visit<PassState>): Transition {
  const { state } = visit;
  const input = visit.fill(state.Parameters, visit.data(visit.selectInput(state)));
  return visit.leaveWith(state, state.Result === undefined ? input : state.Result);
}
