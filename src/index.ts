export { AsyncAthenaQueryApi } from './async-athena-query-api/async-athena-query-api';
export type { AsyncAthenaQueryApiProps } from './async-athena-query-api/async-athena-query-api-props';
export { AsyncAthenaQueryApiErrors } from './async-athena-query-api/errors';
export { AccessLogs } from './async-athena-query-api/access-logs';
export type { LogGroupAccessLogsOptions } from './async-athena-query-api/access-logs';
export { CallbackPolicy } from './async-athena-query-api/callback-policy';
export type { CallbackHostsOptions } from './async-athena-query-api/callback-policy';
export { QueryCompletion } from './async-athena-query-api/query-completion';
export type { AdaptivePollingOptions, PollingOptions } from './async-athena-query-api/query-completion';
export { QueryableData } from './async-athena-query-api/queryable-data';
export type { GlueTablesOptions } from './async-athena-query-api/queryable-data';
export { SubmitAccess } from './async-athena-query-api/submit-access';

export { PagedBatchEtl } from './paged-batch-etl/paged-batch-etl';
export type { PagedBatchEtlProps } from './paged-batch-etl/paged-batch-etl-props';
export { PagedBatchEtlErrors } from './paged-batch-etl/errors';
export type { AddScheduleOptions } from './paged-batch-etl/add-schedule-options';
export { HistoryRestart } from './paged-batch-etl/history-restart';
export type { SelfRestartOptions, SupervisedOptions } from './paged-batch-etl/history-restart';
export { ItemProcessor } from './paged-batch-etl/item-processor';
export type { PerBatchProcessorOptions, PerItemProcessorOptions, StateMachineProcessorOptions } from './paged-batch-etl/item-processor';
export { MongoAlternate, MongoCaseFirst, MongoMaxVariable } from './paged-batch-etl/mongo-collation';
export type { MongoCollation } from './paged-batch-etl/mongo-collation';
export { MongoFilter } from './paged-batch-etl/mongo-filter';
export { PageSource } from './paged-batch-etl/page-source';
export { MongoItemFormat, MongoReadConcern, MongoReadPreference } from './paged-batch-etl/page-source-options';
export type {
  CustomSourceOptions, DocumentDbSourceOptions, MongoCompatibleSourceOptions, MongoSourceOptions,
} from './paged-batch-etl/page-source-options';
export { RunParameter } from './paged-batch-etl/run-parameter';
export type { DateParameterOptions, IntegerParameterOptions, ObjectIdParameterOptions, TextParameterOptions } from './paged-batch-etl/run-parameter';
export type { IRunSchedule } from './paged-batch-etl/schedule/run-schedule';
export { RunScheduleErrors } from './paged-batch-etl/run-schedule-errors';
export { RunWindow } from './paged-batch-etl/run-window';
export type { LastHoursOptions, PreviousDayOptions } from './paged-batch-etl/run-window';
