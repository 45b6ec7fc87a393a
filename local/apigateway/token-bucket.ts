import { Clock } from '../clock';

/** Requests per second and burst that each method matching a path and a verb may take. */
export interface MethodThrottle {
  /** `/*` for every method of the stage, otherwise a resource path. */
  readonly resourcePath: string;
  /** `*` or a verb. */
  readonly httpMethod: string;
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** A token bucket in virtual time: `burst` tokens at most, `rate` new ones a second, one for each request. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(private readonly rate: number, private readonly burst: number, private readonly clock: Clock) {
    this.tokens = burst;
    this.filledAt = clock.now();
  }

  /** Whether a token was left, which is then gone. */
  take(): boolean {
    const now = this.clock.now();
    this.tokens = Math.min(this.burst, this.tokens + (now - this.filledAt) / 1000 * this.rate);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
