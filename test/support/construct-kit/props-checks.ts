import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { refusal } from '../refusal';
import { Changes, Subject, Synthesised, synthesise } from './subject';

/** In a stack of its own, so that what a refused construct leaves behind does not matter. */
function make<Made extends Construct, Props>({ Construct: Subjected, id, props }: Subject<Made, Props>, changes: Changes<Props>): Made {
  const stack = new Stack(new App(), 'Stack');
  const given = props(stack, changes(stack));
  try {
    return new Subjected(stack, id, given);
  } catch (error) {
    // Whatever part of a construct refuses a prop, it says which construct it is.
    expect(String(error)).toMatch(new RegExp(`^InvalidPropError: Stack/${id}: `));
    throw error;
  }
}

/** Props that are refused, each with the whole message. */
export function testRefused<Made extends Construct, Props>(
  subject: Subject<Made, Props>, refused: readonly [props: Changes<Props>, message: string][],
): void {
  test.each(refused.map(([props, message]) => ({ props, message })))('$message', ({ props, message }) => {
    expect(() => make(subject, props)).toThrow(refusal(message));
  });
}

/** Props at the very edge of what is allowed. */
export function testAllowed<Made extends Construct, Props>(
  subject: Subject<Made, Props>, allowed: readonly [name: string, props: Changes<Props>][],
): void {
  test.each(allowed)('%s', (_name, props) => {
    expect(() => make(subject, props)).not.toThrow();
  });
}

/** Values known only at deployment that something must be computed from. */
export function testRefusedTokens<Made extends Construct, Props>(
  subject: Subject<Made, Props>, refused: readonly [prop: string, props: Changes<Props>, reason: string][],
): void {
  test.each(refused)('%s is refused', (prop, props, reason) => {
    expect(() => make(subject, props)).toThrow(refusal(`${prop} must be known at synthesis, got "a token"; ${reason}`));
  });
}

/** Makes a template parameter with that id, and answers what stands for its value. */
export interface Parameters {
  readonly text: (id: string) => string;
  readonly number: (id: string) => number;
}

/**
 * Values known only at deployment that reach what the construct makes.
 *
 * @param check where they reach it: each as `<Id>` in `plain` text
 */
export function testReachingTokens<Made extends Construct, Props>(
  subject: Subject<Made, Props>,
  name: string,
  props: (parameters: Parameters, stack: Stack) => Partial<Props>,
  check: (synthesised: Synthesised<Made>) => void,
): void {
  test(name, () => {
    const ids: string[] = [];
    const parameter = (stack: Stack, id: string, type: string) => {
      ids.push(id);
      return new CfnParameter(stack, id, { type });
    };
    const synthesised = synthesise(subject, {
      props: (stack) => props({
        text: (id) => parameter(stack, id, 'String').valueAsString, number: (id) => parameter(stack, id, 'Number').valueAsNumber,
      }, stack),
    });
    const made = JSON.stringify(synthesised.own);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id) => !made.includes(`{"Ref":"${id}"}`))).toEqual([]);
    check(synthesised);
  });
}
