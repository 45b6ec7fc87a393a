import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { InvalidPropError } from './validation';

/** Most bytes of all environment variables of a function, written as one JSON object. Source: Lambda quotas, and how Lambda measures them. */
export const MAX_ENVIRONMENT_BYTES = 4_096;

/** Refuses more variables than Lambda takes. What is not known until deployment counts as it is written in the template. */
export function checkEnvironment(scope: IConstruct, what: string, environment: Readonly<Record<string, string>>, fix: string): void {
  const bytes = Buffer.byteLength(JSON.stringify(Stack.of(scope).resolve(environment)));
  if (bytes <= MAX_ENVIRONMENT_BYTES) return;
  throw new InvalidPropError(what, `${bytes} bytes of environment variables`, `at most ${MAX_ENVIRONMENT_BYTES} bytes`, `${fix}: Lambda gives a function no more`);
}
