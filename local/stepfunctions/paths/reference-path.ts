import { Path } from './path';
import { Step } from './step';
import { withMember, writeJson } from '../../exact-json';
import { isObject, JsonObject, JsonValue } from '../../json';

/** A ResultPath that meets something it cannot go through. */
export class ReferencePathMismatch extends Error {}

/**
 * A copy of `target` in which the place that the path points to holds `value`; missing objects on the way are made.
 * Only what lies on the way is copied, everything else is shared.
 */
export function putAt(path: Path, target: JsonValue, value: JsonValue): JsonValue {
  return put(path, 0, target, value);
}

function put(path: Path, at: number, target: JsonValue | undefined, value: JsonValue): JsonValue {
  if (at === path.steps.length) return value;
  const step = path.steps[at];
  if (step.kind === 'name' && (target === undefined || isObject(target))) {
    const children: JsonObject = target ?? {};
    return withMember(children, step.name, put(path, at + 1, Object.hasOwn(children, step.name) ? children[step.name] : undefined, value));
  }
  if (step.kind === 'index' && Array.isArray(target) && step.index >= 0 && step.index < target.length) {
    return target.map((item, index) => (index === step.index ? put(path, at + 1, item, value) : item));
  }
  throw new ReferencePathMismatch(`Unable to apply step "${print(step)}" of path '${path.text}' to ${writeJson(target ?? null)}`);
}

function print(step: Step): string {
  return step.kind === 'name' ? step.name : step.kind === 'index' ? `[${step.index}]` : step.kind;
}
