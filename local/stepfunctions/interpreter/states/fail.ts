import { FailState } from '../definition';
import { StateFailure } from '../failure';
import { Visit } from '../visit';

/** Fail: the failure that it names. */
export async function runFail({ language, state }: Visit<FailState>): Promise<never> {
  throw new StateFailure(await language.text(state, 'Error'), await language.text(state, 'Cause'));
}
