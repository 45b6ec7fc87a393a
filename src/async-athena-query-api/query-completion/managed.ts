import { QueryCompletionBinding, QueryStates, QueryStatesOptions } from './binding';
import { answerBlank, BLANK, blanksOf, CALL_TIMEOUT_SECONDS, NO_QUERY, renderLoop, UNTIL_A_PLACE_IS_FREE } from './polling-loop';
import { StartCall, startStates } from './start-query';
import { AslPass, AslTask } from '../../private/synth/asl';
import { worstCaseEvents } from '../../private/synth/history';
import { longestTask } from '../../private/synth/retry-time';

/** The loop polls at least so far apart, in seconds, because most queries have ended when it is entered. */
const SHORTEST_INTERVAL = 60;

/** The loop polls about so often within `queryTimeout`, so that its history has room whatever the time-out is. */
const POLLS = 240;

/**
 * One Task starts the query and waits for its end (`.sync`). Step Functions polls Athena by itself, which costs no transition.
 *
 * The Task succeeds only if the query does. All other ends are errors, whose text is cut where it is long and may not name the query. So the query is
 * then looked up: to start it again with the same token answers the id that Athena gave it at first. From there on the loop of the other strategies
 * finds out what is true, and stops the query if its time is over: that Step Functions itself does so is a best effort.
 */
export function managed(): QueryCompletionBinding {
  return { render: renderManaged };
}

function renderManaged(options: QueryStatesOptions): QueryStates {
  const timeout = options.queryTimeout.toSeconds();
  const interval = Math.max(SHORTEST_INTERVAL, Math.ceil(timeout / POLLS));
  const { start: startOnly, timeoutPolls, ...loop } = renderLoop({ first: [], then: interval }, options);

  const start = (call: StartCall): AslTask => ({
    ...startOnly(call),
    Resource: `${call.Resource}.sync`,
    TimeoutSeconds: timeout,
    // The answer is that of GetQueryExecution, with the SQL, which neither the state nor the delivery function should have.
    ResultSelector: {
      AthenaRequest: { 'QueryExecutionId.$': '$.QueryExecution.QueryExecutionId' },
      AthenaResult: { 'QueryExecution.$': `States.JsonMerge($.QueryExecution, ${literal(answerBlank(options))}, false)` },
    },
    Assign: { [BLANK]: NO_QUERY },
    // Everything else may be the end of the query, which no retry changes: Find Query has the retries of a start.
    Retry: [UNTIL_A_PLACE_IS_FREE],
    Catch: [
      { ErrorEquals: UNTIL_A_PLACE_IS_FREE.ErrorEquals, ResultPath: '$', Next: 'Query Not Started' },
      { ErrorEquals: ['States.Timeout'], ResultPath: '$', Next: 'Query Timed Out' },
      { ErrorEquals: ['States.ALL'], ResultPath: '$', Next: 'Query Not Succeeded' },
    ],
    Next: options.next,
  });
  const waits = startStates(options, { name: 'Start Query', check: 'Has Parameters', input: '$', render: start });

  const find = (call: StartCall): AslTask => ({
    ...startOnly(call),
    Comment: 'The same token: Athena answers with the query that it started',
    ResultSelector: { 'QueryExecutionId.$': '$.QueryExecutionId' },
    ResultPath: '$.AthenaRequest',
    Assign: { wait: interval, ...blanksOf(options) },
    Next: 'Get Query',
  });
  const finds = startStates(options, { name: 'Find Query', check: 'Had Parameters', input: '$$.Execution.Input', render: find });

  // Errors can quote the SQL, so both states leave them out. The first look comes at once, and counts as a poll.
  const timedOut: AslPass = {
    Type: 'Pass', Parameters: { StopRequest: { Reason: 'QueryTimeout' } }, Assign: { poll: timeoutPolls - 1 }, Next: finds.startAt,
  };
  const notSucceeded: AslPass = { Type: 'Pass', Parameters: {}, Assign: { poll: 0 }, Next: finds.startAt };

  return {
    ...loop,
    states: { ...loop.states, ...waits.states, 'Query Timed Out': timedOut, 'Query Not Succeeded': notSucceeded, ...finds.states },
    // The call that starts a query is as quick here as elsewhere; the time-out of the Task is that of the query.
    longestStart: longestTask({ ...waits.task, TimeoutSeconds: CALL_TIMEOUT_SECONDS }).plus(loop.longestStart),
    // Find Query is counted as the start of the loop.
    worstCaseEvents: loop.worstCaseEvents + waits.worstCaseEvents + worstCaseEvents(timedOut),
  };
}

/** A value where a variable is not set yet; braces are escaped in texts of intrinsic functions. */
function literal(value: object): string {
  return `States.StringToJson('${JSON.stringify(value).replace(/[{}]/g, '\\$&')}')`;
}
