import { Runtime, RuntimeFamily } from 'aws-cdk-lib/aws-lambda';
import { checkText } from './validation';

/**
 * Pinned, because a moving default would change users' functions with every CDK upgrade. The name is spelled out, because the oldest CDK
 * we accept does not know the constant.
 */
export const DEFAULT_RUNTIME = new Runtime('nodejs22.x', RuntimeFamily.NODEJS, { supportsInlineCode: true });

/** Refuses a runtime that our bundles cannot run on. */
export function checkRuntime(what: string, runtime: Runtime): void {
  checkText(what, runtime.name, /^nodejs(2[2-9]|[3-9]\d)\.x$/, 'Node.js 22 or newer', 'the function is built for it');
}
