import { DefinitionFault } from './fault';
import { JsonTextError } from '../api/json-text';

/** Of a text, AWS' parser shows at most this many characters. Source: Jackson 2, ErrorReportConfiguration. */
const MAX_SHOWN = 500;

/** Why a definition is no JSON, and where. */
export function jsonFault(text: string, { message, read }: JsonTextError): DefinitionFault {
  const before = text.slice(0, read).split('\n');
  const shown = text.length > MAX_SHOWN ? `"${text.slice(0, MAX_SHOWN)}"[truncated ${text.length - MAX_SHOWN} chars]` : `"${text}"`;
  const place = `[Source: (String)${shown}; line: ${before.length}, column: ${before[before.length - 1].length + 1}]`;
  return { code: 'INVALID_JSON_DESCRIPTION', message: `${message}\n at ${place}`, pointer: place };
}
