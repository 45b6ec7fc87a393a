import { AuthorizationRequest, CallContext, ServiceError } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { JsonObject, JsonValue } from '../../../local/json';
import { LogLine } from '../../../local/logs/log-store';
import { StatusChangeEvent } from '../../../local/stepfunctions/api/status-change';
import { ObservedEvent, StepFunctionsOptions, StepFunctionsService } from '../../../local/stepfunctions/service';

export const environment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const caller: CallContext = { caller: { arn: 'arn:aws:iam::111122223333:user/me' } };
export const machineArn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:m';
export const executionArn = 'arn:aws:states:eu-west-1:111122223333:execution:m:e';
export const roleArn = 'arn:aws:iam::111122223333:role/workflow';

/** The service on its own, with one state machine, `m`. */
export class Bench {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 1));
  readonly asked: AuthorizationRequest[] = [];
  readonly statusChanges: StatusChangeEvent[] = [];
  readonly observed: ObservedEvent[] = [];
  readonly tokens: string[] = [];
  /** Everything that was written to log groups. */
  readonly logged: LogLine[] = [];
  readonly service: StepFunctionsService;

  constructor(options: Partial<StepFunctionsOptions> = {}, answer: () => JsonValue = () => ({})) {
    this.service = new StepFunctionsService({
      environment,
      clock: this.clock,
      authorize: async (request) => void this.asked.push(request),
      integrations: {
        supports: () => true,
        call: async ({ token }) => {
          if (token !== undefined) this.tokens.push(token);
          return answer();
        },
      },
      onEvent: (event) => this.statusChanges.push(event),
      writeLog: (_, line) => this.logged.push(line),
      observe: (observed) => this.observed.push(observed),
      ...options,
    });
  }

  async call(operation: string, input: JsonObject): Promise<JsonObject> {
    return this.service.call(operation, input, caller);
  }

  async create(definition: JsonObject, settings: JsonObject = {}): Promise<JsonObject> {
    return this.call('CreateStateMachine', { name: 'm', roleArn, definition: JSON.stringify(definition), ...settings });
  }

  async start(input: string = '{}', name: string = 'e'): Promise<JsonObject> {
    return this.call('StartExecution', { stateMachineArn: machineArn, name, input });
  }

  /** What was logged, parsed. */
  get records(): JsonObject[] {
    return this.logged.map(({ message }) => JSON.parse(message));
  }

  /** Runs a definition to its end. */
  async run(definition: JsonObject, input?: string, settings?: JsonObject): Promise<JsonObject> {
    await this.create(definition, settings);
    await this.start(input);
    await this.service.ended(executionArn);
    return this.call('DescribeExecution', { executionArn });
  }
}

/** The code of the error that a call fails with. */
export async function code(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    if (error instanceof ServiceError) return error.code;
    throw error;
  }
}
