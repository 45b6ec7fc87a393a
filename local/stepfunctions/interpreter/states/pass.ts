import { PassState } from '../definition';
import { Transition } from '../transition';
import { Visit } from '../visit';

/** Pass: its Result, or its input after Parameters. */
export async function runPass({ language, state }: Visit<PassState>): Promise<Transition> {
  return language.leaveWith(state, state.Result === undefined ? await language.arguments(state) : state.Result);
}
