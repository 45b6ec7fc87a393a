import { Inapplicable, Missing } from './problems';
import { isDefinite, printSteps, Step } from './step';
import { membersOf, namesOf, objectOf } from '../../exact-json';
import { isObject, JsonObject, JsonValue } from '../../json';
import { javaText } from '../java-text';

/** All values that the steps lead to from `start`; throws where Jayway 2.0 throws. `root` is what `$` means inside filters. */
export function evaluate(steps: readonly Step[], start: JsonValue, root: JsonValue): JsonValue[] {
  const walk = new Walk(steps, root);
  walk.visit(0, start, '$');
  return walk.found;
}

/** One evaluation. `place` is always the path so far, for messages. */
class Walk {
  readonly found: JsonValue[] = [];

  constructor(private readonly steps: readonly Step[], private readonly root: JsonValue) {}

  /** Goes on with the step at the given position. */
  visit(at: number, value: JsonValue, place: string): void {
    const step = this.steps[at];
    if (step === undefined) {
      this.found.push(value);
      return;
    }
    switch (step.kind) {
      case 'name': return this.property(at, step.name, this.object(at, value, place), place);
      case 'names': return this.properties(at, step.names, this.object(at, value, place), place);
      case 'wildcard': return this.children(at, value, place);
      case 'descend': return this.descend(at, value, place);
      case 'filter': return this.filtered(at, step, value, place);
      default: return this.items(at, step, this.list(at, value, place), place);
    }
  }

  private object(at: number, value: JsonValue, place: string): JsonObject {
    if (isObject(value)) return value;
    throw new Missing(`Property ${printSteps([this.steps[at]])} not found in path ${place}`);
  }

  private list(at: number, value: JsonValue, place: string): readonly JsonValue[] {
    if (Array.isArray(value)) return value;
    if (value === null) throw new Missing(`The path ${place} is null`);
    throw new Inapplicable(`Filter: ${printSteps(this.steps.slice(at))} can only be applied to arrays. Current context is: ${javaText(value)}`);
  }

  /** Only the last step, and steps of a path that is definite from the one before on, insist on what is missing. */
  private property(at: number, name: string, holder: JsonObject, place: string): void {
    const here = `${place}['${name}']`;
    if (Object.hasOwn(holder, name)) return this.visit(at + 1, holder[name], here);
    if (at === this.steps.length - 1) throw new Missing(`No results for path: ${here}`);
    if (this.steps.slice(Math.max(0, at - 1)).every(isDefinite)) throw new Missing(`Missing property in path ${here}`);
  }

  /** Several properties are one object of those that exist. */
  private properties(at: number, names: readonly string[], holder: JsonObject, place: string): void {
    const here = `${place}${printSteps([this.steps[at]])}`;
    if (at < this.steps.length - 1) throw new Inapplicable(`Multi properties can only be used as path leafs: ${here}`);
    this.found.push(objectOf(names.filter((name) => Object.hasOwn(holder, name)).map((name) => [name, holder[name]])));
  }

  private items(at: number, step: Step, list: readonly JsonValue[], place: string): void {
    for (const index of indexesOf(step, list.length)) this.item(at, index, list, place);
  }

  private item(at: number, index: number, list: readonly JsonValue[], place: string): void {
    const here = `${place}[${index}]`;
    if (index < 0 || index >= list.length) throw new Missing(`Index out of bounds when evaluating path ${here}`);
    this.visit(at + 1, list[index], here);
  }

  /** What is missing below an item of a list is passed over, below a member of an object not. */
  private children(at: number, value: JsonValue, place: string): void {
    if (isObject(value)) for (const name of namesOf(value)) this.property(at, name, value, place);
    if (!Array.isArray(value)) return;
    for (const index of value.keys()) {
      try {
        this.item(at, index, value, place);
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
      }
    }
  }

  private filtered(at: number, { filter }: Extract<Step, { kind: 'filter' }>, value: JsonValue, place: string): void {
    if (isObject(value)) {
      if (filter(value, this.root)) this.visit(at + 1, value, place);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) if (filter(item, this.root)) this.item(at, index, value, place);
    } else {
      const where = printSteps(this.steps.slice(at));
      throw new Inapplicable(`Filter: ${where} can not be applied to primitives. Current context is: ${javaText(value)}`);
    }
  }

  /** `..`: the next step wherever it fits, from the outside to the inside. */
  private descend(at: number, value: JsonValue, place: string): void {
    if (isObject(value)) {
      if (this.fits(at + 1, value)) this.visit(at + 1, value, place);
      for (const [name, member] of membersOf(value)) this.descend(at, member, `${place}['${name}']`);
    } else if (Array.isArray(value)) {
      if (this.fits(at + 1, value)) this.descendInto(at + 1, value, place);
      for (const [index, item] of value.entries()) this.descend(at, item, `${place}[${index}]`);
    }
  }

  /** In a list, a step that is not the last is skipped: Jayway 2.0 goes on with the step after it, for every item. */
  private descendInto(at: number, list: JsonValue[], place: string): void {
    if (at === this.steps.length - 1) return this.visit(at, list, place);
    for (const [index, item] of list.entries()) this.visit(at + 1, item, `${place}[${index}]`);
  }

  private fits(at: number, value: JsonValue): boolean {
    const step = this.steps[at];
    switch (step.kind) {
      case 'name': return isObject(value) && Object.hasOwn(value, step.name);
      case 'names': return isObject(value) && step.names.every((name) => Object.hasOwn(value, name));
      case 'wildcard': return true;
      case 'filter': return step.filter(value, this.root);
      case 'descend': return false;
      default: return Array.isArray(value);
    }
  }
}

/** The indexes that a step asks for in a list of the given length; some may be out of bounds. */
function indexesOf(step: Step, length: number): readonly number[] {
  switch (step.kind) {
    case 'index': return [step.index];
    case 'indexes': return step.indexes;
    case 'fromEnd': return [length + step.offset];
    case 'slice': return sliceOf(step, length);
    default: return [];
  }
}

/** A slice with both ends does not count from the end. */
function sliceOf({ from, to }: Extract<Step, { kind: 'slice' }>, length: number): readonly number[] {
  const fromEnd = (index: number) => (index < 0 ? index + length : index);
  if (length === 0) return [];
  if (from !== undefined && to !== undefined) return range(from, Math.min(length, to));
  return from === undefined ? range(0, Math.min(length, fromEnd(to ?? 0))) : range(Math.max(0, fromEnd(from)), length);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
}
