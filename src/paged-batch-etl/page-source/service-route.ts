import { Aspects, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, IVpc, SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { warn, WarningName } from '../../private/synth/warning';

/** Where a function is. */
export interface Network {
  readonly vpc?: IVpc;
  readonly vpcSubnets?: SubnetSelection;
}

/** A service that a function in a VPC calls. */
interface CalledService {
  readonly warning: WarningName;
  /** What the name of its endpoint service ends in. */
  readonly endpointService: string;
  /** The endpoint that is missing. */
  readonly endpoint: string;
  readonly consequence: string;
  readonly fix: string;
}

const SECRETS_MANAGER: CalledService = {
  warning: 'secretsManagerRoute',
  endpointService: 'secretsmanager',
  endpoint: 'interface endpoint of Secrets Manager',
  consequence: 'the connection secret cannot be read and every page fails with ConnectionSecretInvalid',
  fix: "vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER })",
};

const S3: Omit<CalledService, 'consequence'> = {
  warning: 's3Route',
  endpointService: 's3',
  endpoint: 'endpoint of S3',
  fix: "vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 })",
};

/** Warns of a function in subnets from which nothing leads to Secrets Manager. */
export function warnOfSecretsRoute(scope: IConstruct, of: string, network: Network): void {
  warnOfRoute(scope, of, network, SECRETS_MANAGER);
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
export function warnOfS3Route(scope: IConstruct, of: string, network: Network, need: keyof typeof WITHOUT_S3): void {
  warnOfRoute(scope, of, network, { ...S3, consequence: WITHOUT_S3[need] });
}

/** Only of a VPC of the same app it is known which endpoints there are, and only at the end of synthesis: an endpoint may be added later. */
function warnOfRoute(scope: IConstruct, of: string, { vpc, vpcSubnets }: Network, service: CalledService): void {
  if (!(vpc instanceof Vpc)) return;
  const isolated = vpc.selectSubnets(vpcSubnets).subnets.filter((subnet) => vpc.isolatedSubnets.includes(subnet));
  if (isolated.length === 0) return;
  Aspects.of(scope).add({
    visit: (node) => {
      if (node !== scope || hasEndpoint(vpc, service)) return;
      warn(
        scope, service.warning,
        `vpcSubnets of ${of} are isolated (${isolated.map(({ node: { id } }) => id).join(', ')}), and the VPC has no ${service.endpoint}, so that `
          + `${service.consequence}; call ${service.fix}, or choose subnets with a NAT gateway`,
      );
    },
  });
}

function hasEndpoint(vpc: Vpc, { endpointService }: CalledService): boolean {
  return vpc.node.root.node.findAll().some((node) => (
    node instanceof CfnVPCEndpoint && node.vpcId === vpc.vpcId
    // The Region in it may be known at deployment only.
    && JSON.stringify(Stack.of(node).resolve(node.serviceName) ?? '').includes(`.${endpointService}"`)));
}
