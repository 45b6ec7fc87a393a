import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { AsyncAthenaQueryApi, NamedQuery, QueryableData, QueryParameter, ResultFormat, SubmittedQueries } from 'cdk-data-workflows';
import { Construct } from 'constructs';

/** Flights as Parquet files in a bucket, described in the Glue Data Catalog, and two APIs to query them: by SQL, and by name. */
class FlightsStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);

    const data = new Bucket(this, 'Data', {
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const database = new CfnDatabase(this, 'Database', { catalogId: this.account, databaseInput: { name: 'travel' } });
    new CfnTable(this, 'Flights', {
      catalogId: this.account,
      databaseName: database.ref,
      tableInput: {
        name: 'flights',
        tableType: 'EXTERNAL_TABLE',
        parameters: { classification: 'parquet' },
        storageDescriptor: {
          columns: [
            { name: 'date', type: 'timestamp' },
            { name: 'delay', type: 'bigint' },
            { name: 'distance', type: 'bigint' },
            { name: 'origin', type: 'string' },
            { name: 'destination', type: 'string' },
          ],
          location: data.s3UrlForObject('flights/'),
          inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
          serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
        },
      },
    });

    const flights = QueryableData.glueTables({ database: database.ref, tables: ['flights'], bucket: data, prefix: 'flights/' });
    const queries = new AsyncAthenaQueryApi(this, 'Queries', {
      database: database.ref,
      queryableData: [flights],
      removalPolicy: RemovalPolicy.DESTROY,
    });

    // Who may submit queries: here a role that anyone in the account may be allowed to assume.
    queries.grantInvoke(new Role(this, 'Analysts', { assumedBy: new AccountPrincipal(this.account) }));
    this.exportValue(queries.queriesUrl, { name: 'QueriesUrl' });

    // Programs that are not trusted with SQL submit what is named here, and may ask for Parquet.
    const reports = new AsyncAthenaQueryApi(this, 'Reports', {
      database: database.ref,
      queryableData: [flights],
      submittedQueries: SubmittedQueries.named({
        queries: {
          flights_from: NamedQuery.of({
            sql: 'SELECT "date", delay, distance, destination FROM flights WHERE origin = :origin',
            parameters: { origin: QueryParameter.text({ maxLength: 3 }) },
          }),
        },
      }),
      resultFormats: [ResultFormat.csv(), ResultFormat.parquet()],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    reports.grantInvoke(new Role(this, 'Programs', { assumedBy: new AccountPrincipal(this.account) }));
    this.exportValue(reports.queriesUrl, { name: 'ReportsUrl' });
  }
}

const app = new App();
new FlightsStack(app, 'FlightsQueries');
