import { newExecution } from './launcher';
import { Operations, Workplace } from './operation';
import { StateMachines } from './state-machines';
import { CallContext, ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { billingDetails } from '../api/billing';
import { describeResult } from '../api/execution';
import { billOf, tellExpress } from '../api/express-change';
import { ExecutionInput, MAX_TRACE_HEADER, Request } from '../api/request';
import { StateMachine, toSeconds } from '../api/state-machine';
import { Execution } from '../interpreter/execution';

/** Executions of Express workflows: nobody can read, stop or redrive them, and nothing is left of them but their log. */
export class ExpressExecutions {
  readonly operations: Operations = {
    StartSyncExecution: async (request, context) => this.startSync(request, context),
  };

  private readonly running = new Map<string, Promise<void>>();
  private runsOfEach = 1;

  constructor(private readonly workplace: Workplace, private readonly machines: StateMachines) {}

  /** See `StepFunctionsService`. */
  runTwice(): void {
    this.runsOfEach = 2;
  }

  get runsTwice(): boolean {
    return this.runsOfEach === 2;
  }

  /** Resolves when an execution has ended, which may be long ago. */
  async ended(executionArn: string): Promise<void> {
    await this.running.get(executionArn);
  }

  /** What StartExecution does and answers: every call is an execution of its own, whatever its name. */
  start(machine: StateMachine, name: string, { value }: ExecutionInput): JsonObject {
    const executionArn = this.newArn(machine, name);
    const executions = Array.from({ length: this.runsOfEach }, () => newExecution(this.workplace, { machine, executionArn, name, input: value }));
    void this.run(machine, executionArn, executions);
    return { executionArn, startDate: toSeconds(executions[0].startTime) };
  }

  private async startSync(request: Request, context: CallContext): Promise<JsonObject> {
    const { access, options: { clock }, uuid } = this.workplace;
    const machineArn = request.arn('stateMachineArn', 'stateMachine');
    const name = request.name('name') ?? uuid();
    const input = request.executionInput();
    const traceHeader = request.optionalString('traceHeader', MAX_TRACE_HEADER);
    const included = request.includesData();
    await access.allow('StartSyncExecution', machineArn, context);
    const machine = this.machines.active(machineArn);
    if (machine.type !== 'EXPRESS') throw new ServiceError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
    if (machine.encryption !== undefined) {
      if (included) await access.keys.allowCaller('StartSyncExecution', machine, context);
      await access.allowKey(machine);
    }
    const executionArn = this.newArn(machine, name);
    const execution = newExecution(this.workplace, { machine, executionArn, name, input: input.value });
    await this.run(machine, executionArn, [execution]);
    const { startTime, stopTime = clock.now(), result } = execution;
    return {
      executionArn,
      stateMachineArn: machine.arn,
      name,
      startDate: toSeconds(startTime),
      stopDate: toSeconds(stopTime),
      status: result?.status ?? 'RUNNING',
      ...describeResult({ inputText: input.text, execution }, included),
      ...traceHeader !== undefined && { traceHeader },
      billingDetails: billingDetails(billOf(machine, execution)),
    };
  }

  private async run(machine: StateMachine, executionArn: string, executions: readonly Execution[]): Promise<void> {
    const running = Promise.all(executions.map(async (execution) => this.runOne(machine, execution))).then(() => undefined);
    this.running.set(executionArn, running);
    this.machines.keepUntil(machine.arn, running);
    await running;
    this.running.delete(executionArn);
  }

  private async runOne(machine: StateMachine, execution: Execution): Promise<void> {
    const { onExpress } = this.workplace.options;
    await tellExpress(machine, execution, async () => execution.run(), onExpress);
  }

  private newArn(machine: StateMachine, name: string): string {
    return `${this.workplace.access.arn('express', machine.name)}:${name}:${this.workplace.uuid()}`;
  }
}
