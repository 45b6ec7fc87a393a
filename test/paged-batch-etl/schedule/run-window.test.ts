import { Duration, Lazy, TimeZone, Token } from 'aws-cdk-lib';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { synthSchedule } from './function/harness';
import { RunParameterBindings } from '../../../src/paged-batch-etl/run-parameter/binding';
import { RunWindow } from '../../../src/paged-batch-etl/schedule/run-window';

const names = { begin: 'from', end: 'to' };

describe('RunWindow', () => {
  test('previousDay, by default of UTC', () => {
    expect(RunWindow.previousDay(names)._binding.config).toEqual({ kind: 'previousDay', ...names, timeZone: 'UTC' });
  });

  test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata'])('previousDay of %s', (timeZone) => {
    expect(RunWindow.previousDay({ ...names, timeZone })._binding.config).toEqual({ kind: 'previousDay', ...names, timeZone });
  });

  test.each(['Europe/Atlantis', '', 'Berlin', '+01:00', 'UTC+1', Lazy.string({ produce: () => 'UTC' })])('previousDay of %j is refused', (timeZone) => {
    expect(() => RunWindow.previousDay({ ...names, timeZone })).toThrow(/^timeZone of RunWindow.previousDay must be /);
  });

  test.each([1, 24, 8784])('lastHours of %d', (hours) => {
    expect(RunWindow.lastHours({ ...names, hours })._binding.config).toEqual({ kind: 'lastHours', ...names, hours });
  });

  test.each([0, -1, 1.5, 8785, NaN, Infinity, Token.asNumber({ resolve: () => 1 })])('lastHours of %d is refused', (hours) => {
    expect(() => RunWindow.lastHours({ ...names, hours })).toThrow(/^hours of RunWindow.lastHours must be /);
  });
});

describe('a schedule fills the parameters of its runs', () => {
  const date = { rule: { type: 'date' } } as const;
  const made = (parameters: RunParameterBindings, window: { begin: string; end: string } = names, id?: string) => () =>
    synthSchedule({ id, props: { parameters, window: RunWindow.previousDay({ ...window, timeZone: 'Europe/Berlin' })._binding } });

  test.each<[string, RunParameterBindings]>([
    ['two dates', { from: date, to: date }],
    ['dates with defaults', { from: { ...date, defaultValue: '2026-01-01' }, to: { ...date, defaultValue: '2026-02-01' } }],
    ['a date with a time zone', { from: { rule: { type: 'date', timeZone: 'Asia/Tokyo' } }, to: date }],
    ['others have defaults, which may be falsy', {
      from: date, to: date, kind: { rule: { type: 'text' }, defaultValue: '' }, least: { rule: { type: 'integer' }, defaultValue: 0 },
    }],
  ])('%s', (_name, parameters) => {
    expect(made(parameters)).not.toThrow();
  });

  test.each<[string, RunParameterBindings, string]>([
    ['no parameters', {}, 'begin of the window of schedule Nightly must be the name of a date parameter: there is none, got "from"'],
    ['no end', { from: date }, 'end of the window of schedule Nightly must be the name of a date parameter: from, got "to"'],
    ['a text', { from: { rule: { type: 'text' } }, to: date }, 'begin of the window of schedule Nightly must be the name of a date parameter: to, got "from"'],
    ['others without defaults, each named', { from: date, to: date, kind: { rule: { type: 'text' } }, least: { rule: { type: 'integer' } } }, 'got "kind, least"'],
  ])('%s', (_name, parameters, message) => {
    expect(made(parameters)).toThrow(message);
  });

  test('begin and end are two', () => {
    expect(made({ from: date }, { begin: 'from', end: 'from' })).toThrow('end of the window of schedule Nightly must be another parameter than begin');
  });

  test('a name that objects have by themselves is no parameter', () => {
    expect(made({ from: date }, { begin: 'from', end: 'constructor' })).toThrow('end of the window of schedule Nightly');
  });

  test('a schedule has an id', () => {
    expect(made({ from: date, to: date }, names, '')).toThrow('the id of a schedule must be');
  });
});

describe('a schedule misses no window when clocks change', () => {
  const dates = { begin: 'date_begin', end: 'date_end' };
  const made = (window: RunWindow, schedule: ScheduleExpression) => () => synthSchedule({ props: { window: window._binding, schedule } });
  const cron = (hour: string, timeZone?: string) => ScheduleExpression.expression(`cron(15 ${hour} * * ? *)`, timeZone === undefined ? undefined : TimeZone.of(timeZone));
  const dayIn = (timeZone: string) => RunWindow.previousDay({ ...dates, timeZone });
  const hours = RunWindow.lastHours({ ...dates, hours: 1 });

  test.each<[string, RunWindow, ScheduleExpression]>([
    ['a day, at an hour that always is', dayIn('Europe/Berlin'), cron('3', 'Europe/Berlin')],
    ['a day, before clocks change', dayIn('Europe/Berlin'), cron('1', 'Europe/Berlin')],
    ['a day, at two hours of which one always is', dayIn('Europe/Berlin'), cron('2,4', 'Europe/Berlin')],
    ['a day, at many hours', dayIn('Europe/Berlin'), cron('*', 'Europe/Berlin')],
    ['a day of UTC, at an hour that is skipped elsewhere', dayIn('UTC'), cron('2')],
    ['a day where clocks never change, by another zone of the kind', dayIn('Asia/Kolkata'), cron('2', 'UTC')],
    ['a day of UTC, at a rate', dayIn('UTC'), ScheduleExpression.rate(Duration.days(1))],
    ['a day, once', dayIn('Europe/Berlin'), ScheduleExpression.at(new Date('2030-01-01T00:00:00Z'))],
    ['hours by UTC', hours, cron('*')],
    ['hours where clocks never change', hours, cron('*', 'Asia/Kolkata')],
    ['hours at a rate', hours, ScheduleExpression.rate(Duration.hours(1))],
    ['an expression that is not known yet', hours, ScheduleExpression.expression(Lazy.string({ produce: () => 'rate(1 hour)' }), TimeZone.EUROPE_BERLIN)],
  ])('%s', (_name, window, schedule) => {
    expect(made(window, schedule)).not.toThrow();
  });

  test.each<[string, RunWindow, ScheduleExpression, string]>([
    ['the hour that is skipped in Berlin', dayIn('Europe/Berlin'), cron('2', 'Europe/Berlin'), 'the hour of schedule Nightly must be one that every day has in Europe/Berlin, got "2"'],
    ['the hour that is skipped in London', dayIn('Europe/London'), cron('1', 'Europe/London'), 'the hour of schedule Nightly'],
    ['midnight in Havana', dayIn('America/Havana'), cron('0', 'America/Havana'), 'the hour of schedule Nightly'],
    ['either half of an hour in Lord Howe', dayIn('Australia/Lord_Howe'), cron('2', 'Australia/Lord_Howe'), 'the hour of schedule Nightly'],
    ['the hours that Chatham skips a part of', dayIn('Pacific/Chatham'), cron('2,3', 'Pacific/Chatham'), 'the hour of schedule Nightly'],
    ['days of Berlin by UTC', dayIn('Europe/Berlin'), cron('2'), 'the time zone of schedule Nightly must be that of its window, Europe/Berlin, got "Etc/UTC"'],
    ['days of UTC by Berlin', dayIn('UTC'), cron('4', 'Europe/Berlin'), 'must be that of its window, UTC, got "Europe/Berlin"'],
    ['days of Berlin at a rate', dayIn('Europe/Berlin'), ScheduleExpression.rate(Duration.days(1)), 'must be that of its window'],
    ['hours by Berlin', hours, cron('*', 'Europe/Berlin'), 'must be one whose clocks never change'],
  ])('%s: refused', (_name, window, schedule, message) => {
    expect(made(window, schedule)).toThrow(message);
  });
});
