import { randomInt } from 'node:crypto';
import { isObject, JsonValue } from '../json';
import { StrictProperties } from '../template/strict-properties';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const DIGITS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/** Makes the value of a secret from the `GenerateSecretString` property: a password, or a JSON object that holds one. */
export function generateSecretString(properties: StrictProperties): string {
  const password = generatePassword(properties);
  const template = properties.optionalString('SecretStringTemplate');
  const key = properties.optionalString('GenerateStringKey');
  if ((template === undefined) !== (key === undefined)) throw new Error('SecretStringTemplate and GenerateStringKey must be given together');
  if (template === undefined || key === undefined) return password;
  const object: JsonValue = JSON.parse(template);
  if (!isObject(object)) throw new Error('SecretStringTemplate must be a JSON object');
  return JSON.stringify({ ...object, [key]: password });
}

function generatePassword(properties: StrictProperties): string {
  const length = properties.number('PasswordLength') ?? 32;
  if (!Number.isInteger(length) || length < 1 || length > 4096) throw new Error(`PasswordLength must be between 1 and 4096, got ${length}`);
  const excluded = new Set(properties.optionalString('ExcludeCharacters') ?? '');
  const classes = [
    { characters: LOWER, used: !(properties.boolean('ExcludeLowercase') ?? false) },
    { characters: UPPER, used: !(properties.boolean('ExcludeUppercase') ?? false) },
    { characters: DIGITS, used: !(properties.boolean('ExcludeNumbers') ?? false) },
    { characters: PUNCTUATION, used: !(properties.boolean('ExcludePunctuation') ?? false) },
    { characters: ' ', used: properties.boolean('IncludeSpace') ?? false },
  ];
  const alphabets = classes
    .filter(({ used }) => used)
    .map(({ characters }) => [...characters].filter((character) => !excluded.has(character)))
    .filter((characters) => characters.length > 0);
  const all = alphabets.flat();
  if (all.length === 0) throw new Error('No character is left to generate a secret from');
  const required = properties.boolean('RequireEachIncludedType') ?? true ? alphabets.map(pick) : [];
  if (required.length > length) throw new Error(`PasswordLength ${length} is too short for one character of each type`);
  return shuffled([...required, ...Array.from({ length: length - required.length }, () => pick(all))]).join('');
}

function pick(characters: readonly string[]): string {
  return characters[randomInt(characters.length)];
}

function shuffled(characters: readonly string[]): string[] {
  const result = [...characters];
  for (let index = result.length - 1; index > 0; index--) {
    const other = randomInt(index + 1);
    [result[index], result[other]] = [result[other], result[index]];
  }
  return result;
}
