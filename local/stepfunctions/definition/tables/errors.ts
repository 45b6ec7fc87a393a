import { assign } from './variables';
import { DefinitionFault, fault } from '../fault';
import { payload } from '../jsonata/expression';
import { resultPath } from '../paths';
import { both, inJsonata, inJsonPath, inside, object, Rule, Table, typeFault } from '../table';
import { decimal, list, MAX_COUNT, oneOf, text, whole } from '../values';

/** Longest `MaxDelaySeconds`. Measured on AWS by the cdk-preflight project; the developer guide says that it must be less. */
const MAX_DELAY_SECONDS = 31_622_400;

/** Names that begin with `States.` are all taken. Source: developer guide, "Error names". */
const ERROR_NAMES = [
  'ALL', 'BranchFailed', 'DataLimitExceeded', 'ExceedToleratedFailureThreshold', 'HeartbeatTimeout', 'Http.Socket', 'IntrinsicFailure', 'ItemReaderFailed',
  'NoChoiceMatched', 'ParameterPathFailure', 'Permissions', 'QueryEvaluationError', 'ResultPathMatchFailure', 'ResultWriterFailed', 'Runtime', 'TaskFailed',
  'Timeout',
].map((name) => `States.${name}`);

/** What an HTTP Task fails with: developer guide, "Call HTTPS APIs". */
const httpStatus = /^States\.Http\.StatusCode\.\d{3}$/;

const errorName: Rule = function* checkErrorName(value, place) {
  if (typeof value !== 'string') yield typeFault('[STRING]', place);
  else if (value.startsWith('States.') && !ERROR_NAMES.includes(value) && !httpStatus.test(value)) yield fault(`There is no error '${value}'`, place.pointer);
};

const retrier: Table = {
  required: ['ErrorEquals'],
  fields: {
    Comment: both(text),
    ErrorEquals: both(list(errorName)),
    // Zero was measured on AWS, against the developer guide.
    IntervalSeconds: both(whole(0, MAX_COUNT)),
    MaxAttempts: both(whole(0, MAX_COUNT)),
    BackoffRate: both(decimal(1)),
    MaxDelaySeconds: both(whole(1, MAX_DELAY_SECONDS)),
    JitterStrategy: both(oneOf('NONE', 'FULL')),
  },
};

const catcher: Table = {
  required: ['ErrorEquals', 'Next'],
  fields: {
    Comment: both(text),
    ErrorEquals: both(list(errorName)),
    Next: both(text),
    ResultPath: inJsonPath(resultPath),
    Output: inJsonata(payload('errorOutput')),
    Assign: both(assign('errorOutput')),
  },
};

export const retry: Rule = handlers(object(retrier));
export const catches: Rule = handlers(object(catcher));

/** `States.ALL` stands alone, in the last entry. */
function handlers(handler: Rule): Rule {
  return function* checkHandlers(value, place) {
    yield* list(handler, { mayBeEmpty: true })(value, place);
    for (const [index, entry] of (Array.isArray(value) ? value : []).entries()) {
      const names = typeof entry === 'object' && entry !== null && 'ErrorEquals' in entry ? entry.ErrorEquals : undefined;
      if (!Array.isArray(names) || !Array.isArray(value) || !names.includes('States.ALL')) continue;
      if (names.length > 1 || index < value.length - 1) yield misplacedAll(inside(inside(place, index), 'ErrorEquals').pointer);
    }
  };
}

function misplacedAll(pointer: string): DefinitionFault {
  return fault('States.ALL must appear alone and at end of list', pointer);
}
