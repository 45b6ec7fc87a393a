import { VirtualClock } from '../local/clock';
import { StepFunctionsService } from '../local/stepfunctions/service';
import { synthEtl } from '../test/support/etl-stack';
import { definitionsIn, resourcesOfType } from '../test/support/template';

const environment = { accountId: '111122223333', region: 'us-east-1', partition: 'aws', urlSuffix: 'amazonaws.com' };
const roleArn = 'arn:aws:iam::111122223333:role/bench';
const LAMBDA = { invokeFunction: async () => ({ statusCode: 200, executedVersion: '1', payload: 'null' }) };
const ROUNDS = 50;

/** How long it takes to create a state machine: the first one, which loads and compiles, and the median of those after it. */
export async function benchDefinitions(): Promise<void> {
  console.log(['state machine'.padEnd(50), 'bytes', 'first, ms', 'then, ms'].map((cell) => cell.padStart(12)).join(''));
  const { template } = synthEtl();
  const definitions: Readonly<Record<string, object>> = {
    'one Pass': { StartAt: 'Only', States: { Only: { Type: 'Pass', End: true } } },
    ...Object.fromEntries(Object.entries(definitionsIn(resourcesOfType(template, 'AWS::StepFunctions::StateMachine')))),
  };
  for (const [name, definition] of Object.entries(definitions)) {
    const text = JSON.stringify(definition).replaceAll('<AWS::Partition>', 'aws');
    const [first, ...times] = await timesOf(text);
    const cells = [text.length.toLocaleString('en'), first.toFixed(2), times.sort((left, right) => left - right)[Math.floor(times.length / 2)].toFixed(2)];
    console.log([name.padEnd(50), ...cells.map((cell) => cell.padStart(12))].join(''));
  }
}

async function timesOf(definition: string): Promise<number[]> {
  const targets = { services: [], lambda: LAMBDA };
  const service = new StepFunctionsService({ environment, clock: new VirtualClock(0), authorize: async () => undefined, targets });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await service.createStateMachine({ name: `m${round}`, roleArn, definition });
    times.push(performance.now() - start);
  }
  return times;
}
