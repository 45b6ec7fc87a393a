import { randomUUID } from 'node:crypto';
import { Route } from './definition';
import { AwsEnvironment } from '../aws/service';
import { ReceivedRequest } from '../http/received-request';
import { ContextValues } from './vtl/context';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface ContextInput {
  readonly environment: AwsEnvironment;
  readonly apiId: string;
  readonly stage: string;
  readonly request: ReceivedRequest;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly sourceIp: string;
  readonly route?: Route;
}

/** The `$context` of a request. */
export function requestContext({ environment, apiId, stage, request, now, sourceIp, route }: ContextInput): ContextValues {
  const requestId = randomUUID();
  const domainName = `${apiId}.execute-api.${environment.region}.${environment.urlSuffix}`;
  return {
    accountId: environment.accountId,
    apiId,
    domainName,
    domainPrefix: apiId,
    extendedRequestId: requestId,
    httpMethod: request.method,
    identity: {
      sourceIp,
      ...optional('userAgent', request.headers['user-agent']),
    },
    path: request.path,
    protocol: 'HTTP/1.1',
    requestId,
    requestTime: commonLogTime(new Date(now)),
    requestTimeEpoch: BigInt(now),
    stage,
    ...optional('resourceId', route?.resourceId),
    ...optional('resourcePath', route?.resourcePath),
    ...optional('operationName', route?.method.operationName),
  };
}

function optional(name: string, value: string | undefined): ContextValues {
  return value === undefined ? {} : { [name]: value };
}

/** `09/Apr/2015:12:34:56 +0000`. */
function commonLogTime(date: Date): string {
  const [, year, , day, time] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(date.toISOString()) ?? [];
  return `${day}/${MONTHS[date.getUTCMonth()]}/${year}:${time} +0000`;
}
