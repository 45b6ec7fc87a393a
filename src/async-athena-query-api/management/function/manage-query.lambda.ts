import { manageQuery, ManagementServices } from './manage-query';
import { readConfig } from './management-config';
import { createQueryCloud } from './query-cloud';
import { Refusal } from './refusal';
import { once } from '../../../private/runtime/once';
import { ManageAnswer } from '../../contracts/manage-query';
import { createLinkCloud } from '../../delivery/function/aws-clients';

const services = once((): ManagementServices => ({
  config: readConfig(process.env),
  queryCloud: createQueryCloud(),
  linkCloud: createLinkCloud(),
  now: Date.now,
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  log: console.log,
}));

/** Entry point of the management function. */
export async function handler(event: unknown): Promise<ManageAnswer> {
  try {
    return await manageQuery(event, services());
  } catch (error) {
    // Only the configuration can fail here.
    if (!(error instanceof Refusal)) throw error;
    console.log(JSON.stringify({ Outcome: error.logged }));
    return error.answer;
  }
}
