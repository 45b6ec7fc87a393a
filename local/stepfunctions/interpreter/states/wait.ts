import { WaitState } from '../definition';
import { Transition } from '../transition';
import { Visit } from '../visit';

/** Wait: lets virtual time pass. A redriven Wait goes on with the rest of its time. */
export async function runWait({ language, state, run, scope }: Visit<WaitState>): Promise<Transition> {
  const end = await language.endOfWait(state);
  await run.clock.sleep(Math.max(0, Math.min(end, run.deadline) - run.clock.now()), scope.signal);
  if (end > run.deadline) run.expire();
  scope.throwIfCancelled();
  return language.leave(state, state.Next);
}
