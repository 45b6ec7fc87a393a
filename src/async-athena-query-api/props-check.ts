import { Duration, RemovalPolicy, Size, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AccessLogs } from './access-logs/access-logs';
import { LOG_GROUP_KINDS } from './access-logs/option-kinds';
import { EVENT_BUS_KINDS, QUEUE_KINDS, TOPIC_KINDS } from './announcement/option-kinds';
import { QueryAnnouncement } from './announcement/query-announcement';
import { ApiEndpoint } from './api-endpoint/api-endpoint';
import { PRIVATE_ENDPOINT } from './api-endpoint/option-kinds';
import { AsyncAthenaQueryApiProps } from './async-athena-query-api-props';
import { CallbackPolicy } from './callback-policy/callback-policy';
import { HOSTS_KINDS } from './callback-policy/option-kinds';
import { CALLBACK_TIMEOUT_SECONDS } from './contracts/deliver';
import { LINK_EXPIRY_SECONDS, SHORTEST_RESULT_RETENTION_DAYS } from './contracts/result-link';
import { DEFAULTS } from './defaults';
import { longestDelivery } from './delivery/delivery-retry';
import { checkDeliveryNetwork } from './delivery-network/network-check';
import { DELIVERY_NETWORK_KINDS } from './delivery-network/option-kinds';
import { ADAPTIVE_POLLING_KINDS, POLLING_KINDS } from './query-completion/option-kinds';
import { QueryCompletion } from './query-completion/query-completion';
import { QueryableData } from './queryable-data/queryable-data';
import { ORC_KINDS, PARQUET_KINDS, TEXT_FILE_KINDS } from './result-format/option-kinds';
import { ResultFormat } from './result-format/result-format';
import { ED25519_KINDS } from './signing-keys/option-kinds';
import { SigningKeys } from './signing-keys/signing-keys';
import { API_KEY, AUTHORIZER, COGNITO } from './submit-access/option-kinds';
import { SubmitAccess } from './submit-access/submit-access';
import { SubmittedQueries } from './submitted-queries/submitted-queries';
import { checkGlueName, DEFAULT_CATALOG, isDefaultCatalog, refusePrefix } from '../private/synth/glue-names';
import { checkRuntime } from '../private/synth/node-runtime';
import {
  bucket, checkOptions, choice, duration, flag, grantee, key, list, logGroup, mebibytes, member, nested, number, optional, OptionKinds, queue,
  runtime, secret, size, text,
} from '../private/synth/option-kinds';
import { REDRIVE_WINDOW } from '../private/synth/redrive-window';
import { checkInteger, checkRemovalPolicy, checkSeconds, checkSize, checkText, InvalidPropError, refuseToken, theDefaultIs } from '../private/synth/validation';

/** Deep enough for anyone, and far from the 1,024 bytes of a key. */
const MAX_PREFIX_LENGTH = 500;

/** Each is named by the policies of two roles and by a variable of the function, whose sizes are limited. */
export const MAX_FORMER_PREFIXES = 5;

/** Each is named by a policy of the query role, whose size is limited. */
export const MAX_DATABASES = 50;
/** Each is two states of every execution and two statements of the query role. */
export const MAX_ANNOUNCEMENTS = 10;

/** Shortest and longest times. */
export const LIMITS = {
  queryTimeout: { min: Duration.seconds(1), max: Duration.hours(24) },
  callbackTimeout: { min: Duration.seconds(CALLBACK_TIMEOUT_SECONDS.least), max: Duration.seconds(CALLBACK_TIMEOUT_SECONDS.most) },
  deliveryWindow: { min: Duration.minutes(1), max: Duration.days(3) },
  linkExpiry: { min: Duration.seconds(LINK_EXPIRY_SECONDS.least), max: Duration.seconds(LINK_EXPIRY_SECONDS.most) },
};

/** Source: Athena API reference, ResultReuseByAgeConfiguration; 0 would take no result. */
export const REUSE_MINUTES = { min: 1, max: 7 * 24 * 60 };

/** Memory of a function in MiB. Source: Lambda developer guide, "Configure Lambda function memory". */
const MEMORY = { min: 128, max: 10_240 };

/** Nobody needs more callbacks at once: ten times the concurrency that an account has unless it asks for more. Source: Lambda quotas. */
const MAX_CONCURRENCY = 10_000;

const KINDS: OptionKinds<AsyncAthenaQueryApiProps> = {
  queryableData: optional(list(choice(QueryableData))),
  queryCompletion: optional(choice(QueryCompletion, { polling: POLLING_KINDS, adaptivePolling: ADAPTIVE_POLLING_KINDS })),
  submitAccess: optional(choice(SubmitAccess, { apiKey: API_KEY, authorizer: AUTHORIZER, cognito: COGNITO })),
  endpoint: optional(choice(ApiEndpoint, { privateEndpoint: PRIVATE_ENDPOINT })),
  announcements: optional(list(choice(QueryAnnouncement, { eventBus: EVENT_BUS_KINDS, queue: QUEUE_KINDS, topic: TOPIC_KINDS }))),
  callbackPolicy: optional(choice(CallbackPolicy, { hosts: HOSTS_KINDS })),
  deliveryNetwork: optional(nested(DELIVERY_NETWORK_KINDS)),
  accessLogs: optional(choice(AccessLogs, { logGroup: LOG_GROUP_KINDS })),
  stageName: optional(text),
  deliveryMemorySize: optional(mebibytes),
  deliveryReservedConcurrency: optional(number),
  queryTimeout: optional(duration),
  callbackTimeout: optional(duration),
  deliveryWindow: optional(duration),
  linkExpiry: optional(duration),
  resultRetention: optional(duration),
  bytesScannedCutoffPerQuery: optional(size),
  throttlingRateLimit: optional(number),
  throttlingBurstLimit: optional(number),
  queryManagement: optional(flag),
  queryReaders: optional(list(grantee)),
  managementThrottlingRateLimit: optional(number),
  managementThrottlingBurstLimit: optional(number),
  managementLogGroup: optional(logGroup),
  database: optional(text),
  databases: optional(list(text)),
  submittedQueries: optional(choice(SubmittedQueries)),
  resultFormats: optional(list(choice(ResultFormat, { parquet: PARQUET_KINDS, orc: ORC_KINDS, textFile: TEXT_FILE_KINDS }))),
  resultReuse: optional(duration),
  catalog: optional(text),
  resultBucket: optional(bucket),
  resultPrefix: optional(text),
  formerResultPrefixes: optional(list(text)),
  resultEncryptionKey: optional(key),
  workGroupName: optional(text),
  signingKeys: optional(choice(SigningKeys, { ed25519: ED25519_KINDS })),
  signingSecret: optional(secret),
  deadLetterQueue: optional(queue),
  deliveryRuntime: optional(runtime),
  workflowLogGroup: optional(logGroup),
  deliveryLogGroup: optional(logGroup),
  logRetention: optional(member('RetentionDays', RetentionDays)),
  encryptionKey: optional(key),
  tracing: optional(flag),
  removalPolicy: optional(member('RemovalPolicy', RemovalPolicy)),
};

/** Refuses what cannot work. Ranges that depend on several parts are checked where those are known. */
export function checkProps(props: AsyncAthenaQueryApiProps): void {
  checkOptions('', props, KINDS);
  for (const name of ['queryTimeout', 'callbackTimeout', 'deliveryWindow'] as const) {
    refuseToken(name, props[name]?.isUnresolved() ?? false, 'the workflow is computed from it');
  }
  const seconds = (name: keyof typeof LIMITS, fix = theDefaultIs(DEFAULTS[name])) => {
    const value = props[name];
    if (value !== undefined) checkSeconds(name, value, LIMITS[name], fix);
  };
  seconds('queryTimeout');
  seconds('callbackTimeout');
  seconds('deliveryWindow');
  seconds('linkExpiry', 'a role session that another role assumes ends after an hour');
  const integer = (name: `${'throttling' | 'managementThrottling'}${'Rate' | 'Burst'}Limit`, max: number) => {
    const value = props[name];
    if (value !== undefined) checkInteger(name, value, { min: 1, max }, theDefaultIs(DEFAULTS[name]));
  };
  integer('throttlingRateLimit', 10_000);
  integer('throttlingBurstLimit', 5_000);
  integer('managementThrottlingRateLimit', 10_000);
  integer('managementThrottlingBurstLimit', 5_000);
  checkManagement(props);
  checkFunctionAndStage(props);
  if (props.bytesScannedCutoffPerQuery !== undefined) {
    checkSize(
      'bytesScannedCutoffPerQuery', props.bytesScannedCutoffPerQuery, { min: Size.bytes(10_000_000), max: Size.pebibytes(1) },
      theDefaultIs(DEFAULTS.bytesScannedCutoffPerQuery),
    );
  }
  checkDeliveryNetwork(props.deliveryNetwork, {
    privateAddresses: props.callbackPolicy?._binding.rules.privateAddresses, deliveryWindow: props.deliveryWindow,
  });
  checkPrefixes(props);
  checkAnnouncements(props);
  for (const name of ['database', 'catalog'] as const) {
    if (props[name] === '') throw new InvalidPropError(name, '', 'a name', 'leave it out for the default');
  }
  checkDatabase('database', props.database, props.catalog);
  checkDatabases(props);
  checkResultFormats(props);
  if (props.deliveryRuntime !== undefined) checkRuntime('deliveryRuntime', props.deliveryRuntime);
  if (props.deadLetterQueue?.fifo) {
    throw new InvalidPropError('deadLetterQueue', 'a FIFO queue', 'a standard queue', 'dead letters have no order, and a rule would need a message group');
  }
  checkStorage(props);
}

/** What is about routes that are not there would be without effect. */
function checkManagement(props: AsyncAthenaQueryApiProps): void {
  const { queryReaders = [], submitAccess } = props;
  const noReaders = submitAccess?._binding.noReaders;
  if (queryReaders.length > 0 && noReaders !== undefined) throw new InvalidPropError('queryReaders', queryReaders, noReaders.allowed, noReaders.fix);
  if (props.queryManagement !== false) return;
  for (const name of ['queryReaders', 'managementThrottlingRateLimit', 'managementThrottlingBurstLimit', 'managementLogGroup'] as const) {
    if (props[name] === undefined) continue;
    throw new InvalidPropError(name, props[name], 'left out with queryManagement: false', 'leave out one of the two');
  }
}

function checkFunctionAndStage({ stageName, deliveryMemorySize, deliveryReservedConcurrency }: AsyncAthenaQueryApiProps): void {
  if (stageName !== undefined) {
    // Source: API reference of API Gateway, CreateStage.
    checkText('stageName', stageName, /^\w{1,128}$/, '1 to 128 letters, digits and underscores', `the default is ${DEFAULTS.stageName}`);
    refuseToken('stageName', Token.isUnresolved(stageName), 'the id of the stage is made from it');
  }
  if (deliveryMemorySize !== undefined) checkInteger('deliveryMemorySize', deliveryMemorySize, MEMORY, `${theDefaultIs(DEFAULTS.deliveryMemorySize)} MiB`);
  if (deliveryReservedConcurrency !== undefined) {
    checkInteger(
      'deliveryReservedConcurrency', deliveryReservedConcurrency, { min: 1, max: MAX_CONCURRENCY },
      deliveryReservedConcurrency === 0 ? 'with 0 no callback would ever be sent: leave it out to reserve none' : 'leave it out to reserve none',
    );
  }
}

function checkAnnouncements({ announcements = [] }: AsyncAthenaQueryApiProps): void {
  if (announcements.length <= MAX_ANNOUNCEMENTS) return;
  throw new InvalidPropError(
    'announcements', `${announcements.length} of them`, `at most ${MAX_ANNOUNCEMENTS}`, 'announce to one topic or event bus, and let the others subscribe to it',
  );
}

function checkPrefixes({ resultPrefix = DEFAULTS.resultPrefix, formerResultPrefixes = [] }: AsyncAthenaQueryApiProps): void {
  checkPrefix('resultPrefix', resultPrefix);
  refuseToken('formerResultPrefixes', Token.isUnresolved(formerResultPrefixes), 'write the list out; its entries may be tokens');
  if (formerResultPrefixes.length > MAX_FORMER_PREFIXES) {
    throw new InvalidPropError(
      'formerResultPrefixes', `${formerResultPrefixes.length} prefixes`, `at most ${MAX_FORMER_PREFIXES}`, 'leave out those that nobody waits for any more',
    );
  }
  for (const prefix of formerResultPrefixes) {
    checkPrefix('every one of formerResultPrefixes', prefix);
    if (prefix === resultPrefix) {
      throw new InvalidPropError('every one of formerResultPrefixes', prefix, 'another one than resultPrefix', 'leave it out: results lie there now');
    }
  }
}

function checkPrefix(what: string, prefix: string): void {
  const fix = `such as \`${DEFAULTS.resultPrefix}\``;
  checkText(what, prefix, /^(?:[A-Za-z0-9!_.()'-]+\/)+$/, 'a key prefix that ends in a slash and does not start with one', fix);
  if (Token.isUnresolved(prefix)) return;
  if (/(^|\/)\.\.?\//.test(prefix) || prefix.length > MAX_PREFIX_LENGTH) {
    throw new InvalidPropError(what, prefix, `up to ${MAX_PREFIX_LENGTH} characters without the steps . and ..`, fix);
  }
}

/** Names in other catalogs than that of Glue have the rules of those. */
function checkDatabase(what: string, database: string | undefined, catalog: string = DEFAULT_CATALOG): void {
  if (database === undefined) return;
  refusePrefix(what, database, { is: 'catalog', name: catalog });
  if (!Token.isUnresolved(catalog) && isDefaultCatalog(catalog)) checkGlueName(what, database);
}

function checkDatabases({ databases, catalog }: AsyncAthenaQueryApiProps): void {
  if (databases === undefined) return;
  refuseToken('databases', Token.isUnresolved(databases), 'write the list out; its entries may be tokens');
  if (databases.length === 0 || databases.length > MAX_DATABASES) {
    throw new InvalidPropError('databases', `${databases.length} databases`, `a list of 1 to ${MAX_DATABASES}`, 'leave it out where requests choose none');
  }
  for (const database of databases) {
    checkText('every one of databases', database, /^[^*?/]{1,255}$/, 'the name of one database', 'list each of them');
    checkDatabase('every one of databases', database, catalog);
    if (databases.indexOf(database) !== databases.lastIndexOf(database)) {
      throw new InvalidPropError('every one of databases', database, 'there once', 'leave out the others');
    }
  }
}

function checkResultFormats({ resultFormats, resultReuse, submittedQueries }: AsyncAthenaQueryApiProps): void {
  if (resultFormats?.length === 0) throw new InvalidPropError('resultFormats', [], 'at least one format', 'leave it out for CSV');
  const names = resultFormats?.map(({ _binding: { name } }) => name) ?? [];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidPropError('resultFormats', `${twice} more than once`, 'each format once', 'leave out the others: a request chooses by the name');
  const [noSelect] = submittedQueries?._binding.noSelect ?? [];
  if (noSelect !== undefined && names.length > 0 && !names.includes('CSV')) {
    throw new InvalidPropError(
      'resultFormats', names, `formats with CSV among them, for the named query ${noSelect} is no SELECT`, 'add ResultFormat.csv(): other statements have no other format',
    );
  }
  if (resultReuse === undefined) return;
  refuseToken('resultReuse', resultReuse.isUnresolved(), 'the workflow is made with it');
  const minutes = resultReuse.toMilliseconds() / 60_000;
  if (Number.isInteger(minutes) && minutes >= REUSE_MINUTES.min && minutes <= REUSE_MINUTES.max) return;
  throw new InvalidPropError('resultReuse', resultReuse.toHumanString(), `whole minutes from ${REUSE_MINUTES.min} minute to ${REUSE_MINUTES.max / 1_440} days`, 'leave it out where every query has to run');
}

function checkStorage(props: AsyncAthenaQueryApiProps): void {
  const { resultRetention, resultBucket, workGroupName, removalPolicy } = props;
  if (resultRetention !== undefined) {
    if (resultBucket !== undefined) {
      throw new InvalidPropError('resultRetention', 'both it and resultBucket', 'left out for your own bucket', 'set a lifecycle rule on that bucket instead');
    }
    const shortest = shortestRetentionDays(props);
    const days = resultRetention.isUnresolved() ? shortest : resultRetention.toMilliseconds() / Duration.days(1).toMilliseconds();
    if (days < shortest || !Number.isInteger(days)) {
      throw new InvalidPropError(
        'resultRetention', resultRetention.toHumanString(), `whole days, at least ${shortest}`,
        `a result is needed while the query and its delivery take, and then for the ${REDRIVE_WINDOW.toDays()} days in which a failed delivery can be redriven`,
      );
    }
  }
  if (workGroupName !== undefined) {
    checkText('workGroupName', workGroupName, /^[a-zA-Z0-9._-]{1,128}$/, '1 to 128 letters, digits, dots, underscores and hyphens', 'give the name, not the ARN');
    if (resultBucket === undefined) {
      throw new InvalidPropError('resultBucket', 'nothing', 'given together with workGroupName', 'name the bucket that the workgroup writes to');
    }
    if (props.bytesScannedCutoffPerQuery !== undefined) {
      throw new InvalidPropError('bytesScannedCutoffPerQuery', 'both it and workGroupName', 'left out for your own workgroup', 'set it on that workgroup instead');
    }
  }
  checkRemovalPolicy(removalPolicy);
}

function shortestRetentionDays({ queryTimeout, deliveryWindow }: AsyncAthenaQueryApiProps): number {
  const needed = REDRIVE_WINDOW.plus(queryTimeout ?? DEFAULTS.queryTimeout).plus(longestDelivery(deliveryWindow ?? DEFAULTS.deliveryWindow));
  return Math.max(SHORTEST_RESULT_RETENTION_DAYS, Math.ceil(needed.toSeconds() / Duration.days(1).toSeconds()));
}
