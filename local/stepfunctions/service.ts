import { randomUUID } from 'node:crypto';
import { AwsService, CallContext } from '../aws/service';
import { JsonObject } from '../json';
import { NotImplemented } from '../not-implemented';
import { Access } from './access';
import { Request } from './api/request';
import { StateMachine } from './api/state-machine';
import { MachineKeys } from './encryption';
import { assumeAnyRole } from './integrations/integration';
import { createIntegrations } from './integrations/integrations';
import { TaskTokens } from './interpreter/task-tokens';
import { Activities } from './operations/activities';
import { Executions } from './operations/executions';
import { ExpressExecutions } from './operations/express';
import { MapRuns } from './operations/map-runs';
import { Operations, Workplace } from './operations/operation';
import { StateMachines } from './operations/state-machines';
import { TaskTokenOperations } from './operations/task-tokens';
import { Versions } from './operations/versions';
import { StateMachineSettings, StepFunctionsOptions } from './options';

export type { ObservedEvent, StateMachineSettings, StepFunctionsOptions } from './options';

/** AWS Step Functions in virtual time. The folder `operations` has a file for each subject of the API. */
export class StepFunctionsService implements AwsService {
  readonly name = 'states';
  private readonly machines: StateMachines;
  private readonly executions: Executions;
  private readonly express: ExpressExecutions;
  private readonly operations: Operations;

  constructor(options: StepFunctionsOptions) {
    const uuid = options.uuid ?? randomUUID;
    const tokens = new TaskTokens(uuid);
    const assumeRole = options.assumeRole ?? assumeAnyRole(options.environment);
    const access = new Access({ ...options, assumeRole, keys: new MachineKeys(options.environment, options.useKey) });
    const integrations = options.integrations ?? createIntegrations(options.targets ?? { services: [] }, this, assumeRole);
    const workplace: Workplace = { options, access, integrations, tokens, uuid };
    this.machines = new StateMachines(workplace);
    this.express = new ExpressExecutions(workplace, this.machines);
    const mapRuns = new MapRuns(access);
    this.executions = new Executions(workplace, this.machines, this.express, mapRuns);
    const subjects = [
      this.machines, new Versions(workplace, this.machines), this.executions, this.express, new TaskTokenOperations(tokens, access),
      mapRuns, new Activities(workplace),
    ];
    this.operations = Object.assign({}, ...subjects.map(({ operations }) => operations));
  }

  /** Nobody can work on activities: GetActivityTask can say only that there is none of a name, which is of no use to a Task. */
  performs(operation: string): boolean {
    return Object.hasOwn(this.operations, operation) && operation !== 'GetActivityTask';
  }

  async call(operation: string, input: JsonObject, context: CallContext): Promise<JsonObject> {
    if (!Object.hasOwn(this.operations, operation)) throw new NotImplemented('states', operation);
    const request = new Request(operation, input);
    const answer = await this.operations[operation](request, context);
    request.assertAllRead();
    return answer;
  }

  /**
   * Creates a state machine on behalf of the account, as CloudFormation does. The same name with the same settings is the same machine, whatever
   * the role; anything else under that name is `StateMachineAlreadyExists`.
   */
  async createStateMachine(settings: StateMachineSettings): Promise<StateMachine> {
    return (await this.machines.create(settings)).current;
  }

  /** Gives a state machine other settings, as CloudFormation does. */
  async changeStateMachine(arn: string, settings: StateMachineSettings): Promise<StateMachine> {
    return (await this.machines.change(arn, settings)).current;
  }

  /** Deletes a state machine, as CloudFormation does: it is gone when its last execution has ended. */
  removeStateMachine(arn: string): void {
    this.machines.remove(arn);
  }

  /** Resolves when an execution, or its latest redrive, has ended. */
  async ended(executionArn: string): Promise<void> {
    const express = executionArn.split(':')[5] === 'express' && !this.executions.has(executionArn);
    await (express ? this.express : this.executions).ended(executionArn);
  }

  /**
   * From now on, DescribeExecution and GetExecutionHistory do not see an execution that was started less than so much virtual time ago: reads
   * of Step Functions are eventually consistent. A clock that idles leaps over that time, so hold or pace it from the start to the read.
   */
  hideNewExecutions(milliseconds: number): void {
    this.executions.hideNew(milliseconds);
  }

  /**
   * From now on, every execution of an Express workflow that StartExecution or a distributed Map starts is run twice at the same time, as AWS may
   * do: such workflows run at least once. StartSyncExecution runs them at most once.
   */
  runExpressTwice(): void {
    this.express.runTwice();
  }

  /** Drops an execution that has ended, as Step Functions itself does 90 days later: for simulations that would outgrow memory. */
  forget(executionArn: string): void {
    this.executions.forget(executionArn);
  }
}
