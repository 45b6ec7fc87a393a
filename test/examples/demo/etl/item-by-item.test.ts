import { itemByItem } from '../../../../examples/demo/etl/scenes/item-by-item';
import { EtlStage } from '../../../../examples/demo/etl/stage';
import { describeWhereMongo } from '../../../support/mongo';
import { Log } from '../log';

/** Rows of the table that is printed, by their name: the other cells. */
function tableOf(lines: readonly string[]): Record<string, string[]> {
  const begin = lines.findIndex((line) => line.includes('GB-seconds'));
  return Object.fromEntries(lines.slice(begin, begin + 4).map((line) => {
    const [name, ...cells] = line.trim().split(/ {2,}/);
    return [name, cells];
  }));
}

describeWhereMongo('the scene item by item', () => {
  test('both ways of travel hold, and a table says what they cost', async () => {
    const log = new Log();
    // The days that are loaded at least: the scene has a window of its own.
    const stage = await EtlStage.set(log, 1);
    let held = false;
    try {
      await itemByItem(stage);
      held = stage.conclude();
    } finally {
      await stage.clear();
    }
    expect(log.lines.filter((line) => line.includes('✘'))).toEqual([]);
    expect(held).toBe(true);
    const told = log.lines.join('\n');
    for (const check of [
      '401 of 401 metrics are the same', '802 of 802 idempotency keys', 'each page is one Express execution', 'an Express execution has many items',
      'the function got `itemAt` in place of the item',
    ]) expect(told).toContain(check);

    const table = tableOf(log.lines);
    expect(table.pages).toEqual(['number', 'transitions', 'Express executions', 'GB-seconds', 'S3 requests', 'this run', 'a million']);
    // 21 pages of 20, with 3 transitions each; 7 more begin and end the run and its segment.
    expect(table.inline.slice(0, 3)).toEqual(['21', '70', '21']);
    expect(table.inline[4]).toBe('0');
    // Ten items are an execution whose start costs a transition; 10 are those of the page, the run and its segment.
    expect(table['through S3'].slice(0, 3)).toEqual(['1', '51', '41']);
    expect(Number(table['through S3'][4])).toBeGreaterThan(0);
    // 20 pages of 20 documents with 23 transitions each, and one of a single document with 4.
    expect(table['as first published (calculated)']).toEqual(['21', '464', '0', '0.00', '0', '$0.0116', '$28.93']);
    expect(log.lines.filter((line) => /NaN|Infinity|undefined/.test(line))).toEqual([]);
    expect(log.lines.length).toBeLessThan(70);
    expect(log.lines.filter((line) => line.length > 150)).toEqual([]);
  });
});
