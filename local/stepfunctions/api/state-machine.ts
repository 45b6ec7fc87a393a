import { Request } from './request';
import { variableReferences } from './variable-references';
import { ServiceError } from '../../aws/service';
import { JsonObject, parseJson } from '../../json';
import { StateMachineDefinition } from '../interpreter/definition';
import { JsonataQueries } from '../jsonata/queries';
import { describeLogging, LoggingSettings } from '../logging/settings';

/** Standard workflows run for up to a year, exactly once; Express ones for up to five minutes, without a history. */
export type MachineType = 'STANDARD' | 'EXPRESS';

export const MACHINE_TYPES: readonly MachineType[] = ['STANDARD', 'EXPRESS'];

/** A customer's key, which encrypts the definition and the executions. */
export interface EncryptionSettings {
  /** Id, ARN or alias. */
  readonly keyId: string;
  /** Seconds, 60 to 900. */
  readonly reusePeriod: number;
}

/** How long a data key is used. Source: Step Functions developer guide, "Data at rest encryption". */
export const DEFAULT_REUSE_SECONDS = 300;

/** A revision of a state machine: it never changes, so an execution keeps the one that it was started with. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly type: MachineType;
  readonly roleArn: string;
  readonly definitionText: string;
  readonly definition: StateMachineDefinition;
  /** What is compiled of its JSONata. */
  readonly queries: JsonataQueries;
  readonly logging: LoggingSettings;
  /** The log group that gets events; absent where nothing is logged, or nothing arrives. */
  readonly logGroupArn?: string;
  readonly tracing: boolean;
  /** Absent: a key of AWS, which needs no rights. */
  readonly encryption?: EncryptionSettings;
  /** Absent until the first update. */
  readonly revisionId?: string;
  /** Epoch milliseconds, of the state machine and of this revision. */
  readonly creationTime: number;
  readonly updateTime: number;
  /** Where it was reached through a version. */
  readonly version?: MachineVersion;
}

export interface MachineVersion {
  readonly arn: string;
  readonly description?: string;
  /** Epoch milliseconds. */
  readonly creationTime: number;
}

/** Epoch seconds, as timestamps travel in answers. */
export function toSeconds(epochMilliseconds: number): number {
  return epochMilliseconds / 1000;
}

/** What DescribeStateMachine answers. */
export function describeStateMachine(machine: StateMachine, deleting: boolean, included: boolean): JsonObject {
  const { version, type } = machine;
  return {
    ...describeRevision(machine, included),
    stateMachineArn: version?.arn ?? machine.arn,
    status: deleting ? 'DELETING' : 'ACTIVE',
    type,
    creationDate: toSeconds(version?.creationTime ?? machine.creationTime),
    ...version?.description !== undefined && { description: version.description },
  };
}

/** What DescribeStateMachineForExecution answers; a child of a Map Run is an execution of `machine/label`. */
export function describeForExecution(machine: StateMachine, mapRunArn: string | undefined, included: boolean): JsonObject {
  const child: JsonObject = mapRunArn === undefined ? {} : { mapRunArn, label: machine.name.slice(machine.name.indexOf('/') + 1) };
  return { ...describeRevision(machine, included), ...child, updateDate: toSeconds(machine.updateTime) };
}

function describeRevision(machine: StateMachine, included: boolean): JsonObject {
  const { arn, name, roleArn, definitionText, logging, tracing, encryption, revisionId } = machine;
  const references = included ? variableReferences(parseJson(definitionText) ?? null) : {};
  return {
    stateMachineArn: arn,
    name,
    definition: included ? definitionText : '{}',
    roleArn,
    loggingConfiguration: describeLogging(logging),
    tracingConfiguration: { enabled: tracing },
    encryptionConfiguration: encryption === undefined
      ? { type: 'AWS_OWNED_KEY' }
      : { type: 'CUSTOMER_MANAGED_KMS_KEY', kmsKeyId: encryption.keyId, kmsDataKeyReusePeriodSeconds: encryption.reusePeriod },
    ...revisionId !== undefined && { revisionId },
    ...Object.keys(references).length > 0 && { variableReferences: references },
  };
}

/** What ListStateMachines tells of each. */
export function summarizeStateMachine({ arn, name, type, creationTime }: StateMachine): JsonObject {
  return { stateMachineArn: arn, name, type, creationDate: toSeconds(creationTime) };
}

/** Reads `encryptionConfiguration` of a request; null for a key of AWS, undefined where the request says nothing. */
export function readEncryption(request: Request): EncryptionSettings | null | undefined {
  return request.object('encryptionConfiguration', (encryption) => {
    const type = encryption.oneOf('type', ['AWS_OWNED_KEY', 'CUSTOMER_MANAGED_KMS_KEY']) ?? encryption.string('type');
    const keyId = encryption.optionalString('kmsKeyId');
    const reusePeriod = encryption.integer('kmsDataKeyReusePeriodSeconds', 60, 900) ?? DEFAULT_REUSE_SECONDS;
    if ((type === 'AWS_OWNED_KEY') !== (keyId === undefined)) {
      throw new ServiceError('InvalidEncryptionConfiguration', `Invalid Encryption Configuration: a key goes with the type CUSTOMER_MANAGED_KMS_KEY, got ${type}`);
    }
    return keyId === undefined ? null : { keyId, reusePeriod };
  });
}
