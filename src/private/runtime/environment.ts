import { matching, Read, ShapeError } from './json-shape';

/** Readers of environment variables, which are texts whatever they stand for. */
export const arn = matching(/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/, 'an ARN');

/** A whole number in digits. */
export function wholeNumberText(least: number, most: number): Read<number> {
  return (value, place) => {
    const digits = matching(/^\d+$/, 'a whole number')(value, place);
    const number = Number(digits);
    if (number < least || number > most) throw new ShapeError(place, `between ${least} and ${most}`);
    return number;
  };
}
