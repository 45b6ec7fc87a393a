import { QueryStates, QueryStatesOptions } from './binding';
import { AslChoice, AslObject, AslTask } from '../../private/synth/asl';
import { worstCaseEvents } from '../../private/synth/history';

/**
 * The SQL in what stands around it. Where that is nothing, the folder is nothing too: the one of two texts that it chooses is the empty one. The SQL is a value and no
 * part of a template, so nothing in it means anything here.
 */
const WRAPPED = "States.Format('{}{}{}{}{}', $.Statement.Wrap.Before, $.ApiRequest.Query, $.Statement.Wrap.To, "
  + 'States.ArrayGetItem(States.Array($.Statement.Wrap.To, $$.Execution.Name), $.Statement.Wrap.Folder), $.Statement.Wrap.After)';

const WITH_PARAMETERS = { 'ExecutionParameters.$': '$.Statement.ExecutionParameters' };

/** The call that starts the query, as the first members of a Task. */
export type StartCall = Pick<AslTask, 'Type' | 'Resource' | 'InputPath' | 'Parameters'>;

export interface StartStatesOptions {
  /** Name of the state that starts the query. */
  readonly name: string;
  /** Name of the state that chooses, where some queries have parameters and others have none. */
  readonly check: string;
  /** Where the input of the execution is. */
  readonly input: '$' | '$$.Execution.Input';
  /** Makes the Task of the call. */
  readonly render: (call: StartCall) => AslTask;
}

export interface StartStates extends Pick<QueryStates, 'startAt' | 'states' | 'worstCaseEvents'> {
  /** One of the Tasks: they differ in nothing but the parameters of the query. */
  readonly task: AslTask;
}

/** The states that start the query. Athena refuses an empty list of parameters, and what may be missing cannot be named: so there are two Tasks where some queries have none. */
export function startStates(options: QueryStatesOptions, { name, check, input, render }: StartStatesOptions): StartStates {
  const { executionParameters } = statementOf(options);
  const call = callOf(options, input);
  const withParameters = (): AslTask => render({ ...call, Parameters: { ...call.Parameters, ...WITH_PARAMETERS } });
  const task = executionParameters === 'ALWAYS' ? withParameters() : render(call);
  if (executionParameters !== 'SOMETIMES') return { startAt: name, states: { [name]: task }, task, worstCaseEvents: worstCaseEvents(task) };
  const other = `${name} With Parameters`;
  const choice: AslChoice = {
    Type: 'Choice',
    Comment: 'Default: it has none',
    Choices: [{ Comment: 'It has parameters', Variable: `${input}.Statement.ExecutionParameters`, IsPresent: true, Next: other }],
    Default: name,
  };
  return {
    startAt: check,
    states: { [check]: choice, [name]: task, [other]: withParameters() },
    task,
    worstCaseEvents: worstCaseEvents(choice) + worstCaseEvents(task),
  };
}

/** What of the input is for Athena alone. */
export function statementOf({ statement }: QueryStatesOptions): NonNullable<QueryStatesOptions['statement']> {
  return statement ?? { executionParameters: 'NEVER', database: false, wrap: false };
}

function callOf(options: QueryStatesOptions, input: StartStatesOptions['input']): StartCall {
  const { executionParameters, database, wrap } = statementOf(options);
  const hasStatement = executionParameters !== 'NEVER' || database || wrap;
  const query = hasStatement ? '$.ApiRequest.Query' : '$.Query';
  const inputPath = hasStatement ? input : `${input}.ApiRequest`;
  return {
    Type: 'Task',
    Resource: `arn:${options.partition}:states:::athena:startQueryExecution`,
    ...inputPath !== '$' && { InputPath: inputPath },
    Parameters: {
      'QueryString.$': wrap ? WRAPPED : query,
      'WorkGroup': options.workGroupName,
      ...queryContext(options),
      ...resultReuse(options),
      // The same for every retry and redrive of this execution: Athena then answers with the query it already started.
      'ClientRequestToken.$': "States.Hash($$.Execution.Id, 'SHA-256')",
    },
  };
}

function queryContext(options: QueryStatesOptions): AslObject {
  const { database, catalog } = options;
  const chosen: AslObject = statementOf(options).database ? { 'Database.$': '$.Statement.Database' } : { ...database !== undefined && { Database: database } };
  const context: AslObject = { ...catalog !== undefined && { Catalog: catalog }, ...chosen };
  return Object.keys(context).length > 0 ? { QueryExecutionContext: context } : {};
}

function resultReuse({ resultReuseMinutes }: QueryStatesOptions): AslObject {
  if (resultReuseMinutes === undefined) return {};
  return { ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: resultReuseMinutes } } };
}
