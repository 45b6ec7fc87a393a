/** Where this library is developed, as `package.json` has it too. */
const REPOSITORY = 'https://github.com/cdk-data-workflows/cdk-data-workflows';

/** Address of the page that tells what to do when an alarm of a construct goes off, or of a section in it. */
export function operationsPage(construct: 'async-athena-query-api' | 'paged-batch-etl', section?: string): string {
  return `${REPOSITORY}/blob/main/docs/${construct}/operations.md${section === undefined ? '' : `#${section}`}`;
}
