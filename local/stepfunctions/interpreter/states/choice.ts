import { ChoiceState } from '../definition';
import { StateFailure } from '../failure';
import { Transition } from '../transition';
import { Visit } from '../visit';

/** Choice: the first rule that holds decides, else the default, to which the Assign and Output of the state itself belong. */
export async function runChoice(visit: Visit<ChoiceState>): Promise<Transition> {
  const { language, state } = visit;
  for (const [index, rule] of state.Choices.entries()) {
    const place = `Choices[${index}]/`;
    if (await language.holds(rule, place)) return language.leave(state, rule.Next, { from: rule, place });
  }
  if (state.Default !== undefined) return language.leave(state, state.Default);
  const cause = `${visit.place} Failed to transition out of the state. The state does not point to a next state.`;
  throw new StateFailure('States.NoChoiceMatched', cause);
}
