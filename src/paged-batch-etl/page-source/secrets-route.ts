import { Aspects, Stack } from 'aws-cdk-lib';
import { CfnVPCEndpoint, IVpc, SubnetSelection, Vpc } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { warn } from '../../private/synth/warning';

/**
 * Warns of a function in subnets from which nothing leads to Secrets Manager. Only of a VPC of the same app it is known which endpoints there are, and
 * only at the end of synthesis: an endpoint may be added later.
 */
export function warnOfSecretsRoute(scope: IConstruct, factory: string, vpc: IVpc | undefined, vpcSubnets: SubnetSelection | undefined): void {
  if (!(vpc instanceof Vpc)) return;
  const isolated = vpc.selectSubnets(vpcSubnets).subnets.filter((subnet) => vpc.isolatedSubnets.includes(subnet));
  if (isolated.length === 0) return;
  Aspects.of(scope).add({
    visit: (node) => {
      if (node !== scope || hasEndpoint(vpc)) return;
      warn(
        scope, 'secretsManagerRoute',
        `vpcSubnets of ${factory} are isolated (${isolated.map(({ node: { id } }) => id).join(', ')}), and the VPC has no interface endpoint of Secrets Manager, so that `
          + 'the connection secret cannot be read and every page fails with ConnectionSecretInvalid; call '
          + "vpc.addInterfaceEndpoint('Secrets', { service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER }), or choose subnets with a NAT gateway",
      );
    },
  });
}

function hasEndpoint(vpc: Vpc): boolean {
  return vpc.node.root.node.findAll().some((node) => (
    node instanceof CfnVPCEndpoint && node.vpcId === vpc.vpcId
    // The Region in it may be known at deployment only.
    && /\.secretsmanager"/.test(JSON.stringify(Stack.of(node).resolve(node.serviceName) ?? ''))));
}
