import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ApiFunctionProps } from '../../private/synth/api-function-props';
import { API_FUNCTION_TIMEOUT } from '../../private/synth/api-function-timeout';
import { readSecret } from '../../private/synth/function-rights';
import { HandlerFunction } from '../../private/synth/handler-function';
import { TellKeysEnvironment } from '../contracts/tell-keys';

export interface KeyPublicationProps extends ApiFunctionProps {
  readonly signingSecret: ISecret;
}

/** Tells the public keys. It can read the seed, so it has no other right and takes nothing from callers. */
export class KeyPublication {
  public readonly keysFunction: IFunction;
  public readonly logGroup: ILogGroup;

  constructor(scope: Construct, props: KeyPublicationProps) {
    const handler = new HandlerFunction(scope, 'SigningKeys', {
      handler: 'async-athena-query-api/signing-keys/function/tell-keys',
      description: 'Tells the public keys that verify callbacks',
      roleDescription: 'Reads the seed of the signing key',
      runtime: props.runtime,
      timeout: API_FUNCTION_TIMEOUT,
      memorySize: 256,
      environment: { [TellKeysEnvironment.SIGNING_SECRET_ARN]: props.signingSecret.secretArn },
      statements: readSecret(props.signingSecret),
      logGroup: props.logGroup,
      logRetention: props.logRetention,
      removalPolicy: props.removalPolicy,
      encryptionKey: props.encryptionKey,
      tracing: props.tracing,
    });
    this.keysFunction = handler.lambdaFunction;
    this.logGroup = handler.logGroup;
  }
}
