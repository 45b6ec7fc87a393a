import { TemplateError } from './template-error';

/** A place in a template's text. */
export class Cursor {
  position = 0;
  /** Whether nothing but blanks, dots, comments and directives came since the last reference: there Velocity reads on in another way. */
  behindReference = false;

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.position >= this.text.length;
  }

  /** What the pattern, which must be sticky, matches here; the cursor stays. */
  peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    return pattern.exec(this.text)?.[0];
  }

  /** What the pattern matches here; the cursor moves behind it. */
  take(pattern: RegExp): string | undefined {
    const match = this.peek(pattern);
    this.position += match?.length ?? 0;
    return match;
  }

  expect(pattern: RegExp, what: string): string {
    return this.take(pattern) ?? this.fail(`expected ${what}`);
  }

  fail(problem: string): never {
    const before = this.text.slice(0, this.position);
    const line = before.split('\n').length;
    const column = this.position - before.lastIndexOf('\n');
    const here = JSON.stringify(this.text.slice(this.position, this.position + 30));
    throw new TemplateError(`mapping template, line ${line}, column ${column}: ${problem}, at ${here}`);
  }
}
