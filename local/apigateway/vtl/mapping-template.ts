import { Context, ContextValues, noOverrides, Overrides } from './context';
import { Input, RequestParameters } from './input';
import { Renderer } from './renderer';
import { Expression, Reference, TemplateNode } from './syntax-tree';
import { TemplateError } from './template-error';
import { parseTemplate } from './template-parser';
import { Utilities } from './utilities';
import { JavaValue } from './values';

/** What a template is rendered with. */
export interface TemplateInput {
  readonly body: string;
  readonly parameters: RequestParameters;
  readonly context: ContextValues;
  readonly stageVariables: Readonly<Record<string, string>>;
}

export interface RenderedTemplate {
  readonly text: string;
  readonly overrides: Overrides;
}

const PROVIDED = ['input', 'util', 'context', 'stageVariables', 'foreach'];

/**
 * A mapping template of API Gateway. Creating one fails for a template with a construct that is not implemented or a variable that is never
 * set, whatever path a request would take through it.
 */
export class MappingTemplate {
  private readonly nodes: readonly TemplateNode[];

  constructor(readonly source: string) {
    this.nodes = parseTemplate(source);
    const references: Reference[] = [];
    const assigned = new Set<string>();
    for (const node of this.nodes) collect(node, references, assigned);
    const unknown = references.find(({ name }) => !PROVIDED.includes(name) && !assigned.has(name));
    if (unknown !== undefined) throw new TemplateError(`${unknown.source}: $${unknown.name} is never set`);
    const overwritten = PROVIDED.find((name) => assigned.has(name));
    if (overwritten !== undefined) throw new TemplateError(`#set of $${overwritten} is not implemented`);
  }

  render({ body, parameters, context, stageVariables }: TemplateInput): RenderedTemplate {
    const overrides = noOverrides();
    const renderer = new Renderer(new Map<string, JavaValue>([
      ['input', new Input(body, parameters)],
      ['util', new Utilities()],
      ['context', new Context(context, overrides)],
      ['stageVariables', new Map(Object.entries(stageVariables))],
    ]));
    return { text: renderer.render(this.nodes), overrides };
  }
}

/** Finds every reference that is read and every variable that is set, in whatever branch. */
function collect(node: TemplateNode | Expression, references: Reference[], assigned: Set<string>): void {
  const visit = (...nodes: ReadonlyArray<TemplateNode | Expression>) => nodes.forEach((inner) => collect(inner, references, assigned));
  switch (node.kind) {
    case 'reference':
      references.push(node);
      for (const step of node.steps) visit(...(step.kind === 'method' ? step.arguments : step.kind === 'index' ? [step.index] : []));
      break;
    case 'set':
      if (node.target.steps.length === 0) assigned.add(node.target.name);
      else visit(node.target);
      visit(node.value);
      break;
    case 'foreach':
      assigned.add(node.variable);
      visit(node.items, ...node.body);
      break;
    case 'if':
      for (const { condition, body } of node.branches) visit(...(condition === undefined ? body : [condition, ...body]));
      break;
    case 'interpolation': visit(...node.parts); break;
    case 'list': visit(...node.items); break;
    case 'range': visit(node.from, node.to); break;
    case 'map': visit(...node.entries.flat()); break;
    case 'not': visit(node.operand); break;
    case 'binary': visit(node.left, node.right); break;
    case 'text':
    case 'literal': break;
  }
}
