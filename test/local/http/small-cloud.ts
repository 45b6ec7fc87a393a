import { Account as CloudAccount, createAccount as createCloudAccount } from '../../../local/account/account';
import { AwsEnvironment } from '../../../local/aws/service';
import { VirtualClock } from '../../../local/clock';
import { createCertificates } from '../../../local/http/certificates';
import { FrontDoor, FrontDoorOptions } from '../../../local/http/front-door';

export const environment: AwsEnvironment = { accountId: '111122223333', region: 'eu-west-1', partition: 'aws', urlSuffix: 'amazonaws.com' };

export interface Account extends CloudAccount {
  readonly clock: VirtualClock;
}

/** Everything that decides who may do what, at a fixed point in time. */
export function createAccount(): Account {
  const clock = new VirtualClock(Date.parse('2030-05-01T12:00:00Z'));
  return { clock, ...createCloudAccount(environment, clock) };
}

/** A front door for these services, and what an SDK client needs to reach it in the account's time. */
export async function openFrontDoor(account: Account, services: Pick<FrontDoorOptions, 'services' | 'httpServices' | 'unsigned'>) {
  const faults: Error[] = [];
  const { caPem, certPem, keyPem } = await createCertificates({ hosts: ['localhost', '127.0.0.1'] });
  const { clock, credentials } = account;
  const onFault = (fault: Error) => faults.push(fault);
  const door = await FrontDoor.open({ environment, clock, credentials, tls: { certPem, keyPem }, ...services, onFault });
  const client = {
    endpoint: `https://localhost:${door.port}`,
    region: environment.region,
    requestHandler: { httpsAgent: { ca: caPem } },
    maxAttempts: 1,
    systemClockOffset: clock.now() - Date.now(),
  };
  return { door, client, caPem, faults };
}
