import { RemovalPolicy, Stack, StackProps } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AsyncAthenaQueryApi, AsyncAthenaQueryApiProps, QueryableData } from '../../src';

/** The rows of the table `travel.trips`. */
export const TRIPS = 'LAX,JFK,17\nJFK,LAX,-3\nSFO,SEA,0\n';
export const TRIPS_KEY = 'trips/trips.csv';

/** Ten billion billion rows, so that no engine finishes; the condition keeps it from counting without looking. */
export const ENDLESS_QUERY = `
  SELECT count(*)
  FROM ${Array.from({ length: 40 }, (_, index) => `trips t${index}`).join(', ')}
  WHERE t0.delay + t39.delay > t20.delay`;

export interface QueriesStackProps extends StackProps {
  /** Props may need constructs of the same stack. */
  readonly queries?: (stack: QueriesStack) => AsyncAthenaQueryApiProps;
  readonly customise?: (stack: QueriesStack) => void;
}

/** The stack of the example, with a smaller table. */
export class QueriesStack extends Stack {
  readonly data: Bucket;
  readonly database: CfnDatabase;
  readonly analysts: Role;
  readonly queries: AsyncAthenaQueryApi;

  constructor(scope: Construct, id: string, props: QueriesStackProps) {
    super(scope, id, props);
    this.data = new Bucket(this, 'Data', { enforceSSL: true, blockPublicAccess: BlockPublicAccess.BLOCK_ALL });
    this.database = new CfnDatabase(this, 'Database', { catalogId: this.account, databaseInput: { name: 'travel' } });
    this.addTable('Trips', 'trips', this.data.s3UrlForObject('trips/'));
    this.analysts = new Role(this, 'Analysts', { assumedBy: new AccountPrincipal(this.account) });

    this.queries = new AsyncAthenaQueryApi(this, 'Queries', {
      database: this.database.ref,
      queryableData: [QueryableData.glueTables({ database: this.database.ref, tables: ['trips'], bucket: this.data, prefix: 'trips/' })],
      removalPolicy: RemovalPolicy.DESTROY,
      ...props.queries?.(this),
    });
    this.queries.grantInvoke(this.analysts);
    this.exportValue(this.queries.queriesUrl, { name: 'QueriesUrl' });
    props.customise?.(this);
  }

  /** Describes CSV files in the Glue Data Catalog. */
  addTable(id: string, name: string, location: string, database = this.database): void {
    new CfnTable(this, id, {
      catalogId: this.account,
      databaseName: database.ref,
      tableInput: {
        name,
        tableType: 'EXTERNAL_TABLE',
        storageDescriptor: {
          columns: [{ name: 'origin', type: 'string' }, { name: 'destination', type: 'string' }, { name: 'delay', type: 'bigint' }],
          location,
          serdeInfo: {
            serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
            parameters: { 'field.delim': ',', 'serialization.format': ',' },
          },
        },
      },
    });
  }
}
