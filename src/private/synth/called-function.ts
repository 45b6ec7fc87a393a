import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { hasDefaultTimeout } from './lambda-limits';
import { checkRegion, isOfAnotherAccount } from './place';
import { warn } from './warning';

/** A function of the user's, and who calls it for every page. */
export interface CalledFunction {
  /** What takes it as `handler`, for messages. */
  readonly factory: string;
  readonly handler: IFunction;
  /** Whose role calls it. */
  readonly caller: 'the workflow' | 'the item workflow' | 'the source function';
  /** Why it must be of the same Region. */
  readonly sameRegion: string;
}

/**
 * Refuses a function that is known to be out of reach, and warns of one that probably is or that probably ends too early.
 *
 * Of another account, a function can let the caller in by its own policy, which nobody sees here. Source: Lambda developer guide, "Granting Lambda
 * function access to other accounts"; Step Functions developer guide, "Accessing resources in other AWS accounts".
 */
export function checkCalledFunction(scope: Construct, { factory, handler, caller, sameRegion }: CalledFunction): void {
  checkRegion(`handler of ${factory}`, scope, handler, sameRegion);
  if (isOfAnotherAccount(scope, handler.env.account)) {
    warn(
      scope, 'functionOfAnotherAccount',
      `handler of ${factory} is a function of account ${handler.env.account}: every page fails with AccessDeniedException unless the resource-based policy of `
        + `the function lets the role of ${caller} call it (lambda:InvokeFunction); add that in its account, or take a function of this account`,
    );
  }
  if (hasDefaultTimeout(handler)) {
    warn(
      scope, 'functionTimeout',
      `handler of ${factory} has no timeout, so Lambda ends each call after 3 seconds, and the page fails when the attempts are used up; `
        + 'set timeout of the function to what the slowest call needs',
    );
  }
}
