import { Duration } from 'aws-cdk-lib';
import { count, SOURCES, ToldNumbers } from './told';
import { dollars, PRICES } from '../../../projenrc/tools/tables/prices';
import { watch } from '../../../projenrc/tools/tables/query-tables';
import { QueryCompletion } from '../../../src';
import { BEFORE_CALLBACK, TIMEOUT_SECONDS } from '../../../src/async-athena-query-api/announcement/announcement-states';
import { HEADROOM, tooLargeTemplate } from '../../../src/async-athena-query-api/api/request-template';
import { MAX_MODEL_SIZE, MAX_TEMPLATE_SIZE } from '../../../src/async-athena-query-api/api/submit-route';
import { MAX_VPC_ENDPOINTS } from '../../../src/async-athena-query-api/api-endpoint/private-endpoint';
import { MAX_HOSTS_BYTES } from '../../../src/async-athena-query-api/callback-policy/hosts';
import { LARGEST_FILES_BODY, MOST_COUNTED_FILES, MOST_FILES_AT_ONCE } from '../../../src/async-athena-query-api/contracts/callback';
import { CALLBACK_TIMEOUT_SECONDS } from '../../../src/async-athena-query-api/contracts/deliver';
import { LINK_EXPIRY_SECONDS, SHORTEST_RESULT_RETENTION_DAYS } from '../../../src/async-athena-query-api/contracts/result-link';
import { IDEMPOTENCY_KEY, IDEMPOTENT_CALLER, MAX_CALLBACK_URL_LENGTH, MAX_CLIENT_REFERENCE_LENGTH, MAX_QUERY_LENGTH } from '../../../src/async-athena-query-api/contracts/submit-query';
import { DEFAULTS } from '../../../src/async-athena-query-api/defaults';
import { deliveryRetry, longestDelivery } from '../../../src/async-athena-query-api/delivery/delivery-retry';
import { SECRET_BYTES } from '../../../src/async-athena-query-api/delivery/function/signature';
import { CACHE_MILLISECONDS } from '../../../src/async-athena-query-api/delivery/function/signing-keys';
import { SHORTEST_WINDOW_IN_VPC } from '../../../src/async-athena-query-api/delivery-network/network-check';
import { ASKED_AGAIN_AFTER } from '../../../src/async-athena-query-api/management/function/execution';
import { LIMITS, MAX_ANNOUNCEMENTS, MAX_FORMER_PREFIXES, REUSE_MINUTES } from '../../../src/async-athena-query-api/props-check';
import { DEFAULT_MAX_INTERVAL, DEFAULT_PERCENTAGE } from '../../../src/async-athena-query-api/query-completion/adaptive-polling';
import { DEFAULT_INTERVAL } from '../../../src/async-athena-query-api/query-completion/polling';
import { CALL_TIMEOUT_SECONDS } from '../../../src/async-athena-query-api/query-completion/polling-loop';
import { MAX_TEXT_LENGTH } from '../../../src/async-athena-query-api/submitted-queries/text-parameter';
import { MAX_MANAGED_POLICIES, REDRIVES } from '../../../src/async-athena-query-api/workflow';
import { SDK_BOUNDS } from '../../../src/private/runtime/sdk-bounds';
import { FAILURES } from '../../../src/private/synth/failure-alarm';
import { MAX_HISTORY_EVENTS } from '../../../src/private/synth/history';
import { REDRIVE_WINDOW } from '../../../src/private/synth/redrive-window';

const folder = 'docs/async-athena-query-api';
const redriveDays = REDRIVE_WINDOW.toDays();
const { IntervalSeconds: firstDelay, MaxDelaySeconds: longestDelay = 0 } = deliveryRetry(DEFAULTS.deliveryWindow);

/** What the API itself says of a request that is too large. */
const [largest] = /\d+ kB/.exec(tooLargeTemplate()) ?? [];

/** What Start Query does when Athena has no free place. */
function placeRetry() {
  const options = { partition: 'aws', workGroupName: 'queries', queryTimeout: DEFAULTS.queryTimeout, next: 'Deliver Result' };
  const start = QueryCompletion.polling()._binding.render(options).states['Start Query'];
  const retrier = start.Type === 'Task' ? start.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('Athena.TooManyRequests')) : undefined;
  if (retrier === undefined) throw new Error('Start Query does not wait for a free place');
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Infinity, MaxAttempts } = retrier;
  const nominal = Array.from({ length: MaxAttempts }, (_, attempt) => Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt));
  // With full jitter, a delay is half of the nominal one on average.
  const meanSeconds = nominal.reduce((sum, delay) => sum + delay / 2, 0);
  return { attempts: MaxAttempts, longestMinutes: MaxDelaySeconds / 60, meanMinutes: Math.round(meanSeconds / 60) };
}

/** The longest idempotency key, as its pattern says. */
const [, longestKey] = /\{1,(\d+)\}$/.exec(IDEMPOTENCY_KEY) ?? [];

/** The longest id of a caller that can have one. */
const [, longestId] = /\{1,(\d+)\}$/.exec(IDEMPOTENT_CALLER) ?? [];

/** Whole days that results must be kept for. */
function retentionDays(deliveryWindow: Duration): number {
  const seconds = REDRIVE_WINDOW.plus(DEFAULTS.queryTimeout).plus(longestDelivery(deliveryWindow)).toSeconds();
  return Math.max(SHORTEST_RESULT_RETENTION_DAYS, Math.ceil(seconds / Duration.days(1).toSeconds()));
}

const place = placeRetry();
const fiveSeconds = watch(QueryCompletion.adaptivePolling(), 5);
const { transitions: one } = watch(QueryCompletion.adaptivePolling(), 1);
const { transitions: two } = watch(QueryCompletion.adaptivePolling(), 2);
/** A thousand requests, each with a call of a function of 256 MB. */
const requests = (seconds: number) => 1_000 * (PRICES.apiRequest + PRICES.lambdaRequest + seconds * 0.25 * PRICES.lambdaGigabyteSecond);
const perThousand = (queryGigabytes: number) => (
  fiveSeconds.transitions * PRICES.stateTransition * 1_000 + queryGigabytes * PRICES.athenaTerabyte + requests(1));

export const ATHENA_NUMBERS: readonly ToldNumbers[] = [
  {
    page: `${folder}/named-queries.md`,
    fromCode: [
      `up to ${MAX_TEXT_LENGTH} characters, or fewer`, `has up to ${count(MAX_QUERY_LENGTH)} characters`, `which has up to ${MAX_TEMPLATE_SIZE / 1_024} KB`, `which has up to ${MAX_MODEL_SIZE / 1_024} KB`,
    ],
    fromOutside: {},
  },
  {
    page: `${folder}/result-formats.md`,
    fromCode: [`at least ${REUSE_MINUTES.min === 1 ? 'a minute' : REUSE_MINUTES.min}, at most ${REUSE_MINUTES.max / 1_440} days`],
    fromOutside: {},
  },
  {
    page: `${folder}/http-api.md`,
    fromCode: [
      `of 1 to ${count(MAX_QUERY_LENGTH)} characters`,
      `of up to ${count(MAX_CALLBACK_URL_LENGTH)} characters`,
      `\`throttlingRateLimit\` | ${DEFAULTS.throttlingRateLimit} |`,
      `\`throttlingBurstLimit\` | ${DEFAULTS.throttlingBurstLimit} |`,
      `\`managementThrottlingRateLimit\` | ${DEFAULTS.managementThrottlingRateLimit} |`,
      `\`managementThrottlingBurstLimit\` | ${DEFAULTS.managementThrottlingBurstLimit} |`,
      `of 1 to ${MAX_CLIENT_REFERENCE_LENGTH} characters, such as`,
      `${MOST_FILES_AT_ONCE} at most. If it has a \`NextToken\``,
      `1 to ${longestKey} letters, digits and hyphens`,
      `\`resultRetention\`, ${DEFAULTS.resultRetention.toDays()} days by default`,
      `about ${largest} of JSON`,
    ],
    fromOutside: {
      'on port 443': SOURCES.portOfHttps,
      'curl 8 or newer': 'https://curl.se/docs/manpage.html#--aws-sigv4: it signs JSON bodies rightly since 8.0',
      'version 2 of the AWS CLI': 'https://docs.aws.amazon.com/cli/latest/reference/configure/export-credentials.html: version 1 has no such command',
      'Signature Version 4': 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html',
      'an OpenAPI 3.1 document': 'https://spec.openapis.org/oas/v3.1.0.html',
      'more than 1 MB once they are escaped': SOURCES.stepFunctionsQuotas,
      'more than 10 MB, which is all': SOURCES.apiGatewayQuotas,
      '`Retry-After` is 1 second': 'test/docs/athena-contracts.test.ts',
      'or is older than 90 days': SOURCES.stepFunctionsQuotas,
      'held for 90 days': SOURCES.stepFunctionsQuotas,
      '| 90 days after the execution': SOURCES.stepFunctionsQuotas,
      '| 90 days, likewise': SOURCES.stepFunctionsQuotas,
    },
  },
  {
    page: `${folder}/access.md`,
    fromCode: [`works where the id has 1 to ${longestId} letters, digits and hyphens`],
    fromOutside: { 'for 5 minutes, for each token': 'https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html' },
  },
  {
    page: `${folder}/private-api.md`,
    fromCode: [`that you name, 1 to ${MAX_VPC_ENDPOINTS} of them`],
    fromOutside: { 'callers need port 443': SOURCES.portOfHttps },
  },
  {
    page: `${folder}/callbacks.md`,
    fromCode: [
      `counted up to ${count(MOST_COUNTED_FILES)}, which`,
      `at most ${MOST_FILES_AT_ONCE} links, and at most ${LARGEST_FILES_BODY / 1_024} KiB`,
      `\`callbackTimeout\`, ${DEFAULTS.callbackTimeout.toSeconds()} seconds by default`,
      `\`deliveryWindow\`, ${DEFAULTS.deliveryWindow.toHours()} hours by default`,
      `grow from ${firstDelay} seconds up to ${longestDelay / 60} minutes`,
      `[redriven for ${redriveDays} days]`,
    ],
    fromOutside: {
      'more than 5 minutes away from their clock': 'test/docs/programs.test.ts: the tolerance of the Standard Webhooks libraries',
      'TLS 1.2 or newer on port 443': 'src/async-athena-query-api/delivery/function/post-callback.ts: minVersion',
    },
  },
  {
    page: `${folder}/networks.md`,
    fromCode: [`\`deliveryWindow\` must be ${SHORTEST_WINDOW_IN_VPC.toMinutes()} minutes or more`],
    fromOutside: {
      'HTTPS on port 443': SOURCES.portOfHttps,
      'to anything on port 443 in these ranges': SOURCES.portOfHttps,
    },
  },
  {
    page: `${folder}/announcements.md`,
    fromCode: [
      `Up to ${MAX_ANNOUNCEMENTS} of them`,
      `tried up to ${1 + BEFORE_CALLBACK.retries} times within half a minute`,
    ],
    fromOutside: {},
  },
  {
    page: `${folder}/security.md`,
    fromCode: [],
    fromOutside: {
      'on port 443': SOURCES.portOfHttps,
      'the history of the workflow, 90 days': SOURCES.stepFunctionsQuotas,
      'query history, 45 days': 'https://docs.aws.amazon.com/athena/latest/ug/queries-viewing-history.html',
    },
  },
  {
    page: `${folder}/limits-and-costs.md`,
    fromCode: [
      `about ${two - one} state transitions each time`,
      `1,000 queries of 5 s that scan 1 GB each cost about ${dollars(perThousand(1))}, of which Athena is ${dollars(PRICES.athenaTerabyte)}.`,
      `more than ${DEFAULTS.bytesScannedCutoffPerQuery.toGibibytes()} GiB by default`,
      `never more than ${DEFAULT_MAX_INTERVAL.toSeconds()} seconds later`,
      `1,000 such requests cost about ${dollars(requests(1))}.`,
      `is ${DEFAULTS.managementThrottlingRateLimit} requests a second for each of the three routes, and ${3 * DEFAULTS.managementThrottlingRateLimit} for all`,
      `| ${MAX_CLIENT_REFERENCE_LENGTH} and ${longestKey} characters |`,
      `accepts ${DEFAULTS.throttlingRateLimit} queries a second on average and ${DEFAULTS.throttlingBurstLimit} at once`,
      `That is ${count(DEFAULTS.throttlingRateLimit * 3_600)} queries an hour`,
      `started again, ${place.attempts} times, with delays of up to ${place.longestMinutes} minutes. That lasts ${place.meanMinutes} minutes on average`,
      `\`queryTimeout\` is ${DEFAULTS.queryTimeout.toMinutes()} minutes by default and ${LIMITS.queryTimeout.max.toHours()} hours at most`,
      `holds ${count(MAX_HISTORY_EVENTS)} events`,
      `and ${REDRIVES} redrives kept free`,
      `${count(MAX_QUERY_LENGTH)} characters; together with the callback URL about ${largest} of JSON, because Step Functions takes 256 KiB and ${HEADROOM.length / 1024} KiB are kept free`,
      `${count(MAX_CALLBACK_URL_LENGTH)} characters |`,
      `from ${LINK_EXPIRY_SECONDS.least / 60} minute to ${LINK_EXPIRY_SECONDS.most / 3_600} hour`,
      `from ${CALLBACK_TIMEOUT_SECONDS.least} to ${CALLBACK_TIMEOUT_SECONDS.most} seconds`,
      `from ${LIMITS.deliveryWindow.min.toMinutes()} minute to ${LIMITS.deliveryWindow.max.toDays()} days; with \`deliveryNetwork\` [${SHORTEST_WINDOW_IN_VPC.toMinutes()} minutes]`,
      `at least ${redriveDays} days and the time`,
      `${retentionDays(DEFAULTS.deliveryWindow)} for the defaults, ${retentionDays(Duration.days(3))} for a \`deliveryWindow\` of 3 days`,
      `about ${count(MAX_HOSTS_BYTES)} characters in all`,
      `| ${MAX_FORMER_PREFIXES} |`,
      `${MAX_MANAGED_POLICIES} managed policies`,
    ],
    fromOutside: {
      "Athena's own time-out (30 minutes": SOURCES.athenaQuotas,
      '| 15 a second |': SOURCES.stepFunctionsQuotas,
      '| 20 a second |': SOURCES.stepFunctionsQuotas,
    },
  },
  {
    page: `${folder}/bring-your-own.md`,
    fromCode: [
      `no sooner than ${redriveDays} days + \`queryTimeout\` + the longest delivery, and at least ${SHORTEST_RESULT_RETENTION_DAYS} days`,
      `base64 text of ${SECRET_BYTES.least} to ${SECRET_BYTES.most} bytes`,
      `${redriveDays} days after the last delivery`,
      `\`deliveryMemorySize\` | ${DEFAULTS.deliveryMemorySize} MiB |`,
    ],
    fromOutside: { '64 hexadecimal digits': 'src/async-athena-query-api/delivery/function/ed25519.ts: decodeSeed', 'Be Node.js 22 or newer': 'src/private/synth/node-runtime.ts: what checkRuntime takes' },
  },
  {
    page: `${folder}/operations.md`,
    fromCode: [
      `used within ${CACHE_MILLISECONDS / 60_000} minutes`,
      `until at least ${CACHE_MILLISECONDS / 60_000} minutes after the change`,
      `the new one within ${CACHE_MILLISECONDS / 60_000} minutes`,
      `within ${redriveDays} days of the failure`,
      `At least ${REDRIVES} redrives of a delivery`,
      `for ${redriveDays} days. Delete it`,
      `for a period of ${FAILURES.period.toMinutes()} minutes`,
      `one or more in a period of ${FAILURES.period.toMinutes()} minutes`,
      `text of ${SECRET_BYTES.least} to ${SECRET_BYTES.most} bytes`,
      `younger than ${SHORTEST_RESULT_RETENTION_DAYS} days`,
      `longer than ${CALL_TIMEOUT_SECONDS} seconds, the function 10 seconds longer`,
      `or an announcement ${TIMEOUT_SECONDS} seconds`,
    ],
    fromOutside: {
      'has its SQL for 90 days': SOURCES.stepFunctionsQuotas,
      'each of the first four is 0 or 1': 'src/async-athena-query-api/contracts/delivery-metric.ts',
    },
  },
];

/** Shares and counts that are told in words. */
export const TOLD_IN_WORDS = {
  'tries each call three times': SDK_BOUNDS.maxAttempts === 3,
  'for up to two seconds': ASKED_AGAIN_AFTER.reduce((sum, wait) => sum + wait, 0) === 2_000,
  'a quarter of its duration': DEFAULT_PERCENTAGE / 100 === 1 / 4,
  'every 15 seconds': DEFAULT_INTERVAL.toSeconds() === 15,
};
