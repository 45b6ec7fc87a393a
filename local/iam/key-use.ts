import { AwsEnvironment, CallContext } from '../aws/service';

export type KeyAction = 'kms:Decrypt' | 'kms:Encrypt' | 'kms:GenerateDataKey' | 'kms:ReEncryptFrom' | 'kms:ReEncryptTo';

/** What policies can ask about a call to KMS. */
export interface KeyCircumstances {
  /** `kms:ViaService`: the service that calls with the rights of its own caller. Absent: a principal calls itself. */
  readonly viaService?: string;
  /** `kms:EncryptionContext:…`. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/**
 * Somebody uses a customer's KMS key, by its id, ARN or alias. Throws an access-denied error where the caller or the key's policy does not allow that. KMS
 * gives it; without one, resources with a customer key are refused.
 */
export type UseKey = (key: string, action: KeyAction, context: CallContext, circumstances?: KeyCircumstances) => Promise<void>;

/** Value of `kms:ViaService` for a service of the account's Region. */
export function viaService(service: string, { region, urlSuffix }: Pick<AwsEnvironment, 'region' | 'urlSuffix'>): string {
  return `${service}.${region}.${urlSuffix}`;
}
