/** Servers that go away, give up or refuse while a run reads: what passes by itself is retried, the rest is fixed and redriven. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DeployedEtl, Filled, OWN_SERVER, PUBLIC_ADDRESS, READER } from './deployed-etl';
import { PROCESS } from './jobs-stack';
import { MongoUser } from '../../../local/mongodb/mongo-server';
import { PagedBatchEtlErrors as Errors } from '../../../src';
import { describeWhereMongo } from '../../support/mongo';

const ITEMS = 40;
const succeeded = { status: 'SUCCEEDED', output: { items: ITEMS, pages: 8 } };

describeWhereMongo('a run whose server', () => {
  let etl: DeployedEtl;
  let filled: Filled;
  beforeAll(async () => {
    etl = await DeployedEtl.start({
      define: (stack) => {
        stack.etl('Plain');
        // Cold at their first use, so that nothing of an earlier test is left.
        for (const name of ['Stranger', 'Guest', 'Rotated', 'Unsaid']) {
          stack.etl(name, { batchSize: 5, source: stack.source({ connectionSecret: stack.secret(`${name}Secret`) }) });
        }
      },
    });
    filled = await etl.fill(Array.from({ length: ITEMS }, (_, number) => ({ number, content: 'x'.repeat(2_000) })));
  });
  beforeEach(() => etl.functions.reset());
  afterEach(async () => {
    await etl.server.clearFailPoints();
    etl.assertNoFaults();
  });
  afterAll(async () => etl?.close());

  /** Does something while the page of that number is processed. */
  function duringPage(page: number, act: () => Promise<void>): void {
    etl.functions.behave(PROCESS, async () => {
      if (etl.calls().length === page + 1) await act();
      return null;
    });
  }

  function expectEachOnce(): void {
    expect(etl.processed().map(({ itemIdentifier }) => itemIdentifier)).toEqual(filled.identifiers);
  }

  async function createUser(role: string): Promise<MongoUser> {
    const user = { name: `user-${randomUUID()}`, password: randomUUID() };
    await etl.server.client().db('admin').command({ createUser: user.name, pwd: user.password, roles: [{ role, db: 'Analytics' }] });
    return user;
  }

  async function putUser(construct: string, user: MongoUser): Promise<void> {
    await etl.putSecret(etl.server.uriFor(PUBLIC_ADDRESS, user), `${construct}Secret`);
  }

  test('is restarted between two pages does not notice', async () => {
    duringPage(2, async () => etl.server.restart());
    await expect(etl.run('Plain', { ...filled.input, batch_size: 5 })).resolves.toMatchObject(succeeded);
    expectEachOnce();
  });

  test('is killed, and is back while the next page is waited for, goes on', async () => {
    let restarted: Promise<void> | undefined;
    duringPage(2, async () => {
      await etl.server.kill();
      restarted = delay(500).then(async () => etl.server.start());
    });
    const run = await etl.run('Plain', { ...filled.input, batch_size: 5 });
    await restarted;
    expect(run).toMatchObject(succeeded);
    expectEachOnce();
  });

  test.each([
    ['is shutting down', 11600, Errors.SOURCE_UNAVAILABLE], ['changes its role', 11602, Errors.SOURCE_UNAVAILABLE], ['steps down', 189, Errors.SOURCE_UNAVAILABLE],
    ['loses its cursors', 43, Errors.SOURCE_UNAVAILABLE], ['takes too long', 50, Errors.SOURCE_TIMED_OUT],
  ])('%s (%d) is asked again', async (_, errorCode, name) => {
    // The driver tries some of them a second time by itself.
    duringPage(1, async () => etl.server.failCommand({ commands: ['find'], times: 2, errorCode }));
    const run = await etl.run('Plain', { ...filled.input, batch_size: 5 });
    expect(run).toMatchObject(succeeded);
    expect(new Set(etl.errorsOf(run))).toEqual(new Set([name]));
    expectEachOnce();
  });

  test('hangs up in the middle of a page is asked for the page again, and no document is lost or doubled', async () => {
    await etl.server.failCommand({ commands: ['getMore'], times: 1, closeConnection: true });
    const run = await etl.run('Plain', { ...filled.input, batch_size: 40 });
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: { items: ITEMS, pages: 1 } });
    expect(etl.errorsOf(run)).toEqual([Errors.SOURCE_UNAVAILABLE]);
    expectEachOnce();
  });

  test('is slow, but not too slow, is waited for', async () => {
    duringPage(1, async () => etl.server.failCommand({ commands: ['find'], times: 1, delayMilliseconds: 800 }));
    const run = await etl.run('Plain', { ...filled.input, batch_size: 5 });
    expect(run).toMatchObject(succeeded);
    expect(etl.errorsOf(run)).toEqual([]);
  });

  test('gives up again and again fails after half an hour, and goes on at the page when it is redriven', async () => {
    duringPage(3, async () => etl.server.failCommand({ commands: ['find'], errorCode: 11600 }));
    const failed = await etl.run('Plain', { ...filled.input, batch_size: 5 });
    expect(failed).toMatchObject({
      status: 'FAILED',
      error: 'States.TaskFailed',
      failure: { name: Errors.SOURCE_UNAVAILABLE, message: 'The source gave up (InterruptedAtShutdown, code 11600)' },
    });
    // Three attempts before each of five waits, and three after the last one.
    expect(etl.errorsOf(failed)).toEqual(Array.from({ length: 18 }, () => Errors.SOURCE_UNAVAILABLE));
    expect(etl.calls()).toHaveLength(4);
    await etl.server.clearFailPoints();
    await expect(etl.redrive(failed)).resolves.toMatchObject(succeeded);
    expectEachOnce();
  });

  test('does not know the password fails at once; once the secret is right, a redrive reads with it', async () => {
    await putUser('Stranger', { ...READER, password: 'guessed' });
    const failed = await etl.run('Stranger', filled.input);
    expect(failed).toMatchObject({ status: 'FAILED', failure: { name: Errors.SOURCE_REFUSED, message: expect.stringContaining('AuthenticationFailed') } });
    expect(etl.errorsOf(failed)).toEqual([Errors.SOURCE_REFUSED]);
    await putUser('Stranger', READER);
    await expect(etl.redrive(failed)).resolves.toMatchObject(succeeded);
    expectEachOnce();
  });

  test('does not let the user read fails at once; once the user may, a redrive reads', async () => {
    const guest = await createUser('dbAdmin');
    await putUser('Guest', guest);
    const failed = await etl.run('Guest', filled.input);
    expect(failed).toMatchObject({ status: 'FAILED', failure: { name: Errors.SOURCE_REFUSED, message: expect.stringContaining('give the user of the connection secret the role read') } });
    await etl.server.client().db('admin').command({ grantRolesToUser: guest.name, roles: [{ role: 'read', db: 'Analytics' }] });
    await expect(etl.redrive(failed)).resolves.toMatchObject(succeeded);
    expectEachOnce();
  });

  test('gets a new password in the middle of the run is read on, the secret being new as well', async () => {
    const [old, renewed] = [await createUser('read'), await createUser('read')];
    await putUser('Rotated', old);
    duringPage(2, async () => {
      await putUser('Rotated', renewed);
      await etl.server.client().db('admin').command({ dropUser: old.name });
      // What is connected stays connected otherwise.
      await etl.server.restart();
    });
    const run = await etl.run('Rotated', filled.input);
    expect(run).toMatchObject(succeeded);
    expect(etl.errorsOf(run)).toEqual([]);
    expectEachOnce();
  });

  test.each([
    ['is nowhere to be found in the secret', '{"username":"etl","password":"x"}', 'names no host'],
    ['has a secret of another kind', 'hunter2', 'neither a connection string'],
    ['is to be read without its certificate being checked', 'mongodb://mongo.example.com/?tlsInsecure=true', 'tlsInsecure'],
  ])('%s fails at once, and the error does not show the secret', async (_, secret, message) => {
    await etl.putSecret(secret, 'UnsaidSecret');
    const failed = await etl.run('Unsaid', filled.input);
    expect(failed).toMatchObject({ status: 'FAILED', failure: { name: Errors.CONNECTION_SECRET_INVALID, message: expect.stringContaining(message) } });
    expect(etl.errorsOf(failed)).toEqual([Errors.CONNECTION_SECRET_INVALID]);
    expect(failed.failure?.message).not.toContain(secret);
  });

  test('is named by a secret that never gets into a history, a log or an environment', async () => {
    const logs = [...etl.stack.resources.values()].filter(({ type }) => type === 'AWS::Logs::LogGroup').flatMap(({ ref }) => etl.cloud.logs.lines(ref));
    const everything = JSON.stringify([etl.executions.map((arn) => etl.historyOf(arn)), logs]);
    // Else nothing was looked at.
    expect(everything).toContain('InterruptedAtShutdown');
    expect(logs.length).toBeGreaterThan(50);
    for (const word of [READER.password, encodeURIComponent(READER.password), 'guessed', 'mongo.example.com']) expect(everything).not.toContain(word);
  });
}, OWN_SERVER);
