import { RemovalPolicy } from 'aws-cdk-lib';

/**
 * What becomes of resources with data or identity. What is kept is kept once it has been made: a first deployment that fails leaves nothing behind, which
 * would be in the way of the next one.
 *
 * @param asked what the user asked for. Default: to keep them
 */
export function retained(asked: RemovalPolicy = RemovalPolicy.RETAIN): RemovalPolicy {
  return asked === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : asked;
}
