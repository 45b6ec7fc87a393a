import * as fc from 'fast-check';
import { measureArial, SMALL, wrap } from '../../diagrams/text';
import { Theme, THEMES } from '../../diagrams/theme';
import { errorsInWords, ruleInWords, shortWords } from '../../diagrams/words';

const measure = measureArial();

describe('text', () => {
  test('is as wide as Arial is', () => {
    // Source: the widths of Helvetica, of 1,000 for each em: H 722, e 556, l 222, l 222, o 556.
    expect(measure('Hello', 1_000)).toBeGreaterThanOrEqual(2_277);
    expect(measure('Hello', 1_000)).toBeLessThanOrEqual(2_280);
  });

  test('is broken between words into the fewest lines that fit', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(words, fc.integer({ min: 30, max: 200 }), (given, widest) => {
      const lines = wrap(given.join(' '), SMALL, widest, measure);
      expect(lines.join(' ')).toBe(given.join(' '));
      for (const line of lines) expect(line.includes(' ') && measure(line, SMALL) > widest).toBe(false);
      const fewest = given.reduce<string[]>((all, word) => {
        const last = all[all.length - 1];
        return last !== undefined && measure(`${last} ${word}`, SMALL) <= widest ? [...all.slice(0, -1), `${last} ${word}`] : [...all, word];
      }, []);
      expect(lines).toHaveLength(fewest.length);
    }));
  });
});

describe('words', () => {
  test('on an arrow are those of the comment', () => {
    expect(ruleInWords('Default: it still runs')).toBe('it still runs');
    expect(ruleInWords('No page is left')).toBe('no page is left');
    expect(shortWords('pages are left (or a failure is to be reported)')).toBe('pages are left');
  });

  test('of an error are those of its name', () => {
    expect(errorsInWords(['States.ALL'])).toBe('any error');
    expect(errorsInWords(['StepFunctions.ExecutionAlreadyExistsException', 'StepFunctions.ExecutionAlreadyExists'])).toBe('execution already exists');
  });
});

describe.each(Object.entries(THEMES))('the %s theme', (_, theme) => {
  /** Source: Web Content Accessibility Guidelines 2.2, "relative luminance" and "contrast ratio". */
  const luminance = (colour: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (a: string, b: string) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  };
  const filled: readonly (keyof Theme)[] = ['task', 'choice', 'wait', 'pass', 'fail', 'outside'];

  test('has text that can be read: a contrast of 4.5 and more', () => {
    const grounds = [theme.ground, theme.frame, ...filled.map((shape) => theme[shape][0])];
    expect(grounds.flatMap((ground) => [theme.ink, theme.pale].map((colour) => ({ ground, colour, contrast: contrast(ground, colour) })))
      .filter((pair) => pair.contrast < 4.5)).toEqual([]);
  });
});
