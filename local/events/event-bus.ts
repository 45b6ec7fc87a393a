import { parseArn } from '../aws/arn';
import { Caller, CallContext, DeliverToTarget } from '../aws/service';
import { Clock } from '../clock';
import { asError } from '../errors';
import { JsonObject } from '../json';
import { attempt, Refusal, RetryPolicy } from './delivery-attempts';
import { compilePattern, EventMatcher } from './event-pattern';
import { DeliveredBy } from './input-transformer';
import { checkTargetInput, inputOf, TargetInput } from './target-input';

export interface EventTarget extends TargetInput {
  readonly id: string;
  readonly arn: string;
  /** Role to act with; default: as the service `events.amazonaws.com`, which the target's own policy must allow. */
  readonly roleArn?: string;
  /** Queue for what cannot be delivered. */
  readonly deadLetterArn?: string;
  /** Default: a day, 185 times. */
  readonly retryPolicy?: RetryPolicy;
}

export interface EventRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: JsonObject;
  readonly enabled: boolean;
  readonly targets: readonly EventTarget[];
}

/** An event that reached neither a target nor a dead letter queue, and why. */
export interface Undelivered {
  readonly ruleArn: string;
  readonly targetArn: string;
  readonly error: Error;
}

export interface EventBusOptions {
  /** Default: default. */
  readonly name?: string;
  readonly accountId: string;
  readonly clock: Clock;
  /** By service: `sqs`. A rule with a target of another service cannot be made. */
  readonly targets: Readonly<Record<string, DeliverToTarget>>;
  /** Who EventBridge is when it acts with a role that trusts it. Default: targets with a role are refused. */
  readonly assumeRole?: (roleArn: string, service: string, sessionName: string) => Promise<Caller>;
  /** Where it notes what could not be delivered. Default: a list of its own. */
  readonly undelivered?: Undelivered[];
}

/** What a rule and a target can be called. Source: API references of PutRule and PutTargets. */
const NAME = /^[.\-_A-Za-z0-9]{1,64}$/;

const EVENTBRIDGE = 'events.amazonaws.com';

/** Targets that take a role and need one; all others have a policy of their own and take none. */
const SERVICES_WITH_ROLE = ['states'];

interface CompiledRule {
  readonly rule: EventRule;
  readonly matches: EventMatcher;
}

/** An event bus: rules, and the targets they lead to. */
export class EventBus {
  readonly name: string;
  readonly undelivered: Undelivered[];
  private readonly rules: CompiledRule[] = [];

  constructor(private readonly options: EventBusOptions) {
    this.name = options.name ?? 'default';
    this.undelivered = options.undelivered ?? [];
  }

  get hasRules(): boolean {
    return this.rules.length > 0;
  }

  /** Adds a rule. What in it is not valid or not implemented is found now, not when the first event comes. */
  addRule(rule: EventRule): void {
    if (this.rules.some(({ rule: { name } }) => name === rule.name)) throw new Error(`A rule named ${rule.name} already exists`);
    this.rules.push(this.compile(rule));
  }

  /** Changes a rule: events that come from now on are matched by the new one. */
  changeRule(rule: EventRule): void {
    const compiled = this.compile(rule);
    this.rules.splice(this.rules.findIndex(({ rule: { name } }) => name === rule.name), 1, compiled);
  }

  removeRule(name: string): void {
    const index = this.rules.findIndex(({ rule }) => rule.name === name);
    if (index >= 0) this.rules.splice(index, 1);
  }

  private compile(rule: EventRule): CompiledRule {
    if (!NAME.test(rule.name)) throw new Error(`${rule.name} is no name of a rule`);
    const ids = rule.targets.map(({ id }) => id);
    const wrong = ids.find((id, index) => !NAME.test(id) || ids.indexOf(id) !== index);
    if (wrong !== undefined) throw new Error(`${rule.name}: the target id ${wrong} is not allowed, or there twice`);
    if (rule.targets.length > 5) throw new Error(`${rule.name}: a rule has 5 targets at most, got ${rule.targets.length}`);
    for (const target of rule.targets) this.checkTarget(rule, target);
    return { rule, matches: compilePattern(rule.pattern) };
  }

  /** Delivers an event to every target of every rule that matches; done when each has it, or it was given up. */
  async publish(event: JsonObject): Promise<void> {
    const matching = this.rules.filter(({ rule, matches }) => rule.enabled && matches(event));
    await Promise.all(matching.flatMap(({ rule }) => rule.targets.map((target) => this.deliver(rule, target, event))));
  }

  private checkTarget(rule: EventRule, target: EventTarget): void {
    const { service } = parseArn(target.arn);
    if (this.options.targets[service] === undefined) throw new Error(`${rule.name}: the local cloud does not implement the target ${target.arn}`);
    if (SERVICES_WITH_ROLE.includes(service) !== (target.roleArn !== undefined)) {
      throw new Error(`${rule.name}: RoleArn is ${target.roleArn === undefined ? 'required' : 'not implemented'} for the target ${target.arn}`);
    }
    if (target.roleArn !== undefined && this.options.assumeRole === undefined) throw new Error(`${rule.name}: the local cloud does not implement RoleArn`);
    if (target.deadLetterArn !== undefined && (parseArn(target.deadLetterArn).service !== 'sqs' || this.options.targets.sqs === undefined)) {
      throw new Error(`${rule.name}: the dead letter queue ${target.deadLetterArn} is not a queue of the local cloud`);
    }
    checkTargetInput(target);
  }

  private async deliver(rule: EventRule, target: EventTarget, event: JsonObject): Promise<void> {
    const { clock, targets } = this.options;
    try {
      const by: DeliveredBy = { ruleName: rule.name, ruleArn: rule.arn, ingestionTime: new Date(clock.now()).toISOString() };
      const input = inputOf(target, event, by);
      const send = async () => targets[parseArn(target.arn).service](target.arn, input, await this.contextOf(rule, target));
      const refusal = await attempt(send, { clock, policy: target.retryPolicy });
      if (refusal !== undefined) await this.giveUp(rule, target, event, refusal);
    } catch (fault) {
      // Not a refusal but something the local cloud cannot do: a dead letter would hide it.
      this.record(rule, target, fault);
    }
  }

  /** A dead letter where there is a queue for it; it holds the event as it came, and says why in attributes. */
  private async giveUp(rule: EventRule, target: EventTarget, event: JsonObject, refusal: Refusal): Promise<void> {
    const { deadLetterArn } = target;
    if (deadLetterArn === undefined) return this.record(rule, target, refusal.error);
    const attributes = { RULE_ARN: rule.arn, TARGET_ARN: target.arn, ...refusal.attributes };
    await this.options.clock.hold(() => this.options.targets.sqs(deadLetterArn, JSON.stringify(event), this.ownContext(rule), attributes));
  }

  private record(rule: EventRule, target: EventTarget, thrown: unknown): void {
    this.undelivered.push({ ruleArn: rule.arn, targetArn: target.arn, error: asError(thrown) });
  }

  private async contextOf(rule: EventRule, { roleArn }: EventTarget): Promise<CallContext> {
    if (roleArn === undefined || this.options.assumeRole === undefined) return this.ownContext(rule);
    return { caller: await this.options.assumeRole(roleArn, EVENTBRIDGE, rule.name) };
  }

  private ownContext(rule: EventRule): CallContext {
    return { caller: { service: EVENTBRIDGE }, sourceArn: rule.arn, sourceAccount: this.options.accountId };
  }
}
