import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { checkText } from './validation';

/**
 * The runtime of our functions unless the user chooses one. Pinned, because a moving default would change users' functions with every upgrade of the CDK:
 * it is Node.js 24 where the CDK of the app knows that, which Lambda supports for longer, and changes once at most.
 */
export function defaultRuntime(): Runtime {
  const newer: unknown = Reflect.get(Runtime, 'NODEJS_24_X');
  return newer instanceof Runtime ? newer : Runtime.NODEJS_22_X;
}

/** Refuses a runtime that our bundles cannot run on. */
export function checkRuntime(what: string, runtime: Runtime): void {
  checkText(what, runtime.name, /^nodejs(2[2-9]|[3-9]\d)\.x$/, 'Node.js 22 or newer', 'the function is built for it');
}
