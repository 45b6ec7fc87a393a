import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Words that readers have to think about, with what says the same. */
const WORDS: Readonly<Record<string, string>> = {
  'anew': 'again',
  'besides': 'also, in addition to',
  'dear': 'expensive',
  'hence': 'so',
  'heretofore': 'until now',
  'honest': 'correct, true',
  'mend': 'fix',
  'mended': 'fixed',
  'mends': 'fixes',
  'mending': 'fixing',
  'ought': 'should',
  'so many': 'this many',
  'called at night': 'on call',
  'thereby': 'by that',
  'whereby': 'by which',
};

const PATTERN = new RegExp(`\\b(?:${Object.keys(WORDS).join('|')})\\b`, 'gi');

const FOLDERS = ['.ci', 'bench', 'diagrams', 'docs', 'examples', 'local', 'projenrc', 'rosetta', 'src', 'test'];

/** Everything that people write and read here, but for this file, which has the words themselves. */
const files = [
  ...readdirSync(ROOT).filter((name) => /\.(md|ts)$/.test(name)),
  ...FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))),
].filter((file) => /\.(md|ts|py|cjs|mjs)$/.test(file) && !/(^|\/)(node_modules|cdk\.out)\//.test(file) && file !== join('test', 'docs', 'words.test.ts'));

test('there is something to read', () => {
  expect(files.length).toBeGreaterThan(500);
});

test('no page, comment, docstring or test name has a word that has to be read twice', () => {
  const found = files.flatMap((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').flatMap((line, index) => (
    (line.match(PATTERN) ?? []).map((word) => `${file}:${index + 1}: "${word}", say ${WORDS[word.toLowerCase()]}`)
  )));
  expect(found).toEqual([]);
});
