import { ec2Changes, ec2Resources } from './resources';
import { ServiceModule } from '../service-module';

/** Networks: accepted, and reported as without effect, `LogicalId (Type)`. */
export function ec2Module(): ServiceModule {
  const made: string[] = [];
  const report = (resource: string): void => {
    made.push(resource);
  };
  const forget = (resource: string): void => {
    if (made.includes(resource)) made.splice(made.indexOf(resource), 1);
  };
  return { provides: {}, resources: ec2Resources(report), changes: ec2Changes(report, forget), notModelled: () => made };
}
