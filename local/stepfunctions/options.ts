import { ExpressChange } from './api/execution-metrics';
import { EncryptionSettings, MachineType } from './api/state-machine';
import { StatusChangeEvent } from './api/status-change';
import { AssumeRole } from './integrations/integration';
import { IntegrationTargets, TaskIntegrations } from './integrations/integrations';
import { ObjectStorage } from './interpreter/distributed/object-storage';
import { HistoryEvent } from './interpreter/history';
import { WriteLog } from './logging/execution-log';
import { LogDeliveryOptions } from './logging/log-delivery';
import { LoggingSettings } from './logging/settings';
import { AwsEnvironment } from '../aws/service';
import { Clock } from '../clock';
import { UseKey } from '../iam/key-use';

/** One event of a history, as it happens. */
export interface ObservedEvent {
  readonly executionArn: string;
  readonly event: HistoryEvent;
}

export interface StepFunctionsOptions extends Omit<LogDeliveryOptions, 'keys'> {
  readonly environment: AwsEnvironment;
  readonly clock: Clock;
  /** The services that Tasks can reach. Default: only Step Functions itself. */
  readonly targets?: IntegrationTargets;
  /** Default: every role trusts Step Functions. */
  readonly assumeRole?: AssumeRole;
  /** Replaces all integrations: tests answer Tasks themselves. */
  readonly integrations?: TaskIntegrations;
  /** Where a distributed Map reads items and writes results. */
  readonly storage?: ObjectStorage;
  /** Gets the status change events meant for the default event bus. */
  readonly onEvent?: (event: StatusChangeEvent) => void;
  /** Told when an Express execution starts or ends, also of a distributed Map: those send no events. */
  readonly onExpress?: (change: ExpressChange) => void;
  /** For machines with a customer's key. Default: there can be none. */
  readonly useKey?: UseKey;
  /** Writes to CloudWatch Logs what executions log. Default: it is lost. */
  readonly writeLog?: WriteLog;
  /** Sees every event of every history as it is appended. */
  readonly observe?: (observed: ObservedEvent) => void;
  /** From 0 (inclusive) to 1 (exclusive), for jitter. Default: `Math.random`. */
  readonly random?: () => number;
  /** Default: `crypto.randomUUID`. */
  readonly uuid?: () => string;
}

/** What a state machine is made of. */
export interface StateMachineSettings {
  readonly name: string;
  readonly roleArn: string;
  /** JSON text. */
  readonly definition: string;
  /** Default: STANDARD. */
  readonly type?: MachineType;
  /** Default: no logs. The role must be allowed to set them up. */
  readonly logging?: LoggingSettings;
  /** Default: false. Traces are not written. */
  readonly tracing?: boolean;
  /** Default: a key of AWS. */
  readonly encryption?: EncryptionSettings;
}
