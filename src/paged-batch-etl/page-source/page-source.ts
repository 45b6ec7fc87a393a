import { PageSourceBinding } from './binding';
import { custom } from './custom';
import { documentDb } from './document-db';
import { mongo } from './mongo';
import { CUSTOM_KINDS, DOCUMENT_DB_KINDS, MONGO_KINDS } from './option-kinds';
import { CustomSourceOptions, DocumentDbSourceOptions, MongoSourceOptions } from './page-source-options';
import { checkOptions } from '../../private/synth/option-kinds';

/**
 * Where the pages of a run come from.
 *
 * A page is what follows the page before it in an order that does not change. The end of a collection is checked: a run that succeeded has seen every
 * item that was there from its start to its end.
 */
export class PageSource {
  /**
   * A collection of a MongoDB server, version 4.4 or newer: your own or MongoDB Atlas.
   *
   * Choose it for any server of MongoDB itself. For Amazon DocumentDB choose `documentDb`: that server lacks some of what this source uses.
   *
   * @example
   * declare const connectionSecret: secretsmanager.ISecret;
   *
   * // Needs the index { runDate: 1, _id: 1 }.
   * PageSource.mongo({
   *   connectionSecret,
   *   database: 'Analytics',
   *   collection: 'jobs',
   *   sort: ['runDate', '_id'],
   *   filter: MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }'),
   *   projection: ['runDate', 'delay'],
   * });
   */
  public static mongo(options: MongoSourceOptions): PageSource {
    return new PageSource(mongo(checkOptions('PageSource.mongo', options, MONGO_KINDS)));
  }

  /**
   * A collection of an Amazon DocumentDB cluster, version 5.0 or newer.
   *
   * Choose it for DocumentDB, and only for that: it sends no command that DocumentDB lacks, and the certificates of Amazon come with the function.
   * A cluster can be reached only from a VPC, so `vpc` is required.
   *
   * @example
   * declare const cluster: docdb.DatabaseCluster;
   * declare const vpc: ec2.IVpc;
   *
   * PageSource.documentDb({ connectionSecret: cluster.secret!, vpc, database: 'Analytics', collection: 'jobs' });
   */
  public static documentDb(options: DocumentDbSourceOptions): PageSource {
    return new PageSource(documentDb(checkOptions('PageSource.documentDb', options, DOCUMENT_DB_KINDS)));
  }

  /**
   * A function of your own that answers pages. Whatever it answers is checked before it becomes a page.
   *
   * Choose it for data that is not in MongoDB or DocumentDB and can be read in an order that does not change: a table of a SQL database, a REST API
   * with a cursor. For files in S3 and for tables in DynamoDB, a Distributed Map or an export costs less.
   *
   * @example
   * declare const readOrders: lambda.IFunction;
   *
   * PageSource.custom({ handler: readOrders, timeout: Duration.minutes(2) });
   */
  public static custom(options: CustomSourceOptions): PageSource {
    return new PageSource(custom(checkOptions('PageSource.custom', options, CUSTOM_KINDS)));
  }

  /** @internal */
  public readonly _binding: PageSourceBinding;

  private constructor(binding: PageSourceBinding) {
    this._binding = binding;
  }
}
