/** Servers that do not answer at all. Each is waited for in real time, so all of them are tried at once. */
import { DeployedEtl, Filled, MONGO_HOST, OWN_SERVER, PUBLIC_ADDRESS, READER } from './deployed-etl';
import { createCertificates } from '../../../local/http/certificates';
import { Receiver } from '../../../local/network/receiver';
import { PagedBatchEtlErrors as Errors } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const ITEMS = 10;
const NOWHERE = 'nowhere.example.com';
const IMPOSTOR = 'impostor.example.com';

const constructs = ['Unknown', 'Refused', 'Impostor'];

describeWhereMongo('a run whose server does not answer', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  let impostor: Receiver;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        for (const name of constructs) stack.etl(name, { source: stack.source({ connectionSecret: stack.secret(`${name}Secret`) }) });
      },
    });
    filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number })));
    impostor = await Receiver.start(await createCertificates({ hosts: [IMPOSTOR] }));
    etl.cloud.connectHost(IMPOSTOR, { addresses: ['93.184.216.50'], port: 27017, connectTo: impostor.connectTo });
  });
  afterEach(() => etl.assertNoFaults());
  afterAll(async () => {
    await impostor?.close();
    await etl?.close();
  });

  /** Runs with an address that is wrong, which is fixed as soon as the first attempt has failed. */
  async function runMendedAfterOneAttempt(construct: string, address: string) {
    await etl.putSecret(etl.server.uriFor(address, READER), `${construct}Secret`);
    const arn = await etl.start(construct, filled.input);
    const failure = await etl.next(({ type, details }) => type === 'TaskFailed' && details.resourceType === 'lambda', construct);
    await etl.putSecret(etl.server.uriFor(PUBLIC_ADDRESS, READER), `${construct}Secret`);
    return { run: await etl.ended(arn), failure };
  }

  test('says why, and goes on with the next attempt once it does', async () => {
    const [unknown, refused, untrusted] = await Promise.all([
      runMendedAfterOneAttempt('Unknown', `${NOWHERE}:27017`),
      runMendedAfterOneAttempt('Refused', `${MONGO_HOST}:27018`),
      runMendedAfterOneAttempt('Impostor', `${IMPOSTOR}:27017`),
    ]);
    expect(unknown.failure.details).toMatchObject({ error: Errors.SOURCE_UNAVAILABLE, cause: expect.stringContaining('could not be reached (ENOTFOUND)') });
    expect(refused.failure.details).toMatchObject({ error: Errors.SOURCE_UNAVAILABLE, cause: expect.stringContaining('could not be reached (ECONNREFUSED)') });
    for (const { run } of [unknown, refused]) expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });

    // Whoever has another certificate is not the server: trying again would not help.
    expect(untrusted.failure.details).toMatchObject({ error: Errors.SOURCE_REFUSED, cause: expect.stringMatching(/certificate of the source is not trusted \(\w+\)/) });
    expect(untrusted.run).toMatchObject({ status: 'FAILED', failure: { name: Errors.SOURCE_REFUSED } });
    expect(impostor.requests).toEqual([]);
    await expect(etl.redrive(untrusted.run)).resolves.toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS } });
  });
}, OWN_SERVER);
