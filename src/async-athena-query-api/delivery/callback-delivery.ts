import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction, FunctionOptions, Runtime } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { workInVpc } from '../../private/synth/function-network';
import { readSecret } from '../../private/synth/function-rights';
import { HandlerFunction } from '../../private/synth/handler-function';
import { defaultRuntime } from '../../private/synth/node-runtime';
import { warnOfServiceRoute } from '../../private/synth/service-route';
import { CallbackPolicyBinding } from '../callback-policy/binding';
import { DeliveryEnvironment } from '../contracts/deliver';
import { DeliveryNetwork } from '../delivery-network/delivery-network';
import { ResultLinks } from '../results/result-links';
import { ResultStore } from '../results/result-store';
import { SigningKeysBinding } from '../signing-keys/binding';

export interface CallbackDeliveryProps {
  readonly results: ResultStore;
  readonly callbackPolicy: CallbackPolicyBinding;
  readonly callbackTimeout: Duration;
  readonly linkExpiry: Duration;
  readonly signingKeys: SigningKeysBinding;
  readonly signingSecret?: ISecret;
  readonly deliveryNetwork?: DeliveryNetwork;
  readonly deliveryRuntime?: Runtime;
  readonly deliveryMemorySize: number;
  readonly deliveryReservedConcurrency?: number;
  readonly deliveryLogGroup?: ILogGroup;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey?: IKey;
  readonly tracing?: boolean;
}

/** What the function needs beside the callback itself: the secret, a role session, the object's head, each with retries of its own. */
const ALLOWANCE_FOR_AWS_CALLS = Duration.seconds(45);

/** Signs and sends callbacks: the function, the secret that signs, and the links to results. */
export class CallbackDelivery {
  public readonly deliveryFunction: LambdaFunction;
  public readonly logGroup: ILogGroup;
  public readonly signingSecret: ISecret;
  public readonly links: ResultLinks;
  /** Time-out of one invocation. */
  public readonly timeout: Duration;

  constructor(scope: Construct, props: CallbackDeliveryProps) {
    this.signingSecret = props.signingSecret ?? props.signingKeys.createSecret(scope, props.removalPolicy);
    const { signatureVersion } = props.signingKeys;
    const { deliveryNetwork } = props;
    if (deliveryNetwork !== undefined) warnOfRoutes(scope, deliveryNetwork);
    this.timeout = props.callbackTimeout.plus(ALLOWANCE_FOR_AWS_CALLS);
    const handler = new HandlerFunction(scope, 'Delivery', {
      handler: 'async-athena-query-api/delivery/function/deliver',
      description: 'Signs and sends the callback of a finished query',
      roleDescription: 'Signs and sends callbacks',
      runtime: props.deliveryRuntime ?? defaultRuntime(),
      timeout: this.timeout,
      memorySize: props.deliveryMemorySize,
      options: { reservedConcurrentExecutions: props.deliveryReservedConcurrency, ...deliveryNetwork && networkOptions(deliveryNetwork) },
      environment: {
        [DeliveryEnvironment.SIGNING_SECRET_ARN]: this.signingSecret.secretArn,
        ...(signatureVersion !== undefined && { [DeliveryEnvironment.SIGNATURE_VERSION]: signatureVersion }),
        [DeliveryEnvironment.CALLBACK_RULES]: Stack.of(scope).toJsonString(props.callbackPolicy.rules),
        [DeliveryEnvironment.CALLBACK_TIMEOUT_SECONDS]: `${props.callbackTimeout.toSeconds()}`,
      },
      statements: [...readSecret(this.signingSecret), ...deliveryNetwork === undefined ? [] : workInVpc()],
      logGroup: props.deliveryLogGroup,
      logRetention: props.logRetention,
      removalPolicy: props.removalPolicy,
      encryptionKey: props.encryptionKey,
      tracing: props.tracing,
    });
    this.deliveryFunction = handler.lambdaFunction;
    this.logGroup = handler.logGroup;

    this.links = new ResultLinks(scope, { results: props.results, linkExpiry: props.linkExpiry, signer: handler });
  }
}

/** Where CDK is to put the function. */
function networkOptions(network: DeliveryNetwork): FunctionOptions {
  const { vpc, vpcSubnets, securityGroups, allowAllOutbound = true, ipv6AllowedForDualStack = false } = network;
  // CDK refuses a word on what new groups allow where there is none, and writes that there is no IPv6 where it was told so.
  return {
    vpc,
    vpcSubnets,
    ...(securityGroups === undefined ? { allowAllOutbound, allowAllIpv6Outbound: allowAllOutbound && ipv6AllowedForDualStack } : { securityGroups }),
    ...(ipv6AllowedForDualStack && { ipv6AllowedForDualStack }),
  };
}

function warnOfRoutes(scope: Construct, network: DeliveryNetwork): void {
  const noLink = 'no link to a result can be made and every callback that has one fails with DeliveryDependencyFailed';
  warnOfServiceRoute(
    scope, 'deliveryNetwork', network, 'secretsManager', 'the signing secret cannot be read and every callback fails with DeliveryDependencyFailed',
  );
  warnOfServiceRoute(scope, 'deliveryNetwork', network, 'sts', noLink);
  warnOfServiceRoute(scope, 'deliveryNetwork', network, 's3', noLink);
}
