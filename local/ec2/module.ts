import { ec2Resources } from './resources';
import { ServiceModule } from '../service-module';

/** Networks: accepted, and reported as without effect, `LogicalId (Type)`. */
export function ec2Module(): ServiceModule {
  const made: string[] = [];
  return { provides: {}, resources: ec2Resources((resource) => made.push(resource)), notModelled: () => made };
}
