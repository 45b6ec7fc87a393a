import { createHash } from 'node:crypto';
import { AwsEnvironment } from '../aws/service';

const SUFFIX_LENGTH = 12;

/**
 * A name as CloudFormation generates it, `Stack-LogicalId-SUFFIX`, cut to a length; the same for the same stack in every run.
 *
 * @param identity tells resources apart that come one after the other under one logical id
 */
export function physicalName(environment: AwsEnvironment, stackName: string, logicalId: string, maxLength = 255, identity = logicalId): string {
  const suffix = digest(environment, stackName, identity).slice(0, SUFFIX_LENGTH).toUpperCase();
  const room = maxLength - SUFFIX_LENGTH - 2;
  if (room < 2) throw new Error(`Physical name of ${logicalId}: ${maxLength} characters are too few`);
  // Where both do not fit, each may have half, and what the shorter one leaves.
  const half = Math.floor(room / 2);
  const stack = stackName.slice(0, Math.max(half, room - logicalId.length));
  return `${stack}-${logicalId.slice(0, room - stack.length)}-${suffix}`;
}

/** ARN of a stack; its id too is the same in every run. */
export function stackId(environment: AwsEnvironment, stackName: string): string {
  const hash = createHash('sha256').update(place(environment, stackName)).digest('hex');
  const uuid = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join('-');
  return `arn:${environment.partition}:cloudformation:${environment.region}:${environment.accountId}:stack/${stackName}/${uuid}`;
}

function digest(environment: AwsEnvironment, stackName: string, logicalId: string): string {
  const bytes = createHash('sha256').update(place(environment, stackName, logicalId)).digest('hex');
  return BigInt(`0x${bytes}`).toString(36);
}

function place(environment: AwsEnvironment, ...names: string[]): string {
  return [environment.partition, environment.accountId, environment.region, ...names].join('/');
}
