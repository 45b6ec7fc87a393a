export { AsyncAthenaQueryApi } from './async-athena-query-api/async-athena-query-api';
export type { AsyncAthenaQueryApiProps } from './async-athena-query-api/async-athena-query-api-props';
export { AsyncAthenaQueryApiErrors } from './async-athena-query-api/errors';
export { AccessLogs } from './async-athena-query-api/access-logs/access-logs';
export type { LogGroupAccessLogsOptions } from './async-athena-query-api/access-logs/access-logs-options';
export { ApiEndpoint } from './async-athena-query-api/api-endpoint/api-endpoint';
export type { PrivateEndpointOptions } from './async-athena-query-api/api-endpoint/api-endpoint-options';
export { QueryAnnouncement } from './async-athena-query-api/announcement/query-announcement';
export type {
  EventBusAnnouncementOptions, QueueAnnouncementOptions, TopicAnnouncementOptions,
} from './async-athena-query-api/announcement/query-announcement-options';
export { CallbackPolicy } from './async-athena-query-api/callback-policy/callback-policy';
export type { CallbackHostsOptions } from './async-athena-query-api/callback-policy/callback-policy-options';
export type { DeliveryNetwork } from './async-athena-query-api/delivery-network/delivery-network';
export type { QueryDashboardOptions } from './async-athena-query-api/dashboard/dashboard-options';
export { QueryCompletion } from './async-athena-query-api/query-completion/query-completion';
export type { AdaptivePollingOptions, PollingOptions } from './async-athena-query-api/query-completion/query-completion-options';
export { QueryableData } from './async-athena-query-api/queryable-data/queryable-data';
export type { GlueTablesOptions, LakeFormationOptions } from './async-athena-query-api/queryable-data/queryable-data-options';
export { ResultFormat } from './async-athena-query-api/result-format/result-format';
export { OrcCompression, ParquetCompression } from './async-athena-query-api/result-format/result-format-options';
export type {
  OrcResultFormatOptions, ParquetResultFormatOptions, TextFileResultFormatOptions,
} from './async-athena-query-api/result-format/result-format-options';
export { SigningKeys } from './async-athena-query-api/signing-keys/signing-keys';
export type { Ed25519SigningKeysOptions } from './async-athena-query-api/signing-keys/signing-keys-options';
export { SubmitAccess } from './async-athena-query-api/submit-access/submit-access';
export { QueryOwnership } from './async-athena-query-api/submit-access/submit-access-options';
export type {
  ApiKeySubmitAccessOptions, AuthorizerSubmitAccessOptions, CognitoSubmitAccessOptions, IamSubmitAccessOptions,
} from './async-athena-query-api/submit-access/submit-access-options';
export { NamedQuery } from './async-athena-query-api/submitted-queries/named-query';
export { QueryParameter } from './async-athena-query-api/submitted-queries/query-parameter';
export type { TextQueryParameterOptions } from './async-athena-query-api/submitted-queries/query-parameter-options';
export { SubmittedQueries } from './async-athena-query-api/submitted-queries/submitted-queries';
export type { NamedQueriesOptions, NamedQueryOptions } from './async-athena-query-api/submitted-queries/submitted-queries-options';

export { PagedBatchEtl } from './paged-batch-etl/paged-batch-etl';
export type { PagedBatchEtlProps } from './paged-batch-etl/paged-batch-etl-props';
export type { RunDashboardOptions } from './paged-batch-etl/dashboard/dashboard-options';
export { EmptyRun } from './paged-batch-etl/empty-run';
export { IdempotencyScope } from './paged-batch-etl/idempotency-scope';
export { PagedBatchEtlErrors } from './paged-batch-etl/errors';
export type { AddBackfillOptions } from './paged-batch-etl/backfill/add-backfill-options';
export type { IBackfill } from './paged-batch-etl/backfill/backfill';
export { BackfillErrors } from './paged-batch-etl/backfill/backfill-errors';
export { FailurePolicy } from './paged-batch-etl/failure-policy/failure-policy';
export type { DeadLetterOptions, TolerateOptions } from './paged-batch-etl/failure-policy/failure-policy-options';
export type { AddScheduleOptions } from './paged-batch-etl/schedule/add-schedule-options';
export { RunContinuation } from './paged-batch-etl/run-continuation/run-continuation';
export type { SelfRestartOptions, SupervisedOptions } from './paged-batch-etl/run-continuation/run-continuation-options';
export { ItemProcessor } from './paged-batch-etl/item-processor/item-processor';
export type {
  PerBatchProcessorOptions, PerItemProcessorOptions, StateMachineProcessorOptions,
} from './paged-batch-etl/item-processor/item-processor-options';
export { MongoAlternate, MongoCaseFirst, MongoMaxVariable } from './paged-batch-etl/page-source/mongo-collation';
export type { MongoCollation } from './paged-batch-etl/page-source/mongo-collation';
export { MongoFilter } from './paged-batch-etl/mongo-filter/mongo-filter';
export { PageSource } from './paged-batch-etl/page-source/page-source';
export { MissingCollection, MongoItemFormat, MongoReadConcern, MongoReadPreference } from './paged-batch-etl/page-source/page-source-options';
export type {
  CustomSourceOptions, DocumentDbSourceOptions, MongoCompatibleSourceOptions, MongoSourceOptions,
} from './paged-batch-etl/page-source/page-source-options';
export { PageTransport } from './paged-batch-etl/page-transport/page-transport';
export type { S3TransportOptions } from './paged-batch-etl/page-transport/page-transport-options';
export { Partitions } from './paged-batch-etl/partitions/partitions';
export type { EqualPartitionsOptions, PartitionsAtOptions } from './paged-batch-etl/partitions/partitions-options';
export { RunLedger } from './paged-batch-etl/run-ledger/run-ledger';
export type { StalenessAlarmOptions } from './paged-batch-etl/run-ledger/staleness-alarm-options';
export { WhenLocked } from './paged-batch-etl/run-ledger/run-ledger-options';
export type { TableLedgerOptions } from './paged-batch-etl/run-ledger/run-ledger-options';
export { RunParameter } from './paged-batch-etl/run-parameter/run-parameter';
export type {
  DateParameterOptions, IntegerParameterOptions, ObjectIdParameterOptions, TextParameterOptions,
} from './paged-batch-etl/run-parameter/run-parameter-options';
export type { IRunSchedule } from './paged-batch-etl/schedule/run-schedule';
export { RunScheduleErrors } from './paged-batch-etl/schedule/run-schedule-errors';
export { RunWindow } from './paged-batch-etl/schedule/run-window';
export type { LastHoursOptions, PreviousDayOptions, SinceWatermarkOptions } from './paged-batch-etl/schedule/run-window-options';
