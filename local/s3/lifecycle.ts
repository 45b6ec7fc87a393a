const DAY = 86_400_000;

/** One enabled rule of a bucket's lifecycle configuration. */
export interface LifecycleRule {
  readonly id: string;
  /** Keys it applies to; empty for all. */
  readonly prefix: string;
  /** Days from creation of an object to its expiry. */
  readonly expirationDays?: number;
  /** Epoch milliseconds at which every object of the rule expires. */
  readonly expirationDate?: number;
  /** Days from the start of a multipart upload to its end. */
  readonly abortIncompleteDays?: number;
}

export interface Expiry {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly ruleId: string;
}

/** S3 adds the days to the time of creation and rounds up to the next midnight UTC. */
function midnightAfter(time: number, days: number): number {
  return (Math.floor((time + days * DAY) / DAY) + 1) * DAY;
}

/** When an object expires: the earliest of the rules that apply to it. */
export function objectExpiry(rules: readonly LifecycleRule[], key: string, createdAt: number): Expiry | undefined {
  return earliest(rules.filter(({ prefix }) => key.startsWith(prefix)).flatMap((rule) => [
    ...rule.expirationDays === undefined ? [] : [{ at: midnightAfter(createdAt, rule.expirationDays), ruleId: rule.id }],
    ...rule.expirationDate === undefined ? [] : [{ at: rule.expirationDate, ruleId: rule.id }],
  ]));
}

/** When a multipart upload that nobody completes is aborted. */
export function uploadExpiry(rules: readonly LifecycleRule[], key: string, startedAt: number): Expiry | undefined {
  return earliest(rules.filter(({ prefix }) => key.startsWith(prefix)).flatMap(({ abortIncompleteDays, id }) => (
    abortIncompleteDays === undefined ? [] : [{ at: midnightAfter(startedAt, abortIncompleteDays), ruleId: id }]
  )));
}

function earliest(expiries: readonly Expiry[]): Expiry | undefined {
  return expiries.reduce<Expiry | undefined>((first, expiry) => (first === undefined || expiry.at < first.at ? expiry : first), undefined);
}

/** The `x-amz-expiration` header. */
export function expirationHeader({ at, ruleId }: Expiry): string {
  return `expiry-date="${new Date(at).toUTCString()}", rule-id="${encodeURIComponent(ruleId)}"`;
}
