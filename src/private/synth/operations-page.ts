/** Where this library is developed, as `package.json` has it too. */
const REPOSITORY = 'https://github.com/cdk-data-workflows/cdk-data-workflows';

/** Address of the page that tells what to do when an alarm of a construct goes off. */
export function operationsPage(construct: 'async-athena-query-api' | 'paged-batch-etl'): string {
  return `${REPOSITORY}/blob/main/docs/${construct}/operations.md`;
}
