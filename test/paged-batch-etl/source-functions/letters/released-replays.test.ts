/** A replay outlives deployments: letters, receipts and places in letters of every release are read for ever, and so is what a run says of them. */
import { MACHINE, replayReader, SimulatedLetters } from './simulated-letters';
import { answerEvent } from '../../../../src/paged-batch-etl/source-functions/reader/answer-event';
import { released, releasedNames } from '../../../support/released';
import { outcomeOf, withTimeLeft } from '../harness';

const CONTRACT = 1;
const fixture = <T>(name: string) => released<T>('replay', CONTRACT, name);
const names = releasedNames('replay', CONTRACT);

function deploy() {
  const letters = new SimulatedLetters();
  for (const [key, text] of Object.entries(fixture<Record<string, string>>('all.objects'))) letters.objects.set(key, Buffer.from(text));
  const { services } = replayReader({ letters, inline: true, batchSize: 2 });
  return { letters, services };
}

test('none of the released events has gone missing', () => {
  expect(names).toEqual(expect.arrayContaining(['divided', 'first-page', 'first-page-of-range', 'later-page', 'nothing-left']));
  expect(JSON.stringify(fixture('all.objects'))).toContain(MACHINE);
});

test.each(names)('%s is answered as it always was, and leaves the receipts that it always left', async (name) => {
  const { letters, services } = deploy();
  let answer: unknown;
  const outcome = await outcomeOf(async () => {
    answer = await answerEvent(fixture(name), withTimeLeft(), services);
  });
  expect(answer ?? outcome.message).toEqual(fixture(`${name}.answer`));
  expect(letters.receipts).toEqual(fixture(`${name}.receipts`));
});
