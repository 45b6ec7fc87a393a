import { Request } from '../api/request';
import { EncryptionSettings, readEncryption, StateMachine } from '../api/state-machine';
import { LoggingSettings, readLogging } from '../logging/settings';

/** Everything about a revision of a state machine that a caller can choose. */
export type RevisionSettings = Pick<StateMachine, 'arn' | 'type' | 'roleArn' | 'definitionText' | 'logging' | 'tracing' | 'encryption'>;

/** What can be left out of a request. */
export interface OptionalSettings {
  readonly logging?: LoggingSettings;
  readonly tracing?: boolean;
  /** Null: a key of AWS. */
  readonly encryption?: EncryptionSettings | null;
}

export function readOptionalSettings(request: Request): OptionalSettings {
  return {
    logging: readLogging(request),
    tracing: request.object('tracingConfiguration', (tracing) => tracing.boolean('enabled') ?? false),
    encryption: readEncryption(request),
  };
}

/** Whether a machine is what settings ask for; its role does not count. Source: API reference of CreateStateMachine. */
export function isSameMachine(machine: RevisionSettings, settings: RevisionSettings): boolean {
  return comparable(machine) === comparable(settings);
}

function comparable({ type, definitionText, logging, tracing, encryption }: RevisionSettings): string {
  const { level, includeExecutionData, destinations = [] } = logging;
  return JSON.stringify([type, definitionText, level, includeExecutionData, destinations, tracing, encryption?.keyId, encryption?.reusePeriod]);
}
