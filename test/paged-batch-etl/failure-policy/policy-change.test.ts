/** The policy is changed while runs are underway: they keep their definition, and start segments of the new one. No run fails for that. */
import { JsonObject, memberOf } from '../../../local/json';
import { PageTransport } from '../../../src/paged-batch-etl/page-transport/page-transport';
import { RunContinuation } from '../../../src/paged-batch-etl/run-continuation/run-continuation';
import { closeStores, EtlRig } from '../../support/etl-rig';
import { EtlStackOptions, processors, synthEtl } from '../../support/etl-stack';

afterAll(closeStores);

const ITEMS = 60;
const common: EtlStackOptions = { batchSize: 5, continuation: RunContinuation.supervised({ pagesPerSegment: 3 }) };
const s3: EtlStackOptions = { ...common, transport: () => PageTransport.s3() };

/** Of every page of tolerating segments, the first item fails; where none is tolerated, nothing does. */
const failing = (isTolerant: () => boolean) => ({ items }: JsonObject) => (
  isTolerant() && Array.isArray(items) ? { batchItemFailures: [{ itemIdentifier: memberOf(items[0], 'itemIdentifier') ?? '' }] } : null);

describe.each([['inline', common], ['s3', s3]])('%s', (_name, stack) => {
  test.each([['to tolerate', false], ['to failFast', true]])('%s, at any event', async (_to, tolerantBefore) => {
    const tolerant = { ...stack, processor: processors.perBatch, tolerance: {} };
    const strict = synthEtl({ ...stack, processor: processors.perBatch });
    const rig = await EtlRig.deploy({ ...tolerant, items: ITEMS, pageItems: 5 });
    const machines = { tolerant: rig.stack.machines, strict: strict.machines };
    let isTolerant = tolerantBefore;
    const deploy = async (policy: keyof typeof machines) => {
      for (const name of ['Segment', 'Workflow'] as const) {
        const definition = JSON.stringify(machines[policy][name]).replace(/arn:aws:states:us-east-1:111122223333:stateMachine:Segment[0-9A-F]{8}/g, rig.machineArn('Segment'));
        await rig.service.call('UpdateStateMachine', { stateMachineArn: rig.machineArn(name), definition }, { caller: { service: 'tests.example.com' } });
      }
    };
    const [before, after] = tolerantBefore ? ['tolerant', 'strict'] as const : ['strict', 'tolerant'] as const;
    await deploy(before);
    await rig.ended(await rig.start());
    const events = rig.eventCount;
    const answers = new Set<string>();
    for (let at = 5; at < events; at += 17) {
      await deploy(before);
      isTolerant = tolerantBefore;
      let count = 0;
      let deploying: Promise<void> | undefined;
      rig.again({
        // Segments that run keep their policy; so that none fails, nothing does while they may.
        answer: (event) => failing(() => tolerantBefore && isTolerant)(event),
        onEvent: () => {
          if (++count !== at) return;
          isTolerant = false;
          deploying = deploy(after);
        },
      });
      const run = await rig.start();
      const end = await rig.ended(run);
      await deploying;
      expect(end.status).toBe('SUCCEEDED');
      const { items, failed = 0 } = end.output as { items: number; failed?: number };
      const letters = (await rig.deadLetters.letters()).filter((letter) => letter.run === run);
      expect([items + failed, letters.length]).toEqual([ITEMS, failed]);
      expect('failed' in Object(end.output)).toBe(tolerantBefore);
      answers.add(`${failed}`);
    }
    expect(answers.size).toBeGreaterThan(tolerantBefore ? 1 : 0);
  }, 300_000);
});
