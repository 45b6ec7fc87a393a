import { ec2Changes, ec2Resources } from './resources';
import { VpcEndpoints } from './vpc-endpoints';
import { ServiceModule } from '../service-module';

/** Networks: accepted, and reported as without effect, `LogicalId (Type)`. */
export function ec2Module(): ServiceModule<{ readonly vpcEndpoints: VpcEndpoints }> {
  const made: string[] = [];
  const vpcEndpoints = new VpcEndpoints();
  const report = (resource: string): void => {
    made.push(resource);
  };
  const forget = (resource: string): void => {
    if (made.includes(resource)) made.splice(made.indexOf(resource), 1);
  };
  const resources = ec2Resources(report, vpcEndpoints);
  return { provides: { vpcEndpoints }, resources, changes: ec2Changes(resources, forget, vpcEndpoints), notModelled: () => made };
}
