import { DocTable } from './doc-table';
import { FOREIGN_OPTIONS, OPTION_GROUPS, OptionRule } from '../../../src/paged-batch-etl/source-functions/connection/connection-options';

/** What becomes of each option of a connection string. */
export const CONNECTION_OPTIONS: DocTable = {
  page: 'docs/paged-batch-etl/connection-strings.md',
  name: 'Connection options',
  origin: 'their rules',
  make: () => {
    const foreign = [...FOREIGN_OPTIONS.values()].map(({ name, rule }) => ({ names: [name], rule }));
    const rows = [...OPTION_GROUPS, ...foreign].map(({ names, rule }) => [names.map((name) => `\`${name}\``).join(', '), told(rule)]);
    return { header: ['option', 'what becomes of it'], rows: [...rows, ['any other', 'refused']] };
  },
};

function told(rule: OptionRule): string {
  switch (rule.use) {
    case 'honoured': return 'honoured';
    case 'someValues': return `honoured with: ${rule.told}. Other values are refused: ${rule.why}`;
    case 'limited': return `honoured up to ${rule.why}`;
    case 'bySource': return rule.why;
    case 'refused': return `refused: ${rule.why}`;
  }
}
