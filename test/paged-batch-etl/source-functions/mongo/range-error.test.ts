import { isRangeError } from '../../../../src/paged-batch-etl/source-functions/mongo/range-error';

function thrownBy(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const endless = (): number => endless() + 1;
/** Ends within a function of Node itself. */
const endlessInNode = (): Buffer => Buffer.concat([{ get length() { return endlessInNode().length; } } as Uint8Array]);

test.each<[string, () => unknown, boolean]>([
  ['too many levels of calls', endless, true],
  ['too many levels of calls, some of them in Node', endlessInNode, true],
  ['an error of a function of Node', () => Buffer.alloc(1).readInt8(5), true],
  ['another error', () => JSON.parse('{'), false],
  ['what has the name only', () => ({ name: 'RangeError' }), false],
])('%s', (_, run, expected) => {
  expect(isRangeError(thrownBy(run))).toBe(expected);
});
