import { parseJson, writeJson } from './json';
import { readPath } from './json-path';
import { Parameters } from './methods';
import { TemplateError } from './template-error';
import { JavaMap, JavaValue, ProvidedObject } from './values';

/** Parameters of the request, by place. */
export interface RequestParameters {
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly header: Readonly<Record<string, string>>;
}

/** `$input`: the body and the parameters. */
export class Input extends ProvidedObject {
  readonly source = '$input';
  private document?: { readonly root: JavaValue };

  constructor(private readonly body: string, private readonly parameters: RequestParameters) {
    super();
  }

  override property(name: string): JavaValue {
    return name === 'body' ? this.nonEmptyBody() : super.property(name);
  }

  override call(name: string, values: readonly JavaValue[]): JavaValue {
    const parameters = new Parameters(`$input.${name}`, values);
    if (name === 'path') return readPath(this.root(), parameters.count(1).text(0));
    if (name === 'json') return this.json(parameters.count(1).text(0));
    if (name === 'params') return parameters.count(0, 1).has(0) ? this.parameter(parameters.text(0)) : this.allParameters();
    return super.call(name, values);
  }

  /** A missing path is two quote characters. What a null gives is not documented. */
  private json(path: string): string {
    const value = readPath(this.root(), path);
    if (value !== null) return writeJson(value);
    const separator = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    const parent = separator > 0 ? readPath(this.root(), path.slice(0, separator)) : null;
    const name = path.slice(separator).replace(/^\.|^\['|'\]$/g, '');
    if (path === '$' || (parent instanceof Map && parent.has(name))) throw new TemplateError(`$input.json('${path}') of a null is not implemented`);
    return '""';
  }

  private parameter(name: string): JavaValue {
    const { path, querystring, header } = this.parameters;
    const own = (place: Readonly<Record<string, string>>, key: string) => (Object.hasOwn(place, key) ? place[key] : undefined);
    return own(path, name) ?? own(querystring, name) ?? own(header, name.toLowerCase()) ?? '';
  }

  private allParameters(): JavaMap {
    return new Map(Object.entries(this.parameters).map(([place, values]): [string, JavaValue] => [place, new Map(Object.entries(values))]));
  }

  private root(): JavaValue {
    if (this.document === undefined) {
      const root = parseJson(this.nonEmptyBody());
      if (root === undefined) throw new TemplateError('$input.json and $input.path of a body that is not JSON are not implemented');
      this.document = { root };
    }
    return this.document.root;
  }

  private nonEmptyBody(): string {
    if (this.body === '') throw new TemplateError('what $input gives for an empty body is not documented');
    return this.body;
  }
}
