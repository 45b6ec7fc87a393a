import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AthenaEvent, AthenaOptions, AthenaService } from '../../../local/athena/athena-service';
import { athenaResources } from '../../../local/athena/resources';
import { ServiceError } from '../../../local/aws/service';
import { GlueCatalog } from '../../../local/glue/catalog';
import { LakeFormation } from '../../../local/glue/lake-formation';
import { glueResources } from '../../../local/glue/resources';
import { expectObject, JsonObject, JsonValue } from '../../../local/json';
import { s3Resources } from '../../../local/s3/resources';
import { environment } from '../http/small-cloud';
import { createResource } from '../iam/create-resource';
import { allow, createDataAccount } from '../s3/data-cloud';

/** The package does not export its files, so it is read from its folder. */
const FLIGHTS = join(__dirname, '../../../node_modules/vega-datasets/data/flights-3m.parquet');

const SERDES = {
  parquet: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  csv: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
  text: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
  json: 'org.openx.data.jsonserde.JsonSerDe',
};

/** Athena over three million flights, and whatever tables a test adds. */
export async function createAthena(options: Partial<AthenaOptions> = {}) {
  const account = createDataAccount();
  const { clock, authorize, s3, store } = account;
  const catalog = new GlueCatalog(environment, authorize);
  const lakeFormation = new LakeFormation(authorize);
  const events: AthenaEvent[] = [];
  const faults: Error[] = [];
  const athena = new AthenaService({
    clock,
    environment,
    authorize,
    s3,
    catalog,
    lakeFormation,
    onEvent: (event) => events.push(event),
    onFault: (fault) => faults.push(fault),
    ...options,
  });
  const providers = { ...s3Resources(store), ...glueResources(catalog), ...athenaResources(athena, clock) };
  const create = (type: string, properties: JsonObject) => createResource(providers, type, properties);

  for (const BucketName of ['lake', 'results']) await create('AWS::S3::Bucket', { BucketName });
  await create('AWS::Glue::Database', { CatalogId: environment.accountId, DatabaseInput: { Name: 'air' } });
  const addTable = async (
    name: string, serde: keyof typeof SERDES, columns: Record<string, string>, files: Record<string, Buffer | string>, more: JsonObject = {},
  ) => {
    for (const [file, body] of Object.entries(files)) {
      await s3.put({ bucket: 'lake', key: `${name}/${file}`, body: Buffer.from(body), context: account.adminContext });
    }
    await create('AWS::Glue::Table', {
      CatalogId: environment.accountId,
      DatabaseName: 'air',
      TableInput: {
        Name: name,
        TableType: 'EXTERNAL_TABLE',
        StorageDescriptor: {
          Location: `s3://lake/${name}/`,
          Columns: Object.entries(columns).map(([Name, Type]) => ({ Name, Type })),
          SerdeInfo: { SerializationLibrary: SERDES[serde] },
        },
        ...more,
      },
    });
  };
  await addTable('flights', 'parquet', { date: 'timestamp', delay: 'bigint', distance: 'bigint', origin: 'string', destination: 'string' }, {
    'part-0.parquet': readFileSync(FLIGHTS),
    '_SUCCESS': 'hidden',
  });
  await create('AWS::Athena::WorkGroup', { Name: 'team', WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: 's3://results/athena/' } } });

  const start = async (sql: string, input: JsonObject = {}, context = account.adminContext): Promise<string> => {
    const answer = await athena.call('StartQueryExecution', { QueryString: sql, WorkGroup: 'team', QueryExecutionContext: { Database: 'air' }, ...input }, context);
    return String(answer.QueryExecutionId);
  };
  const describe = async (id: string): Promise<JsonObject> => object((await athena.call('GetQueryExecution', { QueryExecutionId: id }, account.adminContext)).QueryExecution);
  /** Waits in virtual time, as a polling workflow does. */
  const finish = async (id: string): Promise<JsonObject> => {
    for (;;) {
      const execution = await describe(id);
      if (!['QUEUED', 'RUNNING'].includes(String(object(execution.Status).State))) return execution;
      await clock.sleep(20);
    }
  };
  const run = async (sql: string, input: JsonObject = {}, context = account.adminContext) => finish(await start(sql, input, context));
  /** The result of a query that must succeed, as text. */
  const result = async (sql: string, input: JsonObject = {}): Promise<string> => {
    const execution = await run(sql, input);
    const { State: state, StateChangeReason: reason } = object(execution.Status);
    if (state !== 'SUCCEEDED') throw new Error(`${String(state)}: ${String(reason)}`);
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(String(object(execution.ResultConfiguration).OutputLocation)) ?? [];
    return (await s3.read({ bucket, key, context: account.adminContext })).toString();
  };
  const close = async () => {
    await athena.close();
    store.close();
  };
  return { ...account, athena, catalog, lakeFormation, events, faults, create, addTable, start, describe, finish, run, result, close };
}

export type AthenaCloud = Awaited<ReturnType<typeof createAthena>>;

export function object(value: JsonValue | undefined): JsonObject {
  return expectObject(value, 'the answer');
}

/** What a call must throw when the local cloud has no answer: a plain error, which no client may take for one of AWS. */
export async function gap(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof Error) || error instanceof ServiceError) throw new Error(`expected a plain error, got ${String(error)}`);
  return error.message;
}

/** The error of a service that a call must end with. */
export async function refusal(work: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof ServiceError)) throw new Error(`expected a service error, got ${String(error)}`);
  return error;
}

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111122223333:${resource}`;
const viaAthena = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } };

/** Everything a role needs to query the flights, by name so that tests can leave one out. */
export const PERMISSIONS: Readonly<Record<string, JsonObject>> = {
  start: allow('athena:StartQueryExecution', arn('athena', 'workgroup/team')),
  glue: allow(['glue:BatchGetTable', 'glue:GetDatabase', 'glue:GetTable'], [arn('glue', 'catalog'), arn('glue', 'database/air'), arn('glue', 'table/air/flights')], viaAthena),
  defaultDatabase: allow('glue:GetDatabase', [arn('glue', 'catalog'), arn('glue', 'database/default')], viaAthena),
  data: allow('s3:GetObject', 'arn:aws:s3:::lake/flights/*', viaAthena),
  list: allow('s3:ListBucket', 'arn:aws:s3:::lake', { ...viaAthena, StringLike: { 's3:prefix': 'flights/*' } }),
  location: allow('s3:GetBucketLocation', ['arn:aws:s3:::lake', 'arn:aws:s3:::results'], viaAthena),
  output: allow(['s3:PutObject', 's3:AbortMultipartUpload'], 'arn:aws:s3:::results/athena/*', viaAthena),
};

export function token(): string {
  return randomUUID();
}
