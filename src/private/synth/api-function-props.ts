import { HandlerFunctionProps } from './handler-function';

/** What the functions behind routes of an API get from the construct: the rest is their own. */
export type ApiFunctionProps = Pick<HandlerFunctionProps, 'runtime' | 'logGroup' | 'logRetention' | 'removalPolicy' | 'encryptionKey' | 'tracing'>;
