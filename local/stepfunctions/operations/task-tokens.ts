import { Operations } from './operation';
import { CallContext, ServiceError } from '../../aws/service';
import { JsonObject } from '../../json';
import { Access } from '../access';
import { JsonTextError, parseJsonText } from '../api/json-text';
import { Request } from '../api/request';
import { MAX_CAUSE_LENGTH, MAX_ERROR_LENGTH } from '../interpreter/failure';
import { MAX_PAYLOAD_BYTES } from '../interpreter/payload';
import { looksLikeTaskToken, TaskTokens } from '../interpreter/task-tokens';

/** Longest task token. Source: API reference of SendTaskSuccess. */
const MAX_TOKEN = 2048;

/** What those who got a task token call. */
export class TaskTokenOperations {
  readonly operations: Operations = {
    SendTaskSuccess: async (request, context) => this.sendSuccess(request, context),
    SendTaskFailure: async (request, context) => this.sendFailure(request, context),
    SendTaskHeartbeat: async (request, context) => this.send('SendTaskHeartbeat', request, context, (token) => this.tokens.heartbeat(token)),
  };

  constructor(private readonly tokens: TaskTokens, private readonly access: Access) {}

  private async sendSuccess(request: Request, context: CallContext): Promise<JsonObject> {
    const output = request.string('output', MAX_PAYLOAD_BYTES);
    return this.send('SendTaskSuccess', request, context, (token) => {
      try {
        return this.tokens.succeed(token, parseJsonText(output));
      } catch (error) {
        if (error instanceof JsonTextError) throw new ServiceError('InvalidOutput', `Invalid Output: '${error.message}'`);
        throw error;
      }
    });
  }

  private async sendFailure(request: Request, context: CallContext): Promise<JsonObject> {
    const [error, cause] = [request.optionalString('error', MAX_ERROR_LENGTH), request.optionalString('cause', MAX_CAUSE_LENGTH)];
    return this.send('SendTaskFailure', request, context, (token) => this.tokens.fail(token, error, cause));
  }

  private async send(action: string, request: Request, context: CallContext, settle: (token: string) => boolean): Promise<JsonObject> {
    const token = request.string('taskToken', MAX_TOKEN, 1);
    // These actions know no resources. Source: service authorization reference.
    await this.access.allow(action, '*', context);
    if (settle(token)) return {};
    if (looksLikeTaskToken(token)) throw new ServiceError('TaskTimedOut', 'Task Timed Out: \'Provided task does not exist anymore\'');
    throw new ServiceError('InvalidToken', 'Invalid Token: \'Invalid token\'');
  }
}
