import { IConstruct } from 'constructs';
import { FunctionNetwork } from '../../private/synth/function-network';
import { warnOfServiceRoute } from '../../private/synth/service-route';

/** Warns of a function in subnets from which nothing leads to Secrets Manager. */
export function warnOfSecretsRoute(scope: IConstruct, of: string, network: FunctionNetwork): void {
  warnOfServiceRoute(scope, of, network, 'secretsManager', 'the connection secret cannot be read and every page fails with ConnectionSecretInvalid');
}

/** What cannot be done without a way to S3. */
const WITHOUT_S3 = {
  pages: 'PageTransport.s3 cannot write pages and every page fails with PageBucketUnavailable',
  letters: 'no run can replay letters and each that is to do so fails with DeadLettersUnavailable',
} as const;

/**
 * Warns of a function in subnets from which nothing leads to S3.
 *
 * @param need what the function has there
 */
export function warnOfS3Route(scope: IConstruct, of: string, network: FunctionNetwork, need: keyof typeof WITHOUT_S3): void {
  warnOfServiceRoute(scope, of, network, 's3', WITHOUT_S3[need]);
}
