import { IConstruct } from 'constructs';
import { findTextComparisons } from './structure/comparisons';
import { JsonObject } from './structure/json-value';
import { findVariables, VARIABLE } from './structure/variables';
import { warn } from '../../private/synth/warning';

const DATE_TEXT = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S*)?$/;

/**
 * Warns where dates are compared as texts: right for a field that holds texts, and for one that holds dates the run finds nothing and succeeds.
 *
 * @param textDefaults default values of the parameters that are texts, by name
 */
export function warnOfDateTexts(scope: IConstruct, filter: JsonObject, textDefaults: Readonly<Record<string, string>>): void {
  const variables = findVariables(filter);
  for (const { operator, text, computed } of findTextComparisons(filter)) {
    if (computed) continue;
    if (DATE_TEXT.test(text)) {
      warn(
        scope, 'dateTextInFilter',
        `the filter has { "${operator}": "${text}" }, which is a comparison with a text and matches no date; if the field holds dates, write `
          + `{ "${operator}": { "$date": "${instant(text)}" } }, or the $$name of a RunParameter.date()`,
      );
    }
    const name = VARIABLE.exec(text)?.[1];
    if (name === undefined || !variables.includes(name) || !DATE_TEXT.test(textDefaults[name] ?? '')) continue;
    warn(
      scope, 'dateTextInFilter',
      `the filter has { "${operator}": "${text}" }, and ${name} is a RunParameter.text() whose default value is "${textDefaults[name]}", `
        + `which matches no date; if the field holds dates, declare ${name} with RunParameter.date()`,
    );
  }
}

/** What could be meant, as EJSON takes it. */
function instant(text: string): string {
  const date = new Date(text.length === 'yyyy-mm-dd'.length ? `${text}T00:00:00Z` : text.replace(' ', 'T'));
  return Number.isNaN(date.getTime()) || !/(?:^[\d-]{10}|Z|[+-]\d\d:?\d\d)$/.test(text) ? '2026-01-31T00:00:00Z' : date.toISOString().replace('.000Z', 'Z');
}
