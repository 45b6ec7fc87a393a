import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SDK_BOUNDS } from './sdk-bounds';

/** The versions of a secret that rotation moves. */
export type SecretStage = 'AWSCURRENT' | 'AWSPREVIOUS';

/** Reads the text of one version of a secret; undefined when it has none. It throws the SDK's errors. */
export type ReadSecret = (stage: SecretStage) => Promise<string | undefined>;

/** Region, endpoint and credentials come from the environment, as always in Lambda. */
export function createSecretReader(secretArn: string): ReadSecret {
  const secretsManager = new SecretsManagerClient(SDK_BOUNDS);
  return async (stage) => (await secretsManager.send(new GetSecretValueCommand({ SecretId: secretArn, VersionStage: stage }))).SecretString;
}
