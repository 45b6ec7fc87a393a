import { FACTS } from './facts';
import { ItemProcessor, RunContinuation } from '../../src';
import { testDefinitions } from '../support/construct-kit/definitions';
import { testNag } from '../support/construct-kit/nag';
import { importedFunction } from '../support/synth-etl';

testDefinitions(FACTS, [
  ['an item at a time, restarting itself', {
    props: (stack) => ({ processor: ItemProcessor.perItem({ handler: importedFunction(stack, 'item') }), continuation: RunContinuation.selfRestart() }),
  }],
]);

testNag(FACTS);
