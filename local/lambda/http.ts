import { JsonObject } from '../json';
import { LambdaService } from './lambda-service';
import { HttpAnswer, HttpService, VerifiedRequest } from '../http/http-service';

const INVOCATIONS = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Headers that say nothing about the invocation. */
const OF_THE_PROTOCOL = ['x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256', 'x-amz-user-agent'];

/** Headers of an invocation, with the member of the operation's input that each one is. */
const MEMBERS: Readonly<Record<string, string>> = { 'x-amz-invocation-type': 'InvocationType', 'x-amz-log-type': 'LogType' };

/** The REST interface of Lambda: Invoke. */
export class LambdaHttpService implements HttpService {
  readonly name = 'lambda';
  readonly dialect = 'json';
  /** A handler runs in real time, and may wait for what others do in virtual time. */
  readonly takesTime = true;

  constructor(private readonly lambda: LambdaService) {}

  async handleHttp({ method, path, query, headers, body, context }: VerifiedRequest): Promise<HttpAnswer> {
    const [, functionName] = INVOCATIONS.exec(path) ?? [];
    if (method !== 'POST' || functionName === undefined) throw new Error(`lambda: the local cloud does not implement ${method} ${path}`);
    const input: JsonObject = { FunctionName: decodeURIComponent(functionName) };
    if (body.length > 0) input.Payload = body.toString('utf8');
    for (const { name, value } of query) input[name] = value;
    for (const [name, value] of Object.entries(headers)) {
      if (name.startsWith('x-amz-') && !OF_THE_PROTOCOL.includes(name)) input[MEMBERS[name] ?? name] = value;
    }
    const output = await this.lambda.call('Invoke', input, context);
    return {
      statusCode: Number(output.StatusCode),
      headers: {
        'content-type': 'application/json',
        ...typeof output.ExecutedVersion === 'string' && { 'x-amz-executed-version': output.ExecutedVersion },
        ...typeof output.FunctionError === 'string' && { 'x-amz-function-error': output.FunctionError },
      },
      body: typeof output.Payload === 'string' ? output.Payload : '',
    };
  }
}

