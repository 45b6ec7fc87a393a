import { Token } from 'aws-cdk-lib';
import { ResultFormatBinding } from './binding';
import type { TextFileResultFormatOptions } from './result-format-options';
import { checkText, refuseToken } from '../../private/synth/validation';

/** Athena compresses it with gzip, and takes no other compression. */
export function textFile({ fieldDelimiter }: TextFileResultFormatOptions): ResultFormatBinding {
  const what = 'fieldDelimiter of ResultFormat.textFile';
  if (fieldDelimiter !== undefined) {
    refuseToken(what, Token.isUnresolved(fieldDelimiter), 'it is written into the SQL');
    checkText(
      what, fieldDelimiter, /^[\t !#-&(-/:-@[\]^_|~]$/, 'one character: a tab, or one that can be seen and is no letter, digit, quote, backslash or brace',
      'such as `|`',
    );
  }
  return { name: 'TEXTFILE', properties: `format = 'TEXTFILE'${fieldDelimiter === undefined ? '' : `, field_delimiter = '${fieldDelimiter}'`}` };
}
