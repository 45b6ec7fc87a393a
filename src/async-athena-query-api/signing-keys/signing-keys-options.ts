import { ILogGroup } from 'aws-cdk-lib/aws-logs';

/** Options of `SigningKeys.ed25519`. */
export interface Ed25519SigningKeysOptions {
  /**
   * Log group of the function that answers `GET /signing-keys`.
   *
   * @default - a new log group, kept as `logRetention` and `removalPolicy` of the construct say
   */
  readonly logGroup?: ILogGroup;
}
