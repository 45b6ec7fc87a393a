import { AslGraph, AslState } from './asl';

export interface WalkOptions {
  /** Where the walk ends, without counting that state; it may also be where the walk begins. Default: the end of the machine. */
  readonly to?: string;
  /** States that the walk must not enter. */
  readonly leaveOut?: readonly string[];
}

/**
 * The greatest sum of costs on any walk through a machine. A loop that the walk could go round for ever is an error: the walk to the head of a
 * loop ends there, and no other walk enters the state that it began at.
 */
export function longestWalk(graph: AslGraph, from: string, cost: (state: AslState) => number, { to, leaveOut = [] }: WalkOptions = {}): number {
  const known = new Map<string, number>();
  const underway = new Set<string>();

  const walk = (name: string): number => {
    const found = known.get(name);
    if (found !== undefined) return found;
    if (underway.has(name)) throw new Error(`there is a loop at ${name} whose rounds nobody counts`);
    underway.add(name);
    const sum = cost(graph.States[name]) + onwards(graph.States[name]);
    underway.delete(name);
    known.set(name, sum);
    return sum;
  };
  const onwards = (state: AslState): number => {
    const next = successors(state).filter((name) => !leaveOut.includes(name));
    const ends = to === undefined && isEnd(state) ? [0] : [];
    const walks = next.filter((name) => name !== from || name === to).map((name) => (name === to ? 0 : walk(name)));
    return Math.max(...ends, ...walks, -Infinity);
  };

  const longest = walk(from);
  if (longest === -Infinity) throw new Error(`there is no way from ${from} to ${to ?? 'an end'}`);
  return longest;
}

/** Fewest states from one to another one, or once round a loop back to it: the first is counted, the last is not. */
export function fewestStates(graph: AslGraph, from: string, to: string): number {
  const reached = new Set<string>();
  for (let [steps, names] = [1, successors(graph.States[from])]; names.length > 0; steps += 1) {
    if (names.includes(to)) return steps;
    for (const name of names) reached.add(name);
    names = names.flatMap((name) => successors(graph.States[name])).filter((name) => !reached.has(name));
  }
  throw new Error(`there is no way from ${from} to ${to}`);
}

function isEnd(state: AslState): boolean {
  return state.Type === 'Fail' || ('End' in state && state.End === true);
}

function successors(state: AslState): string[] {
  switch (state.Type) {
    case 'Fail':
      return [];
    case 'Choice':
      return [...state.Choices.map(({ Next }) => Next), state.Default];
    case 'Task':
    case 'Map':
      return [...(state.Next === undefined ? [] : [state.Next]), ...(state.Catch ?? []).map(({ Next }) => Next)];
    default:
      return state.Next === undefined ? [] : [state.Next];
  }
}
