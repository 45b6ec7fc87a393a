/** Part of a template. */
export type TemplateNode = TextNode | Reference | SetNode | IfNode | ForEachNode;

export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

/** `$name.property.method(arguments)[index]`. */
export interface Reference {
  readonly kind: 'reference';
  readonly name: string;
  readonly steps: readonly ReferenceStep[];
  /** As written, for messages. */
  readonly source: string;
}

export type ReferenceStep =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'method'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'index'; readonly index: Expression };

export interface SetNode {
  readonly kind: 'set';
  readonly target: Reference;
  readonly value: Expression;
}

export interface IfNode {
  readonly kind: 'if';
  /** `#if` and each `#elseif`, then `#else` without a condition. */
  readonly branches: ReadonlyArray<{ readonly condition?: Expression; readonly body: readonly TemplateNode[] }>;
}

export interface ForEachNode {
  readonly kind: 'foreach';
  readonly variable: string;
  readonly items: Expression;
  readonly body: readonly TemplateNode[];
}

export type Expression =
  | Reference
  | { readonly kind: 'literal'; readonly value: string | bigint | boolean }
  | { readonly kind: 'interpolation'; readonly parts: ReadonlyArray<TextNode | Reference> }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
  | { readonly kind: 'map'; readonly entries: ReadonlyArray<readonly [Expression, Expression]> }
  | { readonly kind: 'not'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression };

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';
