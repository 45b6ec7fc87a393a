import { VirtualClock } from '../local/clock';
import { JsonValue } from '../local/json';
import { parseDefinition } from '../local/stepfunctions/definition/validate';
import { Execution } from '../local/stepfunctions/interpreter/execution';
import { TaskFailure } from '../local/stepfunctions/interpreter/failure';
import { RunContinuation } from '../src';
import { definitionsOf } from '../test/support/etl-definitions';
import { EtlRig } from '../test/support/etl-rig';
import { EtlStackOptions } from '../test/support/etl-stack';
import { seededRandom } from '../test/support/random';
import { synth } from '../test/support/synth-queries';

/** Seconds. */
const OUTAGES = [10, 30, 60, 120, 300, 600, 1_200, 1_800];

/** Draws of all delays with jitter. */
const DRAWS = 20;

/** When the outage begins: in the middle of things. */
const BEGINS_AT_SECOND = 3;

export interface OutageSubject {
  readonly name: string;
  /** Whether what was underway ended well, with an outage of that many seconds. */
  readonly survives: (seconds: number, random: () => number) => Promise<boolean>;
}

/** How many of the runs, and of the requests, survive an outage: the workflows of a default app in virtual time, with new jitter in each draw. */
export async function benchOutage(): Promise<void> {
  console.log(`survivors in ${DRAWS} draws, in percent; each call takes a second, and no redrive follows`);
  console.log(row('', OUTAGES.map(duration)));
  for (const { name, survives } of [...etlSubjects(), ...querySubjects()]) {
    const shares: string[] = [];
    for (const seconds of OUTAGES) shares.push(`${await survivorsInPercent({ name, survives }, seconds)}`);
    console.log(row(name, shares));
  }
}

/** How many end well, in percent of all draws. */
export async function survivorsInPercent({ survives }: OutageSubject, seconds: number): Promise<number> {
  let survivors = 0;
  for (let draw = 1; draw <= DRAWS; draw++) if (await survives(seconds, seededRandom(draw * 7_919))) survivors++;
  return Math.round((survivors / DRAWS) * 100);
}

const SOURCE_ERRORS: [string, string][] = [
  ['the server cannot be reached', 'SourceUnavailable'],
  ['the server is too slow', 'SourceTimedOut'],
  ['a secondary lags behind', 'SourceLagging'],
];
const LAMBDA_ERRORS: [string, string][] = [
  ['the function is not ready', 'Lambda.ResourceNotReadyException'],
  ['Lambda throttles', 'Lambda.TooManyRequestsException'],
];

export function etlSubjects(): OutageSubject[] {
  const supervised: EtlStackOptions = { batchSize: 1, continuation: RunContinuation.supervised() };
  const documentDb: EtlStackOptions = { ...supervised, timedOutReadsRunOn: true };
  const selfRestart: EtlStackOptions = { batchSize: 1, continuation: RunContinuation.selfRestart() };
  return [
    ...[...SOURCE_ERRORS, ...LAMBDA_ERRORS].map(([name, error]) => etl(`supervised: ${name}`, supervised, 'source', error)),
    etl('supervised: DocumentDB is too slow', documentDb, 'source', 'SourceTimedOut'),
    etl('supervised: the processor is not ready', supervised, 'handler', 'Lambda.ResourceNotReadyException'),
    ...[...SOURCE_ERRORS, ...LAMBDA_ERRORS].map(([name, error]) => etl(`selfRestart: ${name}`, selfRestart, 'source', error)),
    etl('selfRestart: the processor is not ready', selfRestart, 'handler', 'Lambda.ResourceNotReadyException'),
  ];
}

function etl(name: string, stack: EtlStackOptions, subject: 'source' | 'handler', errorType: string): OutageSubject {
  return {
    name,
    survives: async (seconds, random) => {
      const rig: EtlRig = await EtlRig.deploy({
        items: 5, seconds: 1, random, ...stack, fail: (called) => (called === subject && isOutage(rig.clock, seconds) ? { errorType } : undefined),
      }, stack);
      return (await rig.run()).status === 'SUCCEEDED';
    },
  };
}

function querySubjects(): OutageSubject[] {
  const definition = parseDefinition(JSON.stringify(definitionsOf(synth().template).QueriesWorkflow), () => true);
  const query = (name: string, stateName: string, error: string): OutageSubject => ({
    name,
    survives: async (seconds, random) => {
      const clock = new VirtualClock(0);
      const succeeded = new Set<string>();
      const task = async (call: { readonly stateName: string }): Promise<JsonValue> => {
        await clock.sleep(1_000);
        if (call.stateName === stateName && isOutage(clock, seconds, 0)) throw new TaskFailure(error);
        succeeded.add(call.stateName);
        return ANSWERS[call.stateName];
      };
      const input = { ApiRequest: { Query: 'SELECT 1', CallbackUrl: 'https://receiver.example.com/' } };
      await new Execution({ definition, clock, input, random, task }).run();
      // Of a query that could not be started, the receiver is told: that is no survival.
      return Object.keys(ANSWERS).every((state) => succeeded.has(state));
    },
  });
  return [
    query('query: Athena does not start it', 'Start Query', 'Athena.AmazonAthenaException'),
    query('query: Athena throttles polls', 'Get Query', 'Athena.TooManyRequestsException'),
    query('query: the delivery function is not ready', 'Deliver Result', 'Lambda.ResourceNotReadyException'),
    query('query: the receiver is down', 'Deliver Result', 'CallbackFailed'),
  ];
}

const ANSWERS: Readonly<Record<string, JsonValue>> = {
  'Start Query': { QueryExecutionId: 'a1b2' },
  'Get Query': { QueryExecution: { QueryExecutionId: 'a1b2', Status: { State: 'SUCCEEDED' } } },
  'Deliver Result': { Payload: 'delivered' },
};

function isOutage(clock: VirtualClock, seconds: number, beginsAt = BEGINS_AT_SECOND): boolean {
  const now = clock.now() / 1_000;
  return now >= beginsAt && now < beginsAt + seconds;
}

export function duration(seconds: number): string {
  return seconds < 120 ? `${seconds} s` : `${seconds / 60} min`;
}

function row(name: string, cells: readonly string[]): string {
  return [name.padEnd(44), ...cells.map((cell) => cell.padStart(8))].join('');
}
