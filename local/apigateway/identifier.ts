import { createHash } from 'node:crypto';
import { ResourceRequest } from '../template/resource';

/** An id as API Gateway gives them, the same in every run: lower-case letters and digits. */
export function identifier({ environment, stackName, identity }: ResourceRequest, length: number, part: string = ''): string {
  const bytes = createHash('sha256').update([environment.accountId, environment.region, stackName, identity, part].join('/')).digest('hex');
  return BigInt(`0x${bytes}`).toString(36).slice(0, length);
}
