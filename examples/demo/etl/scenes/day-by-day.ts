import { counted, formatted } from '../../terminal';
import { Day, flightsOf } from '../flights';
import { answered, EndedRun } from '../metrics-stack';
import { ComparedMetrics, EtlStage } from '../stage';

/** Documents in a page. More days have larger pages, up to what the construct allows by default: more of them would show nothing new. */
const LEAST_PAGE = 50;
const LARGEST_PAGE = 1_000;
const PAGES = 2_500;

/** Each run has one, and the days that are caught up with need more pages than a history of 25,000 events has room for. */
const LEAST_SEGMENTS = 3;

/** How many states the summary shows. */
const STATES = 5;

interface Night {
  readonly day: Day;
  readonly run: EndedRun;
  readonly compared: ComparedMetrics;
}

/** The published use case: night after night the metrics of all flights of a day, and then of all days that were missed. */
export async function dayByDay(stage: EtlStage): Promise<void> {
  const { days, terminal } = stage;
  const flights = flightsOf(days);
  const pageSize = Math.min(LARGEST_PAGE, Math.max(LEAST_PAGE, Math.ceil(flights / PAGES)));
  terminal.title(days.length === 1 ? 'A run for a day, as a nightly schedule would start it'
    : 'A run for a day, another for the next, as a nightly schedule would start them; then one that catches up');
  terminal.line(`  ${formatted(flights)} flights in ${counted(days.length, 'run')}, in pages of ${formatted(pageSize)}`);
  terminal.line('  A run goes on in a new execution, a segment, after as many pages as fit into a history of 25,000 events with every retry used');

  const runs = await stage.runDays('Metrics', pageSize);
  const nights: Night[] = [];
  for (const [index, day] of days.entries()) nights.push({ day, run: runs[index], compared: await stage.compare([runs[index]], day) });
  const all = await stage.compare(runs, { begin: days[0].begin, end: days[days.length - 1].end });
  terminal.line('  What the runs wrote, added up:');
  terminal.table([
    ['window', 'flights', 'pages', 'segments', 'late', 'minutes late'],
    ...nights.map(({ day, run, compared }) => row(day.date, [run], compared)),
    row('all', runs, all),
  ]);
  const worst = [...all.written].sort((a, b) => b.minutesLate - a.minutesLate).slice(0, STATES);
  terminal.line('  The states with the most minutes:');
  terminal.table([
    ['state', 'flights', 'late', 'minutes late', 'longest', 'to other states'],
    ...worst.map(({ state, ...numbers }) => [state, ...Object.values(numbers).map(formatted)]),
  ]);
  await check(stage, nights, all);
}

async function check(stage: EtlStage, nights: readonly Night[], all: ComparedMetrics): Promise<void> {
  const { analytics, days, loaded, terminal } = stage;
  const failed = nights.filter(({ day, run }) => run.status !== 'SUCCEEDED' || answered(run, 'items') !== day.flights);
  stage.expect(
    failed.length === 0,
    `${nights.length - failed.length} of ${counted(nights.length, 'run')} SUCCEEDED and answered the number of flights of its window`,
  );
  for (const { day, run } of failed) terminal.line(`      ${day.date}: ${run.status} ${JSON.stringify(run.failure ?? run.output)}`);
  const segments = sum(nights, ({ run }) => answered(run, 'segments'));
  stage.expect(segments >= Math.min(LEAST_SEGMENTS, days.length), `they took ${counted(segments, 'segment')}`);

  const [flights, written] = [flightsOf(days), await analytics.countMetrics()];
  stage.expect(
    written === flights,
    `they wrote ${formatted(written)} metrics: one for each flight of these days, `
      + `none for the other ${formatted(loaded - flights)} in the collection`,
  );
  stage.expectEqual({
    total: sum(nights, ({ compared }) => compared.total),
    differences: nights.flatMap(({ day, compared }) => compared.differences.map((difference) => `${day.date}: ${difference}`)),
  }, 'numbers of single windows and states are what SQL computes from the files themselves');
  stage.expectEqual(all, 'numbers of all windows together are, too');
}

function row(name: string, runs: readonly EndedRun[], { written }: ComparedMetrics): string[] {
  const numbers = [
    sum(written, ({ flights }) => flights),
    sum(runs, (run) => answered(run, 'pages')),
    sum(runs, (run) => answered(run, 'segments')),
    sum(written, ({ late }) => late),
    sum(written, ({ minutesLate }) => minutesLate),
  ];
  return [name, ...numbers.map(formatted)];
}

function sum<T>(entries: readonly T[], numberOf: (entry: T) => number): number {
  return entries.reduce((total, entry) => total + numberOf(entry), 0);
}
