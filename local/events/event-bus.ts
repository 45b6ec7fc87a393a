import { CallContext, JsonObject } from '../aws/service';
import { Clock } from '../clock';
import { matchesPattern } from './event-pattern';
import { InputTransformer, transformInput } from './input-transformer';

/** Who gets what a rule lets through, by the service in the target's ARN. */
export type DeliverToTarget = (targetArn: string, input: string, context: CallContext) => Promise<void>;

export interface EventTarget {
  readonly id: string;
  readonly arn: string;
  /** Default: the event as it is. */
  readonly transformer?: InputTransformer;
}

export interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: JsonObject;
  readonly enabled: boolean;
  readonly targets: readonly EventTarget[];
}

/** An event that did not reach a target, and why. */
export interface Undelivered {
  readonly ruleArn: string;
  readonly targetArn: string;
  readonly error: Error;
}

export interface EventBusOptions {
  readonly accountId: string;
  readonly clock: Clock;
  /** By service: `sqs`. A rule with a target of another service cannot be made. */
  readonly targets: Readonly<Record<string, DeliverToTarget>>;
}

/** The default event bus: rules, and the targets they lead to. */
export class EventBus {
  /** A real EventBridge would retry these for a day; whoever tests wants to see them at once. */
  readonly undelivered: Undelivered[] = [];
  private readonly rules: EventRule[] = [];

  constructor(private readonly options: EventBusOptions) {}

  addRule(rule: EventRule): void {
    for (const { arn } of rule.targets) {
      if (this.options.targets[serviceOf(arn)] === undefined) throw new Error(`${rule.name}: the local cloud does not implement the target ${arn}`);
    }
    // An operator that is not implemented is found now, not when the first event comes.
    matchesPattern(rule.pattern, {});
    this.rules.push(rule);
  }

  /** Delivers an event to every target of every rule that matches; virtual time stands still meanwhile. */
  async publish(event: JsonObject): Promise<void> {
    const matching = this.rules.filter(({ enabled, pattern }) => enabled && matchesPattern(pattern, event));
    await this.options.clock.hold(async () => {
      for (const rule of matching) {
        for (const target of rule.targets) await this.deliver(rule, target, event);
      }
    });
  }

  private async deliver(rule: EventRule, { arn, transformer }: EventTarget, event: JsonObject): Promise<void> {
    const context: CallContext = { caller: { service: 'events.amazonaws.com' }, sourceArn: rule.arn, sourceAccount: this.options.accountId };
    try {
      const input = transformer === undefined ? JSON.stringify(event) : transformInput(transformer, event);
      await this.options.targets[serviceOf(arn)](arn, input, context);
    } catch (error) {
      this.undelivered.push({ ruleArn: rule.arn, targetArn: arn, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
}

function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}
