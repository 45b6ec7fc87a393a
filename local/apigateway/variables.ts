import { ContextValues } from './vtl/context';

/** `$context.requestId` or `${context.requestId}`; a dot at the end is text. */
const VARIABLE = /\$(?:\{([a-zA-Z][\w.]*)\}|([a-zA-Z](?:[\w.]*\w)?))/g;

export interface Variables {
  readonly context: ContextValues;
  readonly stageVariables: Readonly<Record<string, string>>;
}

/**
 * Replaces `$context.…` and `$stageVariables.…` and nothing else: gateway responses and access logs are not VTL.
 * @param missing What stands for a variable that this request does not have.
 */
export function substitute(text: string, variables: Variables, missing: string): string {
  return text.replace(VARIABLE, (_, braced?: string, plain?: string) => {
    const [root, ...path] = (braced ?? plain ?? '').split('.');
    return readVariable(root, path.join('.'), variables) ?? missing;
  });
}

/** The value of `context` or `stageVariables` at a dotted path, if this request has it. */
export function readVariable(root: string, path: string, { context, stageVariables }: Variables): string | undefined {
  if (root === 'stageVariables') return Object.hasOwn(stageVariables, path) ? stageVariables[path] : undefined;
  let value: ContextValues[string] | undefined = context;
  for (const name of path.split('.')) {
    value = typeof value === 'object' && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return typeof value === 'object' ? undefined : value?.toString();
}

/** Names in a text that look like variables and are none that the local cloud knows. */
export function unknownVariables(text: string, known: readonly string[]): string[] {
  const names = [...text.matchAll(VARIABLE)].map(([, braced, plain]) => braced ?? plain);
  return names.filter((name) => !known.includes(name) && !name.startsWith('stageVariables.'));
}
