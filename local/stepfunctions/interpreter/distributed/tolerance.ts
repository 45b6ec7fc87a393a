import { MapState } from '../definition';
import { RuntimeProblem } from '../failure';
import { Visit } from '../visit';
import { MapRunCounts, Tolerance } from './map-run';

export async function readTolerance({ language, state }: Visit<MapState>): Promise<Tolerance> {
  const count = await language.number(state, 'ToleratedFailureCount') ?? 0;
  if (count < 0) throw new RuntimeProblem('ToleratedFailureCount cannot be negative.');
  const percentage = await language.number(state, 'ToleratedFailurePercentage', '', 'float') ?? 0;
  if (percentage < 0 || percentage > 100) throw new RuntimeProblem('ToleratedFailurePercentage must be between 0 and 100.');
  return { count, percentage };
}

/** Items that were stopped count as failed. With no tolerance given, the first failure is one too many; with both given, either can be exceeded. */
export function exceeds({ failed, timedOut, aborted, total }: MapRunCounts, { count, percentage }: Tolerance): boolean {
  const failures = failed + timedOut + aborted;
  if (failures === 0) return false;
  if (count === 0 && percentage === 0) return true;
  return (count > 0 && failures > count) || (percentage > 0 && (failures * 100) / total > percentage);
}
