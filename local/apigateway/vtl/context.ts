import { TemplateError } from './template-error';
import { JavaMap, JavaValue, ProvidedObject } from './values';

/** Values of `$context`, nested as their dotted names. */
export type ContextValues = { readonly [name: string]: string | bigint | ContextValues };

/** What a template may override with `#set($context.responseOverride.status = 429)` and the like. */
export interface Overrides {
  readonly response: { status?: number; readonly header: JavaMap };
  readonly request: { readonly header: JavaMap; readonly querystring: JavaMap; readonly path: JavaMap };
}

export function noOverrides(): Overrides {
  return { response: { header: new Map() }, request: { header: new Map(), querystring: new Map(), path: new Map() } };
}

/** `$context`; a variable that the local cloud does not have is an error naming it. */
export class Context extends ProvidedObject {
  constructor(private readonly values: ContextValues, private readonly overrides?: Overrides, readonly source: string = '$context') {
    super();
  }

  override property(name: string): JavaValue {
    if (this.overrides !== undefined && name === 'responseOverride') return new ResponseOverride(this.overrides.response);
    if (this.overrides !== undefined && name === 'requestOverride') return new Map<string, JavaValue>(Object.entries(this.overrides.request));
    // What an authorizer tells is its own affair: what it does not tell is nothing.
    if (this.source === '$context.authorizer' && !Object.hasOwn(this.values, name)) return null;
    const value = Object.hasOwn(this.values, name) ? this.values[name] : super.property(name);
    return typeof value === 'string' || typeof value === 'bigint' ? value : new Context(this.nested(name), undefined, `${this.source}.${name}`);
  }

  private nested(name: string): ContextValues {
    const value = this.values[name];
    if (typeof value === 'object') return value;
    throw new TemplateError(`${this.source}.${name} is not implemented`);
  }
}

class ResponseOverride extends ProvidedObject {
  readonly source = '$context.responseOverride';

  constructor(private readonly override: Overrides['response']) {
    super();
  }

  override property(name: string): JavaValue {
    if (name === 'header') return this.override.header;
    if (name === 'status') return this.override.status === undefined ? null : BigInt(this.override.status);
    return super.property(name);
  }

  override assign(name: string, value: JavaValue): void {
    if (name !== 'status') return super.assign(name, value);
    const valid = typeof value === 'bigint' && value >= 200n && value <= 599n;
    if (!valid) throw new TemplateError(`$context.responseOverride.status must be an integer from 200 to 599, got ${String(value)}`);
    this.override.status = Number(value);
  }
}
