import { JsonObject } from '../json';
import { checkTransformer, DeliveredBy, InputTransformer, transformInput } from './input-transformer';
import { parsePath, valueAtPath } from './json-path';

/** What a target gets instead of the event: a fixed JSON text, a part of the event, or what a transformer makes of it. One at most. */
export interface TargetInput {
  readonly constant?: string;
  readonly path?: string;
  readonly transformer?: InputTransformer;
}

/** Throws for an input that EventBridge would refuse, or that is not implemented. */
export function checkTargetInput({ constant, path, transformer }: TargetInput): void {
  if ([constant, path, transformer].filter((given) => given !== undefined).length > 1) {
    throw new Error('Only one of Input, InputPath, or InputTransformer must be provided for a target');
  }
  if (constant !== undefined) JSON.parse(constant);
  if (path !== undefined) parsePath(path);
  if (transformer !== undefined) checkTransformer(transformer);
}

/** JSON text for the target. */
export function inputOf({ constant, path, transformer }: TargetInput, event: JsonObject, by: DeliveredBy): string {
  if (constant !== undefined) return constant;
  if (transformer !== undefined) return transformInput(transformer, event, by);
  const value = path === undefined ? event : valueAtPath(path, event);
  if (value === undefined) throw new Error(`EventBridge: nothing in the event is at ${String(path)}`);
  return JSON.stringify(value);
}
