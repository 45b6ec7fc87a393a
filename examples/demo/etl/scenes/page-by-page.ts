import { formatted } from '../../terminal';
import { EtlStage } from '../stage';

/** Documents in a page. Larger windows have larger pages, up to what the construct allows by default: more of them would show nothing new. */
const LEAST_PAGE = 50;
const LARGEST_PAGE = 1_000;
const PAGES = 2_500;

/** The published use case: the metrics of all flights of a window. */
export async function pageByPage(stage: EtlStage, about: number): Promise<void> {
  stage.terminal.title('Every flight of a window, a page at a time');
  const window = await stage.window(about);
  const items = await stage.flights.count(window);
  const pageSize = Math.min(LARGEST_PAGE, Math.max(LEAST_PAGE, Math.ceil(items / PAGES)));
  const run = await stage.run('Metrics', 'page-by-page', window, pageSize);
  stage.expectSuccess(run, items);

  const metrics = await stage.expectMetrics(run, window);
  const worst = [...metrics].sort((a, b) => b.minutesLate - a.minutesLate).slice(0, 5);
  stage.terminal.table([
    ['state', 'flights', 'late', 'minutes late', 'longest', 'to other states'],
    ...worst.map(({ state, ...numbers }) => [state, ...Object.values(numbers).map(formatted)]),
  ]);
}
