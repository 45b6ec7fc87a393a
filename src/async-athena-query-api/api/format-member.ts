import { Fn, Token } from 'aws-cdk-lib';
import { ResultFormatBinding } from '../result-format/binding';
import { FormatChoice } from '../result-format/format-choice';
import { constant, given, NO_VALUE } from '../submitted-queries/mapping';

/** What a format adds to a mapping template. The parts render text that stands within a JSON string. */
export interface FormatTemplate {
  /** Sets what the parts below use; renders nothing. */
  readonly setUp: string;
  /** Renders a member of `ApiRequest`, a comma before it, unless the query runs as it is. */
  readonly request: string;
  /** Renders a member of `Statement`. */
  readonly statement: string;
}

/**
 * What stands around the SQL in Athena's UNLOAD, in pieces: only the workflow knows the name of the folder. All are there, and empty, where a query runs as it is,
 * for the States Language has no member that may be missing.
 */
export function formatTemplate({ formats, location }: FormatChoice): FormatTemplate {
  const inText = quotesTwice(location);
  return {
    setUp: `${given('format', 'ResultFormat')}#if($format.length() == 0)#set($format = '${formats[0].name}')#end`,
    request: byFormat(formats, ({ name, properties }) => (properties === undefined ? '' : `,\\"ResultFormat\\":${constant(name)}`)),
    statement: `\\"Wrap\\":${byFormat(formats, ({ properties }) => wrap(properties, inText))}`,
  };
}

function wrap(properties: string | undefined, location: string): string {
  const pieces = ([before, to, folder, after]: readonly [string, string, 0 | 1, string]) => (
    `{\\"Before\\":${before},\\"To\\":${to},\\"Folder\\":${folder},\\"After\\":${after}}`
  );
  if (properties === undefined) return pieces([constant(''), constant(''), 0, constant('')]);
  // The SQL on lines of its own: it may end with a comment.
  return pieces([constant('UNLOAD (\n'), `${constant("\n) TO '").slice(0, -'\\"'.length)}${location}\\"`, 1, constant(`/' WITH (${properties})`)]);
}

function byFormat(formats: readonly ResultFormatBinding[], rendered: (format: ResultFormatBinding) => string): string {
  const branches = formats.map((format, index) => `#${index === 0 ? 'if' : 'elseif'}($format == '${format.name}')${rendered(format)}`);
  return `${branches.join('')}#{else}${NO_VALUE}#end`;
}

/** As a text of SQL has them. A prefix may have quotes, also one that is not known until deployment; nothing else in it means something to SQL, JSON or the renderer. */
function quotesTwice(location: string): string {
  return Token.isUnresolved(location) ? Fn.join("''", Fn.split("'", location)) : location.replaceAll("'", "''");
}
