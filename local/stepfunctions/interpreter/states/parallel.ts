import { JsonValue } from '../../../json';
import { recordAbortedStates } from '../abort';
import { ParallelState } from '../definition';
import { withErrorHandling } from '../error-handling';
import { EvaluationFailure } from '../failure';
import { Frame } from '../frame';
import { runTogether } from '../together';
import { Transition } from '../transition';
import { Visit } from '../visit';

/** Parallel: all branches at once; the first failure calls off the others. */
export async function runParallel(visit: Visit<ParallelState>): Promise<Transition> {
  const attempt = async () => {
    const result = await runBranches(visit);
    visit.assertFits(result, true);
    visit.note('ParallelStateSucceeded');
    return visit.language.leaveWith(visit.state, result);
  };
  return withErrorHandling(visit, visit.state, attempt, (failure) => {
    // In JSONPath, a failure before the branches have started leaves no event of its own.
    if (visit.frame.children !== undefined || failure instanceof EvaluationFailure) visit.record('ParallelStateFailed');
  });
}

async function runBranches(visit: Visit<ParallelState>): Promise<JsonValue> {
  const { frame, run } = visit;
  // After a redrive the branches go on where they stood.
  const branches = frame.children?.filter((branch) => branch !== undefined) ?? await startBranches(visit);
  frame.children = branches;
  await runTogether(visit.scope, branches.length, branches.length, async (index, scope) => {
    try {
      if (branches[index].done === undefined) await run.runGraph(branches[index], scope);
    } catch (failure) {
      scope.throwIfCancelled();
      frame.previousEventId = branches[index].previousEventId;
      throw failure;
    }
  }).catch((failure) => {
    visit.scope.throwIfCancelled();
    for (const branch of branches) recordAbortedStates(run, branch, frame.previousEventId);
    throw failure;
  });
  frame.dropChildren();
  frame.previousEventId = Math.max(...branches.map((branch) => branch.previousEventId));
  return branches.map((branch) => branch.done?.output ?? null);
}

async function startBranches(visit: Visit<ParallelState>): Promise<Frame[]> {
  const { state, frame } = visit;
  const input = await visit.language.arguments(state);
  visit.assertFits(input, true);
  visit.record('ParallelStateStarted');
  return state.Branches.map((branch) => new Frame(branch, input, frame.previousEventId, frame.map, frame.variables));
}
