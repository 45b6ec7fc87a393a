import { matching, Read, ShapeError } from '../shape/json-shape';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads one variable. */
export type Variable = <T>(name: string, read: Read<T>) => T;

/**
 * Reads the configuration of a handler. A variable that is missing or wrong fails every invocation, naming the variable.
 *
 * @param asError makes the handler's own error of a message
 */
export function readEnvironment<T>(environment: Environment, read: (variable: Variable) => T, asError: (message: string) => Error): T {
  try {
    return read((name, readVariable) => readVariable(environment[name], name));
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw asError(`The function is not configured: ${error.message}`);
  }
}

export const arn = matching(/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/, 'an ARN');

/** A whole number in digits: variables are texts whatever they stand for. */
export function wholeNumberText({ least, most }: { readonly least: number; readonly most: number }): Read<number> {
  return (value, place) => {
    const digits = matching(/^\d+$/, 'a whole number')(value, place);
    const number = Number(digits);
    if (number < least || number > most) throw new ShapeError(place, `between ${least} and ${most}`);
    return number;
  };
}
