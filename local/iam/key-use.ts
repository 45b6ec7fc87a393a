import { CallContext } from '../aws/service';

/**
 * A service uses a customer's KMS key with the rights of its caller. It throws an access-denied error where the caller or the key's policy
 * does not allow that. Whoever implements KMS gives it; without one, resources with a customer key are refused.
 */
export type UseKey = (key: string, action: 'kms:Decrypt' | 'kms:GenerateDataKey', context: CallContext) => Promise<void>;
