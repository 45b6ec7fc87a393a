/** The repository, as package.json has it too. */
const REPOSITORY = 'https://github.com/cdk-data-workflows/cdk-data-workflows';

/** The folder of a construct in `docs/`. */
export type DocumentedConstruct = 'async-athena-query-api' | 'paged-batch-etl';

/** Address of the page that says what to do when an alarm of the construct goes off. */
export function operationsPage(construct: DocumentedConstruct): string {
  return `${REPOSITORY}/blob/main/docs/${construct}/operations.md`;
}
