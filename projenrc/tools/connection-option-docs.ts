import { withTable } from './error-docs';
import { FOREIGN_OPTIONS, OPTION_GROUPS, OptionRule } from '../../src/paged-batch-etl/source-functions/connection/connection-options';

/** The page that tells of connection strings. */
export const CONNECTION_OPTIONS_PAGE = 'docs/connection-strings.md';

/** The page with what becomes of each option. */
export function withConnectionOptions(page: string): string {
  const foreign = [...FOREIGN_OPTIONS.values()].map(({ name, rule }) => ({ names: [name], rule }));
  const rows = [...OPTION_GROUPS, ...foreign].map(({ names, rule }) => [names.map((name) => `\`${name}\``).join(', '), told(rule)]);
  const lines = [['option', 'what becomes of it'], ['---', '---'], ...rows, ['any other', 'refused']];
  return withTable(page, 'Connection options', lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'), 'their rules');
}

function told(rule: OptionRule): string {
  switch (rule.use) {
    case 'honoured': return 'honoured';
    case 'someValues': return `honoured with: ${rule.told}. Other values are refused: ${rule.why}`;
    case 'limited': return `honoured up to ${rule.why}`;
    case 'bySource': return rule.why;
    case 'refused': return `refused: ${rule.why}`;
  }
}
