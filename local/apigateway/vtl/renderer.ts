import { calculate } from './arithmetic';
import { callMethod, itemAt } from './methods';
import { Expression, ForEachNode, Reference, ReferenceStep, SetNode, TemplateNode } from './syntax-tree';
import { cannotRender, TemplateError } from './template-error';
import { equal, isTrue, JavaList, JavaValue, print, ProvidedObject, typeName } from './values';

/** Renders one template once. */
export class Renderer {
  private readonly variables: Map<string, JavaValue>;

  /** @param provided What API Gateway gives to a template, by name without the dollar. */
  constructor(provided: ReadonlyMap<string, JavaValue>) {
    this.variables = new Map(provided);
  }

  render(nodes: readonly TemplateNode[]): string {
    return nodes.map((node) => this.renderNode(node)).join('');
  }

  private renderNode(node: TemplateNode): string {
    switch (node.kind) {
      case 'text': return node.text;
      case 'reference': return print(this.evaluateReference(node), node.source);
      case 'set': return this.set(node);
      case 'foreach': return this.forEach(node);
      case 'if': {
        const chosen = node.branches.find(({ condition }) => condition === undefined || isTrue(this.evaluate(condition)));
        return chosen === undefined ? '' : this.render(chosen.body);
      }
    }
  }

  private set({ target, value }: SetNode): string {
    const result = this.evaluate(value);
    if (target.steps.length > 0) {
      this.assignProperty(target, result);
    } else if (result === null && (this.variables.get(target.name) ?? null) !== null) {
      // Velocity 1.7 keeps the old value unless configured otherwise; how API Gateway is configured is not documented.
      throw new TemplateError(`#set of ${target.source} to null while it has a value is not implemented`);
    } else {
      this.variables.set(target.name, result);
    }
    return '';
  }

  private assignProperty(target: Reference, value: JavaValue): void {
    const last = target.steps[target.steps.length - 1];
    const parent = this.evaluateReference({ ...target, steps: target.steps.slice(0, -1) });
    const name = last.kind === 'property' ? last.name : this.indexName(last);
    if (name === undefined || value === null) throw new TemplateError(`this #set of ${target.source} is not implemented`);
    if (parent instanceof Map) parent.set(name, value);
    else if (parent instanceof ProvidedObject) parent.assign(name, value);
    else throw new TemplateError(`#set of ${target.source}, a property of a ${typeName(parent)}, is not implemented`);
  }

  private indexName(step: ReferenceStep): string | undefined {
    const index = step.kind === 'index' ? this.evaluate(step.index) : undefined;
    return typeof index === 'string' ? index : undefined;
  }

  private forEach({ variable, items, body }: ForEachNode): string {
    const list = this.itemsOf(this.evaluate(items));
    const outer = new Map(['foreach', variable].map((name) => [name, this.variables.get(name)]));
    const text = list.map((item, index) => {
      this.variables.set(variable, item);
      this.variables.set('foreach', new Loop(index, list.length));
      return this.render(body);
    });
    for (const [name, value] of outer) {
      if (value === undefined) this.variables.delete(name);
      else this.variables.set(name, value);
    }
    return text.join('');
  }

  private itemsOf(value: JavaValue): readonly JavaValue[] {
    if (value === null) return [];
    if (value instanceof JavaList) return [...value.items];
    if (value instanceof Map) return [...value.values()];
    throw new TemplateError(`#foreach over a ${typeName(value)} is not implemented`);
  }

  private evaluate(expression: Expression): JavaValue {
    switch (expression.kind) {
      case 'literal': return expression.value;
      case 'reference': return this.evaluateReference(expression);
      case 'interpolation': return this.render(expression.parts);
      case 'list': return new JavaList(expression.items.map((item) => this.evaluate(item)));
      case 'range': return range(this.evaluate(expression.from), this.evaluate(expression.to));
      case 'map': return new Map(expression.entries.map(([key, value]) => [this.key(key), this.evaluate(value)]));
      case 'not': return !isTrue(this.evaluate(expression.operand));
      case 'binary': break;
    }
    const { operator, left, right } = expression;
    if (operator === '&&') return isTrue(this.evaluate(left)) && isTrue(this.evaluate(right));
    if (operator === '||') return isTrue(this.evaluate(left)) || isTrue(this.evaluate(right));
    if (operator === '==') return equal(this.evaluate(left), this.evaluate(right));
    if (operator === '!=') return !equal(this.evaluate(left), this.evaluate(right));
    return calculate(operator, this.evaluate(left), this.evaluate(right));
  }

  private key(expression: Expression): string {
    const key = this.evaluate(expression);
    return typeof key === 'string' ? key : cannotRender(`a map key that is a ${typeName(key)} is not implemented`);
  }

  private evaluateReference(reference: Reference): JavaValue {
    const value = this.variables.get(reference.name);
    // What API Gateway prints for a variable that was never set is not documented.
    if (value === undefined) throw new TemplateError(`${reference.source}: $${reference.name} is not set here`);
    return reference.steps.reduce((base, step) => this.step(base, step, reference.source), value);
  }

  private step(base: JavaValue, step: ReferenceStep, source: string): JavaValue {
    if (step.kind === 'method') return callMethod(base, step.name, step.arguments.map((argument) => this.evaluate(argument)));
    if (base === null) return null;
    if (step.kind === 'property') return property(base, step.name, source);
    const index = this.evaluate(step.index);
    if (typeof index === 'string') return property(base, index, source);
    if (typeof index === 'bigint' && base instanceof JavaList && base.kind !== 'set') return itemAt(base, Number(index));
    return cannotRender(`${source}: index of a ${typeName(base)} by a ${typeName(index)} is not implemented`);
  }
}

/** `$foreach`. */
class Loop extends ProvidedObject {
  readonly source = '$foreach';

  constructor(private readonly position: number, private readonly length: number) {
    super();
  }

  override property(name: string): JavaValue {
    if (name === 'index') return BigInt(this.position);
    if (name === 'count') return BigInt(this.position + 1);
    if (name === 'hasNext') return this.position + 1 < this.length;
    return super.property(name);
  }
}

function property(base: JavaValue, name: string, source: string): JavaValue {
  if (base instanceof Map) return base.get(name) ?? null;
  if (base instanceof ProvidedObject) return base.property(name);
  return cannotRender(`${source}: property ${name} of a ${typeName(base)} is not implemented`);
}

function range(from: JavaValue, to: JavaValue): JavaList {
  if (typeof from !== 'bigint' || typeof to !== 'bigint') return cannotRender('a range of anything but integers is not implemented');
  const step = from <= to ? 1n : -1n;
  const length = Number((to - from) * step) + 1;
  return new JavaList(Array.from({ length }, (_, index) => from + BigInt(index) * step));
}
