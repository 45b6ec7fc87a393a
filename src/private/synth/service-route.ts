import { Aspects, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { FunctionNetwork } from './function-network';
import { warn, WarningName } from './warning';

/** A service that a function in a VPC calls. */
interface CalledService {
  readonly warning: WarningName;
  /** What the name of its endpoint service ends in. */
  readonly endpointService: string;
  /** The endpoint that is missing. */
  readonly endpoint: string;
  readonly fix: string;
}

const SERVICES = {
  secretsManager: {
    warning: 'secretsManagerRoute',
    endpointService: 'secretsmanager',
    endpoint: 'interface endpoint of Secrets Manager',
    fix: "vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER })",
  },
  s3: {
    warning: 's3Route',
    endpointService: 's3',
    endpoint: 'endpoint of S3',
    fix: "vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })",
  },
  sts: {
    warning: 'stsRoute',
    endpointService: 'sts',
    endpoint: 'interface endpoint of STS',
    fix: "vpc.addInterfaceEndpoint('Sts', { service: InterfaceVpcEndpointAwsService.STS })",
  },
} as const satisfies Readonly<Record<string, CalledService>>;

/**
 * Warns of a function in subnets from which nothing leads to a service that it calls.
 *
 * @param of what has `vpcSubnets`, for messages
 * @param consequence what comes of it, for messages
 *
 * Only of a VPC of the same app it is known which endpoints there are, and only at the end of synthesis: an endpoint may be added later.
 */
export function warnOfServiceRoute(
  scope: IConstruct, of: string, { vpc, vpcSubnets }: FunctionNetwork, service: keyof typeof SERVICES, consequence: string,
): void {
  if (!(vpc instanceof Vpc)) return;
  const isolated = vpc.selectSubnets(vpcSubnets).subnets.filter((subnet) => vpc.isolatedSubnets.includes(subnet));
  if (isolated.length === 0) return;
  const { warning, endpointService, endpoint, fix } = SERVICES[service];
  Aspects.of(scope).add({
    visit: (node) => {
      if (node !== scope || hasEndpoint(vpc, endpointService)) return;
      warn(
        scope, warning,
        `vpcSubnets of ${of} are isolated (${isolated.map(({ node: { id } }) => id).join(', ')}), and the VPC has no ${endpoint}, so that `
          + `${consequence}; call ${fix}, or choose subnets with a NAT gateway`,
      );
    },
  });
}

function hasEndpoint(vpc: Vpc, endpointService: string): boolean {
  return vpc.node.root.node.findAll().some((node) => (
    node instanceof CfnVPCEndpoint && node.vpcId === vpc.vpcId
    // The Region in it may be known at deployment only.
    && JSON.stringify(Stack.of(node).resolve(node.serviceName) ?? '').includes(`.${endpointService}"`)));
}
