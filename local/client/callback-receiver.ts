import { LocalCloud } from '../cloud';
import { Receiver } from '../network/receiver';

/** Where callbacks can go: a name that exists only on the local cloud's internet, at an address that is public. */
export const RECEIVER_HOST = 'hooks.example.com';
export const RECEIVER_ADDRESS = '93.184.216.34';

/** Somebody to call back at that name. The cloud must have been started with the name among its hosts. */
export async function startCallbackReceiver(cloud: LocalCloud): Promise<Receiver> {
  const receiver = await Receiver.start(cloud.certificates);
  cloud.connectHost(RECEIVER_HOST, { addresses: [RECEIVER_ADDRESS], connectTo: receiver.connectTo });
  return receiver;
}
