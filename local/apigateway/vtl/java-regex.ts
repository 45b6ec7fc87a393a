import { TemplateError } from './template-error';

/**
 * A Java regular expression as a JavaScript one that matches the same. Constructs on which the two languages disagree, or might, are
 * refused by name.
 */
export function javaRegex(source: string, flags: string = ''): RegExp {
  return compile(translate(source), source, flags);
}

/** Whether the whole text matches, as `String.matches` and the selection patterns of API Gateway ask. */
export function matchesWhole(pattern: string, text: string): boolean {
  return compile(`^(?:${translate(pattern)})$`, pattern, '').test(text);
}

function compile(translated: string, source: string, flags: string): RegExp {
  try {
    return new RegExp(translated, `u${flags}`);
  } catch (error) {
    throw new TemplateError(`regular expression ${JSON.stringify(source)}: ${String(error)}`);
  }
}

function translate(source: string): string {
  let position = 0;
  let inClass = false;
  let translated = '';
  while (position < source.length) {
    const token = /^(\\u[0-9a-fA-F]{4}|\\[^]|\(\?.?.?|[*+?}][+]|\{|[^])/u.exec(source.slice(position))?.[0] ?? '';
    position += token.length;
    if (inClass) {
      translated += token.startsWith('\\') ? translateEscape(token, source, true) : classCharacter(token, source);
      inClass = token !== ']';
    } else if (token.startsWith('\\')) {
      translated += translateEscape(token, source, false);
    } else if (token.startsWith('(?')) {
      if (token[2] !== ':') refuse(source, `the group ${token}`);
      translated += '(?:';
      position -= token.length - 3;
    } else if (/^[*+?}][+]$/.test(token)) {
      refuse(source, 'a possessive quantifier');
    } else if (token === '$') {
      refuse(source, 'the anchor $, which in Java also matches before a last line break');
    } else if (token === '.') {
      // Java's dot stops at U+0085 too.
      translated += '[^\\n\\r\\u0085\\u2028\\u2029]';
    } else {
      translated += token;
      inClass = token === '[';
      if (inClass && /^\^?\]/.test(source.slice(position))) refuse(source, 'a ] at the beginning of a class');
    }
  }
  return translated;
}

/** Java's `String.replaceAll`: `$1` is a group and a backslash takes the next character literally, in the replacement. */
export function replaceAll(text: string, pattern: string, replacement: string): string {
  return text.replace(javaRegex(pattern, 'g'), (...match) => expand(replacement, match));
}

export function replaceFirst(text: string, pattern: string, replacement: string): string {
  return text.replace(javaRegex(pattern), (...match) => expand(replacement, match));
}

/** Java's `String.split`: empty strings at the end are dropped. */
export function split(text: string, pattern: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(javaRegex(pattern, 'g'))) {
    if (match[0] === '') throw new TemplateError(`split by ${JSON.stringify(pattern)}, which matches nothing, is not implemented`);
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  if (parts.length === 0) return [text];
  parts.push(text.slice(from));
  while (parts.length > 0 && parts[parts.length - 1] === '') parts.pop();
  return parts;
}

function expand(replacement: string, match: readonly unknown[]): string {
  return replacement.replace(/\\([^]?)|\$([0-9]*)|[^\\$]+/g, (token: string, escaped?: string, group?: string) => {
    if (token.startsWith('\\')) return escaped === undefined || escaped === '' ? refuseReplacement(replacement) : escaped;
    if (!token.startsWith('$')) return token;
    // Java reads as many digits as make a group that exists; one digit is the same in every case.
    if (group?.length !== 1 || Number(group) >= match.length - 2) return refuseReplacement(replacement);
    const value = match[Number(group)];
    return typeof value === 'string' ? value : '';
  });
}

function translateEscape(token: string, source: string, inClass: boolean): string {
  const character = token[1];
  if (character === 'u' && token.length === 6) return token;
  if (character === 's') return inClass ? ' \\t\\n\\v\\f\\r' : '[ \\t\\n\\v\\f\\r]';
  if ('dDwWntrf'.includes(character)) return token;
  if (character === undefined || /[a-zA-Z0-9]/.test(character)) return refuse(source, `the escape ${token}`);
  // With the flag u, JavaScript takes a backslash before syntax characters only.
  return /[\^$\\.*+?()[\]{}|/]/.test(character) || (inClass && character === '-') ? token : character;
}

function classCharacter(token: string, source: string): string {
  if (token === '[' || token.includes('&')) return refuse(source, 'a character class inside another, or &');
  return token;
}

function refuse(source: string, what: string): never {
  throw new TemplateError(`regular expression ${JSON.stringify(source)}: ${what} is not implemented`);
}

function refuseReplacement(replacement: string): never {
  throw new TemplateError(`replacement ${JSON.stringify(replacement)} is not valid, or not implemented`);
}
