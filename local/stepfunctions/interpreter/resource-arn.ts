/** How a Task waits for its result. */
export type WaitPattern = 'sync' | 'sync:2' | 'waitForTaskToken';

/** What a Task's Resource names. */
export type TaskResource =
  | { readonly kind: 'lambda'; readonly arn: string }
  | {
    readonly kind: 'service';
    readonly arn: string;
    /** `lambda`, `athena`, `aws-sdk:dynamodb`: the `resourceType` of the events. */
    readonly service: string;
    /** `invoke`. */
    readonly action: string;
    readonly pattern?: WaitPattern;
  };

const lambdaArn = /^arn:[^:]+:lambda:[^:]*:\d*:function:.+$/;
const serviceArn = /^arn:[^:]+:states:[^:]*:[^:]*:((?:aws-sdk:)?[A-Za-z0-9-]+):([A-Za-z0-9]+)(?:\.(sync|sync:2|waitForTaskToken))?$/;

/** Takes a Resource apart; undefined for one that the local cloud does not know (activities, for instance). */
export function parseTaskResource(arn: string): TaskResource | undefined {
  if (lambdaArn.test(arn)) return { kind: 'lambda', arn };
  const [, service, action, pattern] = serviceArn.exec(arn) ?? [];
  if (service === undefined || service === 'activity') return undefined;
  return { kind: 'service', arn, service, action, pattern: toPattern(pattern) };
}

function toPattern(pattern: string | undefined): WaitPattern | undefined {
  return pattern === 'sync' || pattern === 'sync:2' || pattern === 'waitForTaskToken' ? pattern : undefined;
}
