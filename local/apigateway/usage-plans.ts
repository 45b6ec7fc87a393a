import { Clock } from '../clock';
import { GatewayFailure } from './gateway-response';
import { TokenBucket } from './token-bucket';

/** Seconds since the epoch are the same everywhere, so periods begin by UTC. */
export type QuotaPeriod = 'DAY' | 'WEEK' | 'MONTH';

export interface ApiKey {
  readonly id: string;
  /** What callers send as `x-api-key`. */
  readonly value: string;
  readonly enabled: boolean;
}

export interface UsagePlan {
  readonly id: string;
  /** Stages that keys of the plan are good for, each as `stageKey` has it. */
  readonly stages: readonly string[];
  /** For each key, over all stages of the plan. */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
  readonly quota?: { readonly limit: number; readonly period: QuotaPeriod };
}

export function stageKey(apiId: string, stage: string): string {
  return `${apiId}/${stage}`;
}

/** The API keys and usage plans of an account in a Region. */
export class UsagePlans {
  private readonly keys = new Map<string, ApiKey>();
  private readonly plans = new Map<string, UsagePlan>();
  /** Ids of the keys of each plan. */
  private readonly members = new Map<string, Set<string>>();
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly used = new Map<string, number>();

  addKey(key: ApiKey): void {
    if ([...this.keys.values()].some(({ value }) => value === key.value)) throw new Error('API Key already exists');
    this.keys.set(key.id, key);
  }

  addPlan(plan: UsagePlan): void {
    this.plans.set(plan.id, plan);
    this.members.set(plan.id, new Set());
  }

  /** A key may be in many plans, but only in one for each stage. */
  addToPlan(planId: string, keyId: string): void {
    const plan = this.plans.get(planId);
    if (plan === undefined) throw new Error(`Invalid Usage Plan ID specified: ${planId}`);
    this.key(keyId);
    const shared = this.plansOf(keyId).flatMap(({ stages }) => stages).find((stage) => plan.stages.includes(stage));
    if (shared !== undefined) throw new Error(`API Key ${keyId} cannot be added to the usage plan ${planId}: it is in another one with the same stage ${shared}`);
    this.members.get(planId)?.add(keyId);
  }

  removeKey(id: string): void {
    this.keys.delete(id);
  }

  /** Changes a plan: its keys stay, with what they used of the quota. */
  changePlan(plan: UsagePlan): void {
    this.plans.set(plan.id, plan);
    for (const client of [...this.buckets.keys()].filter((key) => key.startsWith(`${plan.id} `))) this.buckets.delete(client);
  }

  removePlan(id: string): void {
    this.plans.delete(id);
    this.members.delete(id);
  }

  removeFromPlan(planId: string, keyId: string): void {
    this.members.get(planId)?.delete(keyId);
  }

  key(id: string): ApiKey {
    const key = this.keys.get(id);
    if (key === undefined) throw new Error(`Invalid API Key identifier specified: ${id}`);
    return key;
  }

  /**
   * Finds the key that a request was sent with, and counts the request. Throws what the caller is answered instead.
   *
   * The throttle is asked before the quota, and a request that is throttled does not count: AWS does not document either. It meters on a best-effort basis, and
   * this exactly.
   */
  meter(value: string | undefined, stage: string, clock: Clock): ApiKey {
    const key = [...this.keys.values()].find((candidate) => candidate.value === value);
    if (key === undefined || !key.enabled) throw new GatewayFailure('INVALID_API_KEY');
    const plan = this.plansOf(key.id).find(({ stages }) => stages.includes(stage));
    if (plan === undefined) throw new GatewayFailure('INVALID_API_KEY');
    const client = `${plan.id} ${key.id}`;
    if (plan.throttle !== undefined) {
      const bucket = this.buckets.get(client) ?? new TokenBucket(plan.throttle.rateLimit, plan.throttle.burstLimit, clock);
      this.buckets.set(client, bucket);
      if (!bucket.take()) throw new GatewayFailure('THROTTLED');
    }
    if (plan.quota !== undefined) {
      const period = `${client} ${startOf(plan.quota.period, new Date(clock.now()))}`;
      const used = this.used.get(period) ?? 0;
      if (used >= plan.quota.limit) throw new GatewayFailure('QUOTA_EXCEEDED');
      this.used.set(period, used + 1);
    }
    return key;
  }

  private plansOf(keyId: string): UsagePlan[] {
    return [...this.plans.values()].filter(({ id }) => this.members.get(id)?.has(keyId));
  }
}

/** When the period that a time lies in began. A week begins on Sunday unless an offset says otherwise. Source: CloudFormation, AWS::ApiGateway::UsagePlan QuotaSettings. */
function startOf(period: QuotaPeriod, time: Date): string {
  const day = time.getUTCDate() - (period === 'WEEK' ? time.getUTCDay() : 0);
  return new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), period === 'MONTH' ? 1 : day)).toISOString();
}
