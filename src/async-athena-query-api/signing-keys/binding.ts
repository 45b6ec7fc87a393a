import { RemovalPolicy } from 'aws-cdk-lib';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { SignatureVersion } from '../contracts/deliver';

/** With what callbacks are signed. */
export interface SigningKeysBinding {
  /** Undefined for the version that the delivery function takes where it is told none. */
  readonly signatureVersion?: SignatureVersion;
  /** By what receivers verify a signature, in words. */
  readonly verifiedBy: string;
  /** How the public keys are told; undefined where there are none. */
  readonly publication?: { readonly logGroup?: ILogGroup };
  /** Makes the secret where the user gives none. */
  createSecret(scope: Construct, removalPolicy: RemovalPolicy): Secret;
}
