import { assign } from './variables';
import { fault } from '../fault';
import { expression, payload } from '../jsonata/expression';
import { variable } from '../paths';
import { both, Field, inJsonata, inJsonPath, object, Rule, Table } from '../table';
import { decimal, flag, list, text, timestamp } from '../values';

const comparisons = ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'];
const anyNumber = decimal(-Infinity);

/** What a variable is compared with. Source: developer guide, "Choice workflow state". */
const operators: Readonly<Record<string, Field>> = Object.fromEntries([
  ...comparisons.flatMap((comparison) => [...compare(`String${comparison}`, text), ...compare(`Numeric${comparison}`, anyNumber), ...compare(`Timestamp${comparison}`, timestamp)]),
  ...compare('BooleanEquals', flag),
  ['StringMatches', inJsonPath(text)] as const,
  ...['Null', 'Present', 'Numeric', 'String', 'Boolean', 'Timestamp'].map((kind) => [`Is${kind}`, inJsonPath(flag)] as const),
]);

function compare(name: string, rule: Rule): (readonly [string, Field])[] {
  return [[name, inJsonPath(rule)], [`${name}Path`, inJsonPath(variable)]];
}

const selectors = ['And', 'Or', 'Not', 'Variable', 'Condition'];

/** What every rule has, inner ones too. */
const comparing: Table = {
  fields: {
    Comment: both(text),
    And: inJsonPath(list(innerRule)),
    Or: inJsonPath(list(innerRule)),
    Not: inJsonPath(innerRule),
    Variable: inJsonPath(variable),
    ...operators,
  },
  * also(rule, { pointer }) {
    const selected = selectors.filter((name) => Object.hasOwn(rule, name));
    if (selected.length !== 1) yield fault(`The object must have only one of the following fields, [${selectors.join(', ')}]`, pointer);
    const compared = Object.keys(rule).filter((name) => Object.hasOwn(operators, name));
    if (compared.length > 1) yield fault(`There should only be one of the following fields: [${compared.join(', ')}]`, pointer);
    const [selector] = selected;
    if (selector === 'Variable' && compared.length === 0) {
      yield fault(`This object should have only one of the following fields: [${Object.keys(operators).join(', ')}]`, pointer);
    }
    if (selector !== undefined && selector !== 'Variable' && compared.length > 0) yield fault(`Field '${compared[0]}' is not supported`, pointer);
  },
};

/** A rule of the state itself: it says where to go. */
const topRule: Table = {
  ...comparing,
  required: ['Next'],
  fields: {
    ...comparing.fields,
    Condition: inJsonata((value, place) => (typeof value === 'boolean' ? [] : expression(value, place))),
    Next: both(text),
    Output: inJsonata(payload()),
    Assign: both(assign()),
  },
};

function innerRule(...[value, place]: Parameters<Rule>): ReturnType<Rule> {
  return object(comparing)(value, place);
}

export const choices: Rule = list(object(topRule));
