import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { IdempotencyConfig } from './contracts/source-function';
import { IdempotencyScope } from './idempotency-scope';

/** What the source function is told of idempotency keys: nothing where they depend on the run, whose ARN names account, Region and construct already. */
export function idempotencyOf(scope: Construct, idempotencyScope?: IdempotencyScope): IdempotencyConfig | undefined {
  switch (idempotencyScope) {
    case IdempotencyScope.WINDOW: return { scope: 'window', construct: nameOf(scope) };
    case IdempotencyScope.ITEM: return { scope: 'item', construct: nameOf(scope) };
    default: return undefined;
  }
}

/**
 * With the name of the stack, since an app may deploy the same path under several names. That of a nested stack is made when it is created, so it is that of the
 * stack around it.
 */
function nameOf(scope: Construct): string {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent !== undefined) stack = stack.nestedStackParent;
  return [stack.region, stack.account, stack.stackName, scope.node.addr].join('/');
}
