import { choices } from './choice';
import { catches, retry } from './errors';
import { itemBatcher, itemReader, items, numberPath, payloadIn, resultWriter } from './map';
import { taskTable } from './task';
import { assign } from './variables';
import { JsonObject, memberOf } from '../../../json';
import { payload } from '../jsonata/expression';
import { objectTemplate, pathOrIntrinsic, pathOrNull, referencePath, resultPath } from '../paths';
import { both, Field, inJsonata, inJsonPath, Rule, Table } from '../table';
import { anything, decimal, end, list, MAX_COUNT, oneOf, orExpression, text, timestamp, whole } from '../values';

/**
 * What each kind of state may hold. Sources: developer guide, the page of each state; which kind takes which field was measured on AWS by the
 * cdk-preflight project (rule pf-sfn-asl-state-fields).
 */
type Fields = Readonly<Record<string, Field>>;

const common: Fields = { Type: both(text), Comment: both(text), QueryLanguage: both(oneOf('JSONPath', 'JSONata')) };
const data: Fields = { ...common, InputPath: inJsonPath(pathOrNull), OutputPath: inJsonPath(pathOrNull) };
const transition: Fields = { Next: both(text), End: both(end) };
const next: Pick<Table, 'exactlyOne'> = { exactlyOne: [['Next', 'End']] };

/** Fields of states whose output is made from their input alone. */
const passing: Fields = { ...data, Output: inJsonata(payload()), Assign: both(assign()) };

/** Fields of states that have a result: `$states.result`. */
const working: Fields = {
  ...data,
  ...transition,
  Parameters: inJsonPath(objectTemplate),
  ResultSelector: inJsonPath(objectTemplate),
  ResultPath: inJsonPath(resultPath),
  Output: inJsonata(payload('result')),
  Assign: both(assign('result')),
  Retry: both(retry),
  Catch: both(catches),
};

const timing = ['SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp'];

/** AWS takes the fields of distributed Maps in others too, as recorded. */
const map = (processor: Rule): Table => ({
  fields: {
    ...working,
    ItemProcessor: both(processor),
    Iterator: both(processor),
    ItemsPath: inJsonPath(referencePath('input', 'context', 'variable')),
    Items: inJsonata(items),
    ItemSelector: both(payloadIn),
    MaxConcurrency: both(orExpression(whole(0))),
    MaxConcurrencyPath: inJsonPath(numberPath),
    ItemReader: both(itemReader),
    ItemBatcher: both(itemBatcher),
    ResultWriter: both(resultWriter),
    Label: both(text),
    ToleratedFailureCount: both(orExpression(whole(0))),
    ToleratedFailureCountPath: inJsonPath(numberPath),
    ToleratedFailurePercentage: both(orExpression(decimal(0, 100))),
    ToleratedFailurePercentagePath: inJsonPath(numberPath),
  },
  exactlyOne: [['Next', 'End'], ['ItemProcessor', 'Iterator']],
  atMostOne: [
    ['MaxConcurrency', 'MaxConcurrencyPath'], ['ToleratedFailureCount', 'ToleratedFailureCountPath'],
    ['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'], ['ItemSelector', 'Parameters'],
  ],
});

/** Whether a Map runs its items in executions of their own. */
export function isDistributed(state: JsonObject): boolean {
  return memberOf(memberOf(state.ItemProcessor ?? state.Iterator, 'ProcessorConfig'), 'Mode') === 'DISTRIBUTED';
}

/** By type; the rules are those of the graphs that states hold in turn. */
export const stateTables = ({ branch, processor }: { readonly branch: Rule; readonly processor: Rule }): Readonly<Record<string, Table>> => ({
  Task: taskTable(working),
  Wait: {
    ...next,
    fields: {
      ...passing,
      ...transition,
      Seconds: both(orExpression(whole(0, MAX_COUNT))),
      SecondsPath: inJsonPath(numberPath),
      Timestamp: both(orExpression(timestamp)),
      TimestampPath: inJsonPath(numberPath),
    },
    exactlyOne: [['Next', 'End'], timing],
  },
  Pass: {
    ...next,
    fields: { ...passing, ...transition, Parameters: inJsonPath(objectTemplate), Result: inJsonPath(anything), ResultPath: inJsonPath(resultPath) },
  },
  Succeed: { fields: { ...data, Output: inJsonata(payload()) } },
  Fail: {
    fields: {
      ...common,
      Error: both(orExpression(text)),
      ErrorPath: inJsonPath(pathOrIntrinsic('ErrorPath')),
      Cause: both(orExpression(text)),
      CausePath: inJsonPath(pathOrIntrinsic('CausePath')),
    },
    atMostOne: [['Error', 'ErrorPath'], ['Cause', 'CausePath']],
  },
  Choice: { required: ['Choices'], fields: { ...passing, Choices: both(choices), Default: both(text) } },
  Parallel: { ...next, required: ['Branches'], fields: { ...working, Arguments: inJsonata(payload()), Branches: both(list(branch)) } },
  Map: map(processor),
});
