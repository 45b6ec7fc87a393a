import { readPlannerConfig } from '../../../../src/paged-batch-etl/schedule/function/planner-config';

const DAY = { kind: 'previousDay', begin: 'from', end: 'to', timeZone: 'Europe/Berlin' };
const HOURS = { kind: 'lastHours', begin: 'from', end: 'to', hours: 6 };

const ENVIRONMENT = {
  STATE_MACHINE_ARN: 'arn:aws-cn:states:cn-north-1:111122223333:stateMachine:Etl',
  WINDOW: JSON.stringify(DAY),
  SCHEDULE_HASH: '0123456789abcdef0123',
};

test.each([DAY, HOURS])('reads the environment: %j', (window) => {
  expect(readPlannerConfig({ ...ENVIRONMENT, WINDOW: JSON.stringify(window) })).toEqual({
    stateMachineArn: ENVIRONMENT.STATE_MACHINE_ARN, window, scheduleHash: ENVIRONMENT.SCHEDULE_HASH,
  });
});

test('parameters may be there', () => {
  expect(readPlannerConfig({ ...ENVIRONMENT, PARAMETERS: '{"tenant":"a","least":5}' }).parameters).toEqual({ tenant: 'a', least: 5 });
});

test.each([
  ['PARAMETERS', '[]'],
  ['PARAMETERS', '{"tenant":null}'],
  ['STATE_MACHINE_ARN', undefined],
  ['STATE_MACHINE_ARN', 'Etl'],
  ['STATE_MACHINE_ARN', 'arn:aws:states:eu-west-1:111122223333:execution:Etl:run'],
  ['SCHEDULE_HASH', undefined],
  ['SCHEDULE_HASH', 'Nightly'],
  ['WINDOW', undefined],
  ['WINDOW', '{'],
  ['WINDOW', '[]'],
  ['WINDOW', JSON.stringify({ ...DAY, kind: 'nextDay' })],
  ['WINDOW', JSON.stringify({ ...DAY, timeZone: undefined })],
  ['WINDOW', JSON.stringify({ ...DAY, hours: 6 })],
  ['WINDOW', JSON.stringify({ ...HOURS, hours: '6' })],
  ['WINDOW', JSON.stringify({ ...HOURS, begin: undefined })],
])('names the variable that is wrong: %s = %s', (name, value) => {
  expect(() => readPlannerConfig({ ...ENVIRONMENT, [name]: value })).toThrow(
    expect.objectContaining({ name: 'RunNotStarted', message: expect.stringContaining(`not configured: ${name}`) }),
  );
});
