import { SucceedState } from '../definition';
import { Transition } from '../transition';
import { Visit } from '../visit';

/** Succeed: the end of its branch. */
export async function runSucceed({ language, state }: Visit<SucceedState>): Promise<Transition> {
  return language.leave(state, undefined);
}
