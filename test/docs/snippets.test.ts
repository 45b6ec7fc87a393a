/** Whatever users copy compiles. */
import { docstringSnippets, markdownSnippets, Snippet } from '../../projenrc/tools/snippets';
import { PAGES } from '../support/doc-pages';
import { compileSnippets } from '../support/snippet-compiler';

const SNIPPETS = [...PAGES.flatMap(markdownSnippets), ...docstringSnippets('src')];

/** It shows that a fault is found. */
const WRONG: Snippet = {
  name: 'a wrong one',
  text: "new AsyncAthenaQueryApi(this, 'Queries', { queryTimeOut: Duration.minutes(1) });\nnew Bucket(this, 'Bucket');",
  fixture: 'default',
};

test('every snippet of the pages and of the docstrings compiles, and one that does not is named, with the line', () => {
  expect(SNIPPETS.filter(({ name }) => name.startsWith('docs')).length).toBeGreaterThan(0);
  // One program for all, because the declarations of the CDK take longest.
  expect(compileSnippets([...SNIPPETS, WRONG])).toEqual([
    expect.stringMatching(/^a wrong one: .*queryTimeOut.*\n {2}new AsyncAthenaQueryApi/),
    expect.stringMatching(/^a wrong one: .*Bucket.*\n {2}new Bucket/),
  ]);
});
