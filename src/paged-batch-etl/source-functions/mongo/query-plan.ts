import type { Document } from 'mongodb';
import { isEmbedded } from './bson-order';

/** One step of a plan for a query. */
export interface PlanStage {
  /** Name, such as `IXSCAN`. */
  readonly name: string;
  /** The stage as the server describes it. */
  readonly details: Document;
}

/** What a server, or a shard of it, would do. */
export interface QueryPlan {
  readonly chosen: readonly PlanStage[];
  /** Plans that were tried, and came out no better. */
  readonly rejected: readonly (readonly PlanStage[])[];
}

/** Members in which stages have stages below them, also that of slot-based plans (`queryPlan`). */
const CHILDREN: readonly string[] = ['queryPlan', 'inputStage', 'inputStages', 'outerStage', 'innerStage', 'thenStage', 'elseStage'];

/** The plans of an explained query, one for each shard that takes part; stages in each are in order, outer ones first. */
export function queryPlans({ queryPlanner }: Document): QueryPlan[] {
  if (!isEmbedded(queryPlanner)) return [];
  const { winningPlan } = queryPlanner;
  const shards: unknown = isEmbedded(winningPlan) ? winningPlan.shards : undefined;
  return (Array.isArray(shards) ? shards : [queryPlanner]).flatMap(planOf);
}

function planOf(planner: unknown): QueryPlan[] {
  if (!isEmbedded(planner)) return [];
  const { winningPlan, rejectedPlans } = planner;
  const chosen = stagesOf(winningPlan);
  if (chosen.length === 0) return [];
  return [{ chosen, rejected: Array.isArray(rejectedPlans) ? rejectedPlans.map(stagesOf) : [] }];
}

function stagesOf(plan: unknown): PlanStage[] {
  if (Array.isArray(plan)) return plan.flatMap(stagesOf);
  if (!isEmbedded(plan)) return [];
  const own = typeof plan.stage === 'string' ? [{ name: plan.stage, details: plan }] : [];
  return [...own, ...CHILDREN.flatMap((name) => stagesOf(plan[name]))];
}
