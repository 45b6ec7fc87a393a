import { RunDashboardOptions } from '../../../src';
import { refusal } from '../../support/refusal';
import { synthEtl } from '../../support/synth-etl';
import { only, plain } from '../../support/template';

describe('addDashboard', () => {
  const dashboardOf = (...calls: RunDashboardOptions[]) => () => synthEtl(undefined, (etl) => {
    for (const options of calls) etl.addDashboard(options);
  });

  test.each<[RunDashboardOptions, string]>([
    [{ dashboardName: 'a b' }, 'dashboardName of addDashboard must be 1 to 255 letters, digits, hyphens and underscores, got "a b"; leave it out for a name that is free'],
    [{ transitionPrice: -1 }, 'transitionPrice of addDashboard must be a number of US dollars for a single one, from 0 to 0.001, got -1; divide a price of a thousand or a million by their number, or leave it out for the price in US East (N. Virginia)'],
    [{ gigabyteSecondPrice: Number.NaN }, 'gigabyteSecondPrice of addDashboard must be a number of US dollars for a single one, from 0 to 0.001, got NaN; divide a price of a thousand or a million by their number, or leave it out for the price in US East (N. Virginia)'],
    ...[25, 0.025].map((transitionPrice): [RunDashboardOptions, string] => [
      { transitionPrice },
      `transitionPrice of addDashboard must be a number of US dollars for a single one, from 0 to 0.001, got ${transitionPrice}; `
        + 'divide a price of a thousand or a million by their number, or leave it out for the price in US East (N. Virginia)',
    ]),
  ])('refuses %j', (options, message) => {
    expect(dashboardOf(options)).toThrow(refusal(message));
  });

  test('is called once', () => {
    expect(dashboardOf({}, {})).toThrow(refusal('addDashboard must be called once, got "another call"; add further widgets to the dashboard that the first call returned'));
  });

  test('estimates with the prices that it is given', () => {
    const { template } = dashboardOf({ transitionPrice: 0.0005, gigabyteSecondPrice: 0 })();
    const body = String(plain(only(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody));
    expect(body).toContain('pages * 0.0015 + segments * 0.002 + reading * 0');
  });
});
