import { TemplateError } from './template-error';

/** A value as Velocity sees it: Java's strings, booleans, integers of any width, decimals, maps, lists, and the objects API Gateway provides. */
export type JavaValue = string | boolean | bigint | null | JavaDecimal | JavaMap | JavaList | ProvidedObject;

/** A map in the order its keys were put. */
export type JavaMap = Map<string, JavaValue>;

/** A number with decimals or an exponent, as the sender wrote it. */
export class JavaDecimal {
  constructor(private readonly source: string) {}

  /** What Java's `Double.toString` gives; fails unless that is just what the sender wrote, for which way API Gateway takes is not documented. */
  get text(): string {
    const [whole, decimals = ''] = this.source.split('.');
    const plain = /^[0-9]+$/.test(decimals) && whole.length + decimals.length <= 15;
    const shortest = decimals === '0' || !decimals.endsWith('0');
    const value = Math.abs(Number(this.source));
    if (plain && shortest && value >= 1e-3 && value < 1e7) return this.source;
    throw new TemplateError(`the number ${this.source} is not written as Java writes it, so what a template makes of it is not known`);
  }
}

/** A `List`, an array or the set of a map's keys or entries: they differ in the methods they have. */
export class JavaList {
  constructor(readonly items: JavaValue[], readonly kind: 'list' | 'array' | 'set' = 'list') {}
}

/** `$input`, `$util`, `$context` and the like. */
export abstract class ProvidedObject {
  /** As written in a template, for messages: `$util`. */
  abstract readonly source: string;

  property(name: string): JavaValue {
    throw new TemplateError(`${this.source}.${name} is not implemented`);
  }

  call(name: string, _arguments: readonly JavaValue[]): JavaValue {
    throw new TemplateError(`${this.source}.${name}() is not implemented`);
  }

  /** The target of `#set($object.name = value)`. */
  assign(name: string, _value: JavaValue): void {
    throw new TemplateError(`#set of ${this.source}.${name} is not implemented`);
  }
}

/** Name of a value's type, for messages. */
export function typeName(value: JavaValue): string {
  if (value === null) return 'null';
  if (value instanceof Map) return 'map';
  if (value instanceof JavaList) return value.kind;
  if (value instanceof JavaDecimal) return 'decimal';
  if (value instanceof ProvidedObject) return value.source;
  return typeof value === 'bigint' ? 'integer' : typeof value;
}

/** The text a value prints as. How API Gateway prints a whole map or list is not documented. */
export function print(value: JavaValue, source: string): string {
  if (value === null) return '';
  if (value instanceof JavaDecimal) return value.text;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  throw new TemplateError(`${source} prints a ${typeName(value)}, and how API Gateway prints one is not documented; use $input.json`);
}

/** Truth in a condition. What is empty or zero is true in Velocity 1.7 and false in 2: refused. */
export function isTrue(value: JavaValue): boolean {
  if (value === null) return false;
  if (typeof value === 'boolean') return value;
  const empty = value === '' || value === 0n || (value instanceof JavaList && value.items.length === 0) || (value instanceof Map && value.size === 0);
  if (empty) throw new TemplateError(`whether an empty or zero ${typeName(value)} counts as true depends on Velocity's version; compare it`);
  return true;
}

export function equal(left: JavaValue, right: JavaValue): boolean {
  if (left === null || right === null) return left === right;
  const type = typeof left;
  if (type !== typeof right || type === 'object') {
    throw new TemplateError(`a comparison of a ${typeName(left)} with a ${typeName(right)} is not implemented`);
  }
  return left === right;
}
