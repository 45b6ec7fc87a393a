import { EtlStage } from '../stage';

const ITEMS = 400;
const PAGE = 20;

/** As first published: a function for every document, twenty documents in a page. */
export async function itemByItem(stage: EtlStage): Promise<void> {
  stage.terminal.title('A small window, an item at a time');
  const window = await stage.window(ITEMS);
  const items = await stage.flights.count(window);
  const run = await stage.run('MetricsPerItem', 'item-by-item', window, PAGE);
  stage.expectSuccess(run, items);
  await stage.expectMetrics(run, window);
}
