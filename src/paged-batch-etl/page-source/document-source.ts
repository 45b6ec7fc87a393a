import { Annotations, Duration, Stack, Token } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { IConstruct } from 'constructs';
import { PageSourceBinding } from './binding';
import { MongoCompatibleSourceOptions, MongoItemFormat } from './page-source-options';
import { warnOfSecretsRoute } from './service-route';
import { refusePublicSubnets } from '../../private/synth/function-network';
import { readSecret } from '../../private/synth/function-rights';
import { LONGEST_INVOCATION } from '../../private/synth/lambda-limits';
import { checkInteger, checkSeconds, checkText, InvalidPropError, refuseToken, theDefaultIs } from '../../private/synth/validation';
import { warn } from '../../private/synth/warning';
import { MongoSourceConfig, SourceEnvironment } from '../contracts/source-function';
import { warnOfDateTexts } from '../mongo-filter/date-texts';
import { checkIndexable, checkPoints, checkVariables } from '../mongo-filter/filter-check';
import { JsonObject } from '../mongo-filter/structure/json-value';
import { comparedFields } from '../mongo-filter/structure/points';
import { createIndexCommand, isIndexOfId, namesDocuments, shapeFor } from '../mongo-filter/structure/required-index';
import { RunParameterBindings } from '../run-parameter/binding';

export const DEFAULT_TIMEOUT = Duration.minutes(1);

/** MiB: that of one whole CPU. Source: Lambda developer guide, "Configure Lambda function memory". */
export const DEFAULT_MEMORY_SIZE = 1_769;

/** What the options of the servers differ in. */
export interface DocumentSource {
  /** Name of the factory, for messages. */
  readonly factory: string;
  readonly vpc?: IVpc;
  readonly certificateAuthority?: ISecret;
  readonly config: Pick<MongoSourceConfig, 'engine' | 'srv' | 'readConcern' | 'collation' | 'mixedIdTypes'>;
}

/** Reads a collection of a server that speaks the protocol of MongoDB. */
export function documentSource(options: MongoCompatibleSourceOptions, server: DocumentSource): PageSourceBinding {
  const { factory, vpc, certificateAuthority, config } = server;
  const sort = options.sort ?? ['_id'];
  const timeout = options.timeout ?? DEFAULT_TIMEOUT;
  checkNames(options, factory);
  checkSort(sort, factory);
  checkProjection(options.projection, factory);
  checkFunction(options, factory, timeout, vpc);
  const filter = options.filter?._binding.parsed ?? {};
  const isChecked = options.indexCheck ?? true;
  checkIndexable(filter, sort, options.unindexedFilterFields ?? []);
  if (isChecked && config.engine === 'mongo') checkPoints(filter, sort);

  const source: MongoSourceConfig = {
    ...config,
    host: options.host,
    tls: options.tls ?? true,
    database: options.database,
    collection: options.collection,
    sort,
    filter: options.filter?._binding.text,
    projection: options.projection,
    hint: options.hint,
    readPreference: options.readPreference,
    ifMissing: options.ifMissing,
    indexCheck: isChecked,
    itemFormat: options.itemFormat ?? MongoItemFormat.RELAXED,
  };
  return {
    bind: ({ scope, parameters }) => {
      if (options.filter !== undefined) checkVariables(filter, Object.keys(parameters));
      warnOfDateTexts(scope, filter, textDefaults(parameters));
      warnOfDatabase(scope, options, factory);
      warnOfSecretsRoute(scope, factory, { vpc, vpcSubnets: options.vpcSubnets });
      const requiredIndex = requiredIndexOf(source, filter);
      if (isChecked) sayIndex(scope, requiredIndex, options.hint === undefined && comparedFields(filter, sort).length > 0);
      return {
        handler: 'paged-batch-etl/source-functions/read-mongo-page',
        description: 'Reads a page of a collection',
        filter,
        sort,
        collated: config.collation !== undefined && config.collation.locale !== 'simple',
        requiredIndex,
        environment: {
          [SourceEnvironment.MONGO_SOURCE]: Stack.of(scope).toJsonString(source),
          [SourceEnvironment.CONNECTION_SECRET_ARN]: options.connectionSecret.secretArn,
          ...(certificateAuthority && { [SourceEnvironment.CERTIFICATE_AUTHORITY_SECRET_ARN]: certificateAuthority.secretArn }),
        },
        statements: [options.connectionSecret, ...(certificateAuthority ? [certificateAuthority] : [])].flatMap(readSecret),
        timeout,
        takesBatchSize: false,
        timedOutReadsRunOn: config.engine === 'documentDb',
        // DocumentDB would not stop counting in time; for a whole collection nobody counts.
        countsItems: config.engine === 'mongo' || Object.keys(filter).length === 0,
        memorySize: options.memorySize ?? DEFAULT_MEMORY_SIZE,
        vpc,
        vpcSubnets: options.vpcSubnets,
        securityGroups: options.securityGroups,
      };
    },
  };
}

function checkNames({ database, collection, hint, host }: MongoCompatibleSourceOptions, factory: string): void {
  checkText(`database of ${factory}`, database, /^[^/\\. "$*<>:|?\0]{1,63}$/, 'the name of one database', 'leave out the collection');
  checkText(`collection of ${factory}`, collection, /^(?!system\.)[^$\0]{1,255}$/, 'the name of one collection', 'leave out the database');
  if (hint !== undefined) checkText(`hint of ${factory}`, hint, /./, 'the name of an index', 'leave it out to let the server choose');
  if (host !== undefined) {
    checkText(
      `host of ${factory}`, host, /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?(?:,(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?)*$/,
      'a host, or several with commas between them, each with or without a port', 'a connection string belongs into the secret',
    );
  }
}

/** No error: tools that copy between servers do give collections such names. */
function warnOfDatabase(scope: IConstruct, { database, collection }: MongoCompatibleSourceOptions, factory: string): void {
  if (Token.isUnresolved(database) || Token.isUnresolved(collection) || !collection.startsWith(`${database}.`)) return;
  warn(
    scope, 'databaseInCollection',
    `collection of ${factory} is "${collection}", which is looked for in the database ${database}; if ${database} stands for the database there, write `
      + `collection: '${collection.slice(database.length + 1)}'`,
  );
}

/** With the names of fields as they are: a filter and a sort are known at synthesis. */
function requiredIndexOf({ database, collection, collation, sort }: MongoSourceConfig, filter: JsonObject): string | undefined {
  const shape = shapeFor(filter, sort);
  return namesDocuments(filter) || isIndexOfId(shape) ? undefined : createIndexCommand(shape, { database, collection, collation });
}

/**
 * As an annotation, for whoever deploys. It would not be the command as long as a part of it is known at deployment only.
 *
 * @param hasLists whether fields are compared with null or several values: then MongoDB may take the index for all pages only if it is told to
 */
function sayIndex(scope: IConstruct, command: string | undefined, hasLists: boolean): void {
  if (command === undefined || Token.isUnresolved(command)) return;
  Annotations.of(scope).addInfo(
    `pages are read by this index, unless the collection has one that begins with the same fields: ${command}`
      + (hasLists ? '; name it by hint, for the filter compares fields with null or with several values' : ''),
  );
}

/** Default values of the parameters that are texts, as far as they are known at synthesis. */
function textDefaults(parameters: RunParameterBindings): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).flatMap(([name, { rule, defaultValue }]) => (
    rule.type === 'text' && typeof defaultValue === 'string' ? [[name, defaultValue]] : [])));
}

function checkSort(sort: string[], factory: string): void {
  const isToken = Token.isUnresolved(sort) || sort.some((field) => Token.isUnresolved(field));
  refuseToken(`sort of ${factory}`, isToken, 'write the fields out: the filter is checked against them');
  if (sort[sort.length - 1] !== '_id') {
    throw new InvalidPropError(`sort of ${factory}`, sort, 'a list of fields that ends in _id', 'without it, two documents could be at the same place');
  }
  checkFields('sort', sort, factory);
  const descending = sort.find((field) => field.startsWith('-'));
  if (descending !== undefined) {
    throw new InvalidPropError(`every field in sort of ${factory}`, descending, 'the name of a field alone', 'pages are walked in ascending order only');
  }
}

/** Of documents that have no field called `-big`, the server would give `_id` alone. */
function checkProjection(projection: string[] | undefined, factory: string): void {
  checkFields('projection', projection, factory);
  const left = projection?.find((field) => field.startsWith('-'));
  if (left === undefined) return;
  throw new InvalidPropError(`every field in projection of ${factory}`, left, 'the name of a field alone', 'name the fields that are to be read: none can be left out');
}

/** A field that lies within another one of the list would be named twice, which the server refuses. */
function checkFields(name: 'projection' | 'sort', fields: string[] | undefined, factory: string): void {
  if (fields === undefined) return;
  // A list that is known only at deployment would need a custom resource to be written as JSON.
  refuseToken(`${name} of ${factory}`, Token.isUnresolved(fields), 'write the list out; its fields may be tokens');
  if (fields.length === 0) throw new InvalidPropError(`${name} of ${factory}`, [], 'a list of at least one field', 'leave it out for the default');
  for (const [index, field] of fields.entries()) {
    checkText(`every field in ${name} of ${factory}`, field, /^[^.$\0][^.\0]*(?:\.[^.$\0][^.\0]*)*$/, 'the name of a field, or a path with dots', 'such as address.city');
    const other = fields.find((candidate, position) => position !== index && `${field}.`.startsWith(`${candidate}.`));
    if (other !== undefined) throw new InvalidPropError(`every field in ${name} of ${factory}`, field, `no part of ${other}`, 'name one of them only');
  }
}

function checkFunction(options: MongoCompatibleSourceOptions, factory: string, timeout: Duration, vpc: IVpc | undefined): void {
  const { memorySize, vpcSubnets, securityGroups } = options;
  refuseToken(`timeout of ${factory}`, timeout.isUnresolved(), 'the workflow is computed from it');
  checkSeconds(`timeout of ${factory}`, timeout, { min: Duration.seconds(10), max: LONGEST_INVOCATION }, theDefaultIs(DEFAULT_TIMEOUT));
  if (memorySize !== undefined) checkInteger(`memorySize of ${factory}`, memorySize, { min: 256, max: 10_240 }, theDefaultIs(DEFAULT_MEMORY_SIZE));
  if (vpc === undefined && (vpcSubnets !== undefined || securityGroups !== undefined)) {
    throw new InvalidPropError(`vpc of ${factory}`, 'nothing', 'given together with vpcSubnets and securityGroups', 'name the VPC that these are of');
  }
  refusePublicSubnets(factory, { vpc, vpcSubnets });
}
