import { LambdaTarget } from './lambda-target';
import { ParameterSource } from './parameter-mapping';

/** Asks a function who the caller is, and by a policy of its own whether a request may come in. */
export interface FunctionAuthorizer {
  readonly id: string;
  /** `TOKEN`: it gets one header. `REQUEST`: it gets everything but the body. */
  readonly type: 'TOKEN' | 'REQUEST';
  readonly target: LambdaTarget;
  /** What shows who the caller is: all of it must be there, and is what an answer is remembered by. */
  readonly identitySources: readonly ParameterSource[];
  /** Java regular expression for the token. */
  readonly validation?: string;
  /** How long an answer is remembered, in seconds; 0: it is not. */
  readonly ttlSeconds: number;
}
