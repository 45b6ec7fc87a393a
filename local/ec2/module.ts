import { ec2Resources } from './resources';
import { VpcEndpoints } from './vpc-endpoints';
import { ServiceModule } from '../service-module';

/** Networks: accepted, and reported as without effect, `LogicalId (Type)`. */
export function ec2Module(): ServiceModule<{ readonly vpcEndpoints: VpcEndpoints }> {
  const made: string[] = [];
  const vpcEndpoints = new VpcEndpoints();
  return { provides: { vpcEndpoints }, resources: ec2Resources((resource) => made.push(resource), vpcEndpoints), notModelled: () => made };
}
