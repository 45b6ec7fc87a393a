/** Keys and plans without HTTP around them: who is let through, and how often. */
import { ApiFixture } from './api-fixture';
import { QuotaPeriod, stageKey, UsagePlan, UsagePlans } from '../../../local/apigateway/usage-plans';
import { VirtualClock } from '../../../local/clock';

const VALUE = 'v'.repeat(20);
const STAGE = stageKey('api', 'prod');
const KEY = { id: 'key', value: VALUE, enabled: true };

function planned(plan: Omit<UsagePlan, 'id' | 'stages'>, key = KEY, stages = [STAGE]): UsagePlans {
  const plans = new UsagePlans();
  plans.addKey(key);
  plans.addPlan({ id: 'plan', stages, ...plan });
  plans.addToPlan('plan', key.id);
  return plans;
}

/** What a request is answered: the id of the key, or why not. */
function sent(plans: UsagePlans, clock: VirtualClock, value: string | undefined = VALUE): string {
  try {
    return plans.meter(value, STAGE, clock).id;
  } catch (error) {
    return Object(error).type;
  }
}

const clockAt = (time: string) => new VirtualClock(Date.parse(time));

test.each([
  ['a key of the plan', planned({}), VALUE, 'key'],
  ['no key', planned({}), undefined, 'INVALID_API_KEY'],
  ['a part of the key', planned({}), VALUE.slice(1), 'INVALID_API_KEY'],
  ['a key that is disabled', planned({}, { ...KEY, enabled: false }), VALUE, 'INVALID_API_KEY'],
  ['a plan of another stage', planned({}, KEY, [stageKey('api', 'dev')]), VALUE, 'INVALID_API_KEY'],
  ['a plan without stages', planned({}, KEY, []), VALUE, 'INVALID_API_KEY'],
])('%s', (_name, plans, value, answer) => {
  const send = () => plans.meter(value, STAGE, clockAt('2030-05-01T12:00:00Z')).id;
  if (answer === 'key') expect(send()).toBe('key');
  else expect(send).toThrow(expect.objectContaining({ type: answer, statusCode: 403, message: 'Forbidden' }));
});

test.each<[QuotaPeriod, last: string, next: string]>([
  ['DAY', '2030-05-01T23:59:59.999Z', '2030-05-02T00:00:00Z'],
  // A Saturday, and the Sunday after it.
  ['WEEK', '2030-05-04T23:59:59.999Z', '2030-05-05T00:00:00Z'],
  ['MONTH', '2030-05-31T23:59:59.999Z', '2030-06-01T00:00:00Z'],
])('a quota of a %s starts over with the next', (period, last, next) => {
  const plans = planned({ quota: { limit: 2, period } });
  expect(['2030-05-01T00:00:00Z', last, last, next].map((time) => sent(plans, clockAt(period === 'WEEK' && time < '2030-05-02' ? '2030-04-28T00:00:00Z' : time))))
    .toEqual(['key', 'key', 'QUOTA_EXCEEDED', 'key']);
});

test('each key of a plan has a quota and a throttle of its own, and what is throttled does not count', async () => {
  const clock = clockAt('2030-05-01T12:00:00Z');
  const plans = planned({ quota: { limit: 3, period: 'DAY' }, throttle: { rateLimit: 1, burstLimit: 2 } });
  plans.addKey({ id: 'second', value: 'w'.repeat(20), enabled: true });
  plans.addToPlan('plan', 'second');
  expect([1, 2, 3].map(() => sent(plans, clock))).toEqual(['key', 'key', 'THROTTLED']);
  expect(sent(plans, clock, 'w'.repeat(20))).toBe('second');
  await clock.sleep(2_000);
  expect([1, 2].map(() => sent(plans, clock))).toEqual(['key', 'QUOTA_EXCEEDED']);
});

test('a key cannot be in two plans of one stage, nor a value be that of two keys', () => {
  const plans = planned({});
  plans.addPlan({ id: 'second', stages: [STAGE] });
  plans.addPlan({ id: 'elsewhere', stages: [stageKey('other', 'prod')] });
  expect(() => plans.addToPlan('second', 'key')).toThrow('it is in another one with the same stage');
  expect(() => plans.addToPlan('elsewhere', 'key')).not.toThrow();
  expect(() => plans.addKey({ ...KEY, id: 'another' })).toThrow('API Key already exists');
});

describe('resources', () => {
  let fixture: ApiFixture;
  beforeEach(async () => {
    fixture = new ApiFixture();
    await fixture.createApi();
    await fixture.deploy();
  });
  afterEach(() => fixture.gateway.close());
  const ofApi = { ApiId: { Ref: 'Api' }, Stage: 'prod' };

  test('a key is disabled unless it is enabled, and has a value of its own', async () => {
    for (const [id, Enabled] of [['One', undefined], ['Two', false], ['Three', true]] as const) await fixture.create(id, 'AWS::ApiGateway::ApiKey', { Enabled });
    const keys = await Promise.all(['One', 'Two', 'Three'].map(async (id) => fixture.gateway.usagePlans.key(fixture.referenceTo(id))));
    expect(keys.map(({ enabled }) => enabled)).toEqual([false, false, true]);
    expect(new Set(keys.map(({ value }) => value)).size).toBe(3);
    expect(keys[0].value).toMatch(/^[\w-]{40}$/);
  });

  test.each([
    ['ApiKey', { StageKeys: [] }, 'StageKeys'],
    ['ApiKey', { GenerateDistinctId: true }, 'GenerateDistinctId'],
    ['ApiKey', { Value: 'short' }, 'at least 20 characters'],
    ['UsagePlan', { ApiStages: [{ ...ofApi, Stage: 'dev' }] }, /^API Stage not found: [a-z0-9]{10}:dev$/],
    ['UsagePlan', { ApiStages: [{ ...ofApi, Throttle: { '/queries/POST': { RateLimit: 1, BurstLimit: 1 } } }] }, 'for single methods'],
    ['UsagePlan', { Throttle: { RateLimit: 1 } }, 'a rate without a burst'],
    ['UsagePlan', { Quota: { Limit: 1, Period: 'DAY', Offset: 1 } }, 'an offset'],
    ['UsagePlan', { Quota: { Limit: 1, Period: 'HOUR' } }, 'a Period of DAY, WEEK, MONTH'],
    ['UsagePlanKey', { KeyType: 'API_KEY', KeyId: 'none', UsagePlanId: 'none' }, 'Invalid Usage Plan ID specified: none'],
    ['UsagePlanKey', { KeyType: 'OTHER', KeyId: 'none', UsagePlanId: 'none' }, 'Invalid key type'],
  ])('%s with %j is refused', async (type, properties, message) => {
    await expect(fixture.create('X', `AWS::ApiGateway::${type}`, properties)).rejects.toThrow(message);
  });
});
