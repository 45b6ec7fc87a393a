import { printJson } from '../../../json';
import { FailState } from '../definition';
import { StateFailure } from '../failure';
import { Visit } from '../visit';

/** Fail: the failure that it names, directly or by a path or intrinsic function. */
export function runFail(visit: Visit<FailState>): never {
  const { Error: error, ErrorPath, Cause: cause, CausePath } = visit.state;
  throw new StateFailure(text(visit, 'ErrorPath', error, ErrorPath), text(visit, 'CausePath', cause, CausePath));
}

function text(visit: Visit<FailState>, field: string, given: string | undefined, expression: string | undefined): string | undefined {
  if (expression === undefined) return given;
  return printJson(visit.run.expressions.evaluate(expression, field, visit.data(visit.input)));
}
