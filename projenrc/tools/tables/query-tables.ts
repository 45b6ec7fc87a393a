/** Tables about time and money of an AsyncAthenaQueryApi. */
import { Duration } from 'aws-cdk-lib';
import { DELIVERY_METRIC_COUNT } from './delivery-metrics';
import { DocTable } from './doc-table';
import { dollars, HOURS_OF_A_MONTH, PRICES } from './prices';
import { QueryCompletion } from '../../../src';
import { announcementStates } from '../../../src/async-athena-query-api/announcement/announcement-states';
import { QueryAnnouncementBinding } from '../../../src/async-athena-query-api/announcement/binding';
import { deliveryRetries, deliveryRetry, longestDelivery } from '../../../src/async-athena-query-api/delivery/delivery-retry';
import { longestHistory } from '../../../src/async-athena-query-api/workflow';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { runPolling } from '../../../test/support/run-polling';

const LIMITS_AND_COSTS = 'docs/async-athena-query-api/limits-and-costs.md';
const DELIVER = { Type: 'Task', Resource: 'lambda', Parameters: {}, TimeoutSeconds: 60, End: true } as const;

/** How long a query of some seconds is watched, and what that costs. */
export function watch(completion: QueryCompletion, endsAfter: number): { readonly seconds: number; readonly transitions: number } {
  const { seconds, transitions } = runPolling(statesOf(completion, Duration.hours(1)), { endsAfter });
  // The delivery is a state too.
  return { seconds, transitions: transitions + 1 };
}

/** The longest `queryTimeout` in whole minutes that does not make the history too long. */
function longestQueryTimeout(completion: QueryCompletion, deliveryWindow: Duration): Duration {
  const deliver = { ...DELIVER, Retry: deliveryRetries(deliveryWindow) };
  const fits = (minutes: number) => longestHistory(statesOf(completion, Duration.minutes(minutes)), deliver) < MAX_HISTORY_EVENTS;
  let [fitting, tooLong] = [1, Duration.hours(24).toMinutes() + 1];
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(middle)) fitting = middle;
    else tooLong = middle;
  }
  return Duration.minutes(fitting);
}

function statesOf(completion: QueryCompletion, queryTimeout: Duration) {
  return completion._binding.render({ partition: 'aws', workGroupName: 'queries', queryTimeout, next: 'Deliver Result' });
}

/** `6.6 days`, `4 h 7 min`, `4.5 min`, `63 s`. */
function told(duration: Duration): string {
  const seconds = duration.toSeconds();
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 600) return `${Number((seconds / 60).toFixed(1))} min`;
  if (seconds > 172_800) return `${(seconds / 86_400).toFixed(1)} days`;
  const minutes = Math.round(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && `${hours} h`, rest > 0 && `${rest} min`].filter(Boolean).join(' ');
}

const DELIVERY_WINDOWS: DocTable = {
  page: 'docs/async-athena-query-api/callbacks.md',
  name: 'Retries of a delivery',
  origin: 'how the workflow computes them',
  make: () => ({
    header: ['`deliveryWindow`', 'attempts after the first', 'longest time that they can take'],
    rows: [Duration.minutes(1), Duration.hours(1), Duration.hours(4), Duration.hours(12), Duration.days(3)].map((window) => [
      window.toHumanString(), `${deliveryRetry(window).MaxAttempts}`, told(longestDelivery(window)),
    ]),
  }),
};

const QUERY_PRICES: DocTable = {
  page: LIMITS_AND_COSTS,
  name: 'Transitions of a query',
  origin: 'the workflow, run in imagined time',
  make: () => ({
    header: ['a query of', 'noticed after', 'state transitions', 'price of 1,000 such queries', 'with `polling()`', 'with `managed()`'],
    rows: [1, 5, 60, 300, 1_800].map((endsAfter) => {
      const { seconds, transitions } = watch(QueryCompletion.adaptivePolling(), endsAfter);
      const fixed = watch(QueryCompletion.polling(), endsAfter);
      const managed = watch(QueryCompletion.managed(), endsAfter);
      const price = (count: number) => dollars(count * PRICES.stateTransition * 1_000);
      return [
        told(Duration.seconds(endsAfter)), told(Duration.seconds(seconds)), `${transitions}`, price(transitions),
        ...[fixed, managed].map((other) => `${price(other.transitions)}, noticed after ${told(Duration.seconds(other.seconds))}`),
      ];
    }),
  }),
};

const LONGEST_TIMEOUTS: DocTable = {
  page: LIMITS_AND_COSTS,
  name: 'Longest queryTimeout',
  origin: 'the check at synthesis',
  make: () => {
    const windows = [Duration.hours(4), Duration.days(3)];
    const completions: [string, QueryCompletion][] = [
      ['`polling()`, every 15 seconds', QueryCompletion.polling()],
      ['`adaptivePolling()`, at most 30 seconds apart', QueryCompletion.adaptivePolling()],
      ...[1, 5].map((minutes): [string, QueryCompletion] => [
        `\`adaptivePolling\` with a \`maxInterval\` of ${minutes} min`, QueryCompletion.adaptivePolling({ maxInterval: Duration.minutes(minutes) }),
      ]),
      ['`managed()`', QueryCompletion.managed()],
    ];
    return {
      header: ['`queryCompletion`', ...windows.map((window) => `\`deliveryWindow\` of ${window.toHumanString()}`)],
      rows: completions.map(([name, completion]) => [name, ...windows.map((window) => told(longestQueryTimeout(completion, window)))]),
    };
  },
};

const PARTS: DocTable = {
  page: LIMITS_AND_COSTS,
  name: 'Price of the other parts',
  origin: 'the prices of AWS',
  make: () => {
    const scanned = (megabytes: number) => (megabytes / 1_000_000) * PRICES.athenaTerabyte * 1_000;
    const invocation = PRICES.lambdaRequest + 0.25 * PRICES.lambdaGigabyteSecond;
    return {
      header: ['part', '1,000 queries'],
      rows: [
        [`Athena, ${PRICES.athenaLeastMegabytes} MB a query, which is the least it charges for`, dollars(scanned(PRICES.athenaLeastMegabytes))],
        ['Athena, 1 GB a query', dollars(scanned(1_000))],
        ['Athena, 100 GB a query', dollars(scanned(100_000))],
        ['API Gateway, one request each', dollars(1_000 * PRICES.apiRequest)],
        ['Lambda, one second of 256 MB each', dollars(1_000 * invocation)],
      ],
    };
  },
};

const MONTHLY: DocTable = {
  page: LIMITS_AND_COSTS,
  name: 'Price of a month',
  origin: 'the prices of AWS',
  make: () => ({
    header: ['what', 'a month'],
    rows: [
      ['the signing secret, unless you bring one that you have already', dollars(PRICES.secretMonth)],
      ['the two alarms, which read 4 metrics', dollars(4 * PRICES.alarmMetricMonth)],
      [
        `the ${DELIVERY_METRIC_COUNT} metrics of the delivery function, billed for the hours in which queries end`,
        `at most ${dollars(DELIVERY_METRIC_COUNT * PRICES.customMetricMonth)}`,
      ],
      ['a dashboard, if you call `addDashboard`', dollars(PRICES.dashboardMonth)],
      ['a customer key, if you bring one', dollars(PRICES.customerKeyMonth)],
      ['results in the bucket', `${dollars(PRICES.storedGigabyteMonth)} for a GB`],
      ['logs', `${dollars(PRICES.logGigabyte)} for a GB when it is written, ${dollars(PRICES.logGigabyteMonth)} to keep it`],
    ],
  }),
};

/** Transitions of a query that is announced, in addition to those of one that is not. */
export function announcingTransitions(announcements: number): number {
  const binding: QueryAnnouncementBinding = {
    name: 'Topic', integration: 'sns:publish', action: 'sns:Publish', arn: 'arn', finalErrors: [], parameters: () => ({}), check: () => {}, keyRights: () => [],
  };
  const { startAt, states } = announcementStates({ partition: 'aws', announcements: Array.from({ length: announcements }, () => binding), deliver: 'Deliver Result' });
  // All states but those of second attempts are passed, each once.
  return [startAt, ...Object.keys(states).filter((name) => name !== startAt && !name.endsWith(' Again'))].length;
}

/** Transitions of a query until it runs. */
function startTransitions(executionParameters: 'NEVER' | 'SOMETIMES' | 'ALWAYS'): number {
  const { startAt, states } = QueryCompletion.managed()._binding.render({
    partition: 'aws', workGroupName: 'queries', queryTimeout: Duration.hours(1), next: 'Deliver Result', statement: { executionParameters, database: false, wrap: false },
  });
  return states[startAt].Type === 'Choice' ? 2 : 1;
}

const OPTIONS: DocTable = {
  page: LIMITS_AND_COSTS,
  name: 'Price of each option',
  origin: 'the states of the workflow, and the prices of AWS',
  make: () => {
    const { stateTransition, s3Write, s3Read, apiRequest, natGatewayHour, interfaceEndpointHour } = PRICES;
    const { customEvent, queueRequest, publishedMessage } = PRICES;
    const none = startTransitions('NEVER');
    const transitions = (count: number, more = 0) => {
      const price = 1_000 * (count * stateTransition + more);
      return [count === 0 ? 'none' : `${count}`, price === 0 ? 'nothing' : dollars(price)];
    };
    const free = ['none', 'nothing'];
    const call = apiRequest + PRICES.lambdaRequest + 0.25 * PRICES.lambdaGigabyteSecond;
    const announced = (message: number) => transitions(announcingTransitions(1), message);
    return {
      header: ['option', 'more state transitions for each query', 'more for 1,000 queries', 'more a month'],
      rows: [
        ['`SubmittedQueries.named`, where all queries have parameters, or none has', ...transitions(startTransitions('ALWAYS') - none), 'nothing'],
        ['`SubmittedQueries.named`, where some have parameters', ...transitions(startTransitions('SOMETIMES') - none), 'nothing'],
        ['`databases`', ...free, 'nothing'],
        ['`resultFormats`, for a request that asks for files: they are listed', ...transitions(0, s3Write), 'nothing'],
        ['a download of 10 files by their links', ...transitions(0, 10 * s3Read), 'nothing'],
        ['`resultReuse`, for a query whose result is taken again', 'none', 'less: Athena scans nothing', 'nothing'],
        ['`QueryCompletion.managed()`', `${watch(QueryCompletion.managed(), 1).transitions} in all`, 'see the table above', 'nothing'],
        ['`QueryAnnouncement.eventBus`', ...announced(customEvent), 'nothing'],
        ['`QueryAnnouncement.queue`', ...announced(queueRequest), 'nothing'],
        ['`QueryAnnouncement.topic`', ...announced(publishedMessage), 'nothing'],
        ['`SigningKeys.ed25519()`', ...free, 'nothing'],
        ['`deliveryNetwork`', ...free, `${dollars(natGatewayHour * HOURS_OF_A_MONTH)} for a NAT gateway, if the VPC has none yet, and its data`],
        ['`SubmitAccess.iam`, `.apiKey`', ...free, 'nothing'],
        ['`SubmitAccess.cognito`', ...free, 'what Amazon Cognito charges for users and for tokens of programs'],
        ['`SubmitAccess.authorizer`, for each request whose answer API Gateway does not remember', ...transitions(0, call - apiRequest), 'nothing'],
        [
          '`ApiEndpoint.privateEndpoint`', ...free,
          `${dollars(interfaceEndpointHour * HOURS_OF_A_MONTH)} for a VPC endpoint in one Availability Zone, if there is none yet, and its data`,
        ],
        ['`queryManagement`, for each request about a query', ...transitions(0, call), 'nothing'],
        ['`openApi`', ...free, 'nothing'],
      ],
    };
  },
};

const ANNOUNCEMENTS: DocTable = {
  page: 'docs/async-athena-query-api/announcements.md',
  name: 'Price of announcements',
  origin: 'the prices of AWS',
  make: () => {
    const row = (what: string, announcements: number, message: number) => {
      const transitions = announcingTransitions(announcements);
      return [what, `${transitions}`, dollars(1_000 * (transitions * PRICES.stateTransition + message))];
    };
    const { customEvent, queueRequest, publishedMessage } = PRICES;
    return {
      header: ['1,000 queries to', 'more state transitions for each', 'price, with the messages sent'],
      rows: [
        row('an event bus', 1, customEvent), row('a queue', 1, queueRequest), row('a topic', 1, publishedMessage),
        row('all three', 3, customEvent + queueRequest + publishedMessage),
      ],
    };
  },
};

export const QUERY_TABLES: readonly DocTable[] = [ANNOUNCEMENTS, DELIVERY_WINDOWS, QUERY_PRICES, PARTS, OPTIONS, MONTHLY, LONGEST_TIMEOUTS];
