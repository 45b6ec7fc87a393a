import { expectKeys, expectList, expectObject, expectString, expectText, isObject, JsonObject, JsonValue } from '../json';
import { evaluate, Scope } from './intrinsics';

/** The named conditions of a template. */
export class Conditions {
  private readonly results = new Map<string, boolean>();
  private readonly underway: string[] = [];

  constructor(
    private readonly definitions: JsonObject,
    /** What parameters and mappings stand for; a condition cannot ask for resources. */
    private readonly scope: () => Scope,
  ) {}

  /** Whether a condition holds. */
  holds(name: string, path: string): boolean {
    const known = this.results.get(name);
    if (known !== undefined) return known;
    const definition = this.definitions[name];
    if (definition === undefined) throw new Error(`${path}: Template format error: Unresolved condition dependency ${name}`);
    if (this.underway.includes(name)) throw new Error(`Circular dependency between conditions: [${[...this.underway].sort().join(', ')}]`);
    this.underway.push(name);
    const result = evaluateCondition(definition, this.scope(), `Conditions.${name}`);
    this.underway.pop();
    this.results.set(name, result);
    return result;
  }

  /** Evaluates all of them, so that a faulty one is found even where nothing uses it. */
  check(): void {
    for (const name of Object.keys(this.definitions)) this.holds(name, `Conditions.${name}`);
  }
}

/** Evaluates a condition expression: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not`, `Condition`. */
export function evaluateCondition(expression: JsonValue, scope: Scope, path: string): boolean {
  const entries = isObject(expression) ? Object.entries(expression) : [];
  if (entries.length !== 1) throw new Error(`${path}: expected one condition function, got ${JSON.stringify(expression)}`);
  const [name, argument] = entries[0];
  const here = `${path}.${name}`;
  const all = (least: number, most: number) => {
    const parts = expectList(argument, here);
    if (parts.length < least || parts.length > most) throw new Error(`${here}: takes ${least} to ${most} conditions, got ${parts.length}`);
    // Every part is evaluated, so that an error does not hide behind the first one.
    return parts.map((part, index) => evaluateCondition(part, scope, `${here}[${index}]`));
  };
  switch (name) {
    case 'Condition':
      return scope.condition(expectString(argument, here), here);
    case 'Fn::Equals': {
      const operands = expectList(argument, here);
      if (operands.length !== 2) throw new Error(`${here}: takes 2 values, got ${operands.length}`);
      const [left, right] = operands.map((operand, index) => expectText(evaluate(operand, scope, here), `${here}[${index}]`));
      return left === right;
    }
    case 'Fn::And':
      return all(2, 10).every(Boolean);
    case 'Fn::Or':
      return all(2, 10).some(Boolean);
    case 'Fn::Not':
      return !all(1, 1)[0];
    default:
      throw new Error(`${here}: the local cloud does not implement ${name} in a condition`);
  }
}

/** The rule by which CDK templates ask for a recent bootstrap stack. There is none here: assets are read from the assembly itself. */
const BOOTSTRAP_RULE = 'CheckBootstrapVersion';

/** Fails when a rule of the template does: every assertion must hold if the rule's condition does. */
export function checkRules(rules: JsonObject, scope: Scope): void {
  for (const [name, value] of Object.entries(rules)) {
    if (name === BOOTSTRAP_RULE) continue;
    const path = `Rules.${name}`;
    const rule = expectObject(value, path);
    expectKeys(rule, ['RuleCondition', 'Assertions'], path);
    if (rule.RuleCondition !== undefined && !evaluateCondition(rule.RuleCondition, scope, `${path}.RuleCondition`)) continue;
    expectList(rule.Assertions, `${path}.Assertions`).forEach((item, index) => {
      const here = `${path}.Assertions[${index}]`;
      const assertion = expectObject(item, here);
      expectKeys(assertion, ['Assert', 'AssertDescription'], here);
      if (!evaluateCondition(assertion.Assert ?? null, scope, `${here}.Assert`)) {
        throw new Error(`${here}: ${JSON.stringify(assertion.AssertDescription ?? 'the assertion')} failed`);
      }
    });
  }
}
