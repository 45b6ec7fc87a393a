import { ChoiceState } from '../definition';
import { RuntimeProblem } from '../failure';
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
  // AWS has a name for this, States.NoChoiceMatched, but keeps it "for future use": developer guide, "Error names".
  throw new RuntimeProblem('Failed to transition out of the state. The state does not point to a next state.');
}
