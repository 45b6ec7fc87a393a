import { RuntimeProblem } from './failure';
import { membersOf, objectOf, writeJson } from '../../exact-json';
import { isObject, JsonObject, JsonValue } from '../../json';
import { callFunction, Chance, IntrinsicError } from '../intrinsics/functions';
import { IntrinsicArgument, IntrinsicCall, looksLikeIntrinsic, parseIntrinsic, unescape } from '../intrinsics/parse';
import { parsePath, Path, PathNotFound, readPath } from '../paths/path';

/** What paths can point to. */
export interface Data {
  /** `$`. */
  readonly input: JsonValue;
  /** `$$`; made when it is asked for. */
  readonly context: () => JsonObject;
  /** `$name`. */
  readonly variable: (name: string) => JsonValue | undefined;
}

/** A path with the place it starts at: `$.a`, `$$.Execution.Id`, `$name[0]`. */
export interface RootedPath {
  readonly root: 'input' | 'context' | 'variable';
  /** Name of the variable. */
  readonly variable: string;
  readonly path: Path;
}

type Template = (data: Data) => JsonValue;

/** Takes the root of a path and its steps apart. Throws `PathSyntaxError`. */
export function parseRootedPath(text: string): RootedPath {
  if (text.startsWith('$$')) return { root: 'context', variable: '', path: parsePath(text, 2) };
  const variable = /^\$([\p{ID_Start}_][\p{ID_Continue}]*)/u.exec(text)?.[1];
  if (variable !== undefined) return { root: 'variable', variable, path: parsePath(text, variable.length + 1) };
  return { root: 'input', variable: '', path: parsePath(text, 1) };
}

/** Evaluates paths, intrinsic functions and payload templates; what it has parsed once it keeps. */
export class Expressions {
  private readonly paths = new Map<string, RootedPath>();
  private readonly calls = new Map<string, IntrinsicCall>();
  private readonly templates = new WeakMap<object, Template>();

  constructor(private readonly chance: Chance) {}

  /** The value of a path; throws `PathNotFound`. */
  read(text: string, data: Data): JsonValue {
    const { root, variable, path } = this.path(text);
    return readPath(path, root === 'input' ? data.input : root === 'context' ? data.context() : this.variable(variable, path, data));
  }

  /** The value of a path that a field of the state names, such as `InputPath` or `SecondsPath`. */
  readField(text: string, data: Data): JsonValue {
    try {
      return this.read(text, data);
    } catch (error) {
      if (error instanceof PathNotFound) throw new RuntimeProblem(`Invalid path '${text}' : ${error.message}`);
      throw error;
    }
  }

  /** The value of a path or an intrinsic function given for `field`. */
  evaluate(text: string, field: string, data: Data): JsonValue {
    if (looksLikeIntrinsic(text)) return this.call(this.parsedCall(text), data);
    try {
      return this.read(text, data);
    } catch (error) {
      if (!(error instanceof PathNotFound)) throw error;
      throw new RuntimeProblem(`The JSONPath '${text}' specified for the field '${field}' could not be found in the input '${writeJson(data.input)}'`);
    }
  }

  /** A payload template with its `.$` fields filled in. Parts without such fields are shared, not copied. */
  fill(template: JsonValue, data: Data): JsonValue {
    if (typeof template !== 'object' || template === null) return template;
    let compiled = this.templates.get(template);
    if (compiled === undefined) {
      compiled = this.compile(template);
      this.templates.set(template, compiled);
    }
    return compiled(data);
  }

  private compile(template: JsonValue): Template {
    if (Array.isArray(template)) {
      const items = template.map((item) => this.compile(item));
      return isStatic(template) ? () => template : (data) => items.map((item) => item(data));
    }
    if (!isObject(template) || isStatic(template)) return () => template;
    const fields = membersOf(template).map(([name, value]) => this.compileField(name, value));
    return (data) => objectOf(fields.map(([name, field]) => [name, field(data)] as const));
  }

  private compileField(name: string, value: JsonValue): readonly [string, Template] {
    if (!name.endsWith('.$')) return [name, this.compile(value)];
    if (typeof value !== 'string') throw new RuntimeProblem(`The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`);
    return [name.slice(0, -2), (data) => this.evaluate(value, name, data)];
  }

  private call(call: IntrinsicCall, data: Data): JsonValue {
    const args = call.arguments.map((argument, at) => this.argument(call, argument, at, data));
    try {
      return callFunction(call.name, args, this.chance);
    } catch (error) {
      if (error instanceof IntrinsicError) throw new RuntimeProblem(intrinsicProblem(call, error.message));
      throw error;
    }
  }

  private argument(call: IntrinsicCall, argument: IntrinsicArgument, at: number, data: Data): JsonValue {
    switch (argument.kind) {
      case 'call':
        return this.call(argument.call, data);
      case 'literal':
        // Only the first argument of Format is a template, in which an escaped brace is no placeholder.
        return argument.template === undefined ? argument.value : call.name === 'States.Format' && at === 0 ? argument.template : unescape(argument.template);
      case 'path':
        try {
          return this.read(argument.path, data);
        } catch (error) {
          if (!(error instanceof PathNotFound)) throw error;
          const input = writeJson(data.input);
          throw new RuntimeProblem(intrinsicProblem(call, `The JsonPath argument for the field '${argument.path}' could not be found in the input '${input}'`));
        }
    }
  }

  /** A variable without a value is a path that leads nowhere, in an object of all variables. */
  private variable(name: string, { steps }: Path, data: Data): JsonValue {
    const value = data.variable(name);
    if (value !== undefined) return value;
    throw new PathNotFound(steps.length === 0 ? `No results for path: $['${name}']` : `Missing property in path $['${name}']`);
  }

  private path(text: string): RootedPath {
    return remember(this.paths, text, parseRootedPath);
  }

  private parsedCall(text: string): IntrinsicCall {
    return remember(this.calls, text, parseIntrinsic);
  }
}

function intrinsicProblem(call: IntrinsicCall, message: string): string {
  return `The function '${call.text}' had the following error: ${message}`;
}

function remember<T>(known: Map<string, T>, text: string, make: (text: string) => T): T {
  const found = known.get(text);
  if (found !== undefined) return found;
  const made = make(text);
  known.set(text, made);
  return made;
}

function isStatic(template: JsonValue): boolean {
  if (Array.isArray(template)) return template.every(isStatic);
  if (!isObject(template)) return true;
  return Object.entries(template).every(([name, value]) => !name.endsWith('.$') && isStatic(value));
}
