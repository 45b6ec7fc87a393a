import { cognitoChanges, cognitoResources } from './resources';
import { UserPools } from './user-pools';
import { CloudContext, ServiceModule } from '../service-module';

export function cognitoModule({ environment, clock }: CloudContext): ServiceModule<{ readonly userPools: UserPools }> {
  const userPools = new UserPools(environment, clock);
  return { provides: { userPools }, resources: cognitoResources(userPools), changes: cognitoChanges(userPools) };
}
