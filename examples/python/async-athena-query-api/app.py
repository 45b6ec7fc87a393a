from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from cdk_data_workflows import (
    AsyncAthenaQueryApi,
    NamedQuery,
    QueryableData,
    QueryParameter,
    ResultFormat,
    SubmittedQueries,
)
from constructs import Construct


class FlightsStack(Stack):
    """Flights as Parquet files in a bucket, described in the Glue Data Catalog, and two APIs to query them: by SQL, and by name."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        data = s3.Bucket(
            self,
            "Data",
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.DESTROY,
        )
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=self.account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name="travel"),
        )
        glue.CfnTable(
            self,
            "Flights",
            catalog_id=self.account,
            database_name=database.ref,
            table_input=glue.CfnTable.TableInputProperty(
                name="flights",
                table_type="EXTERNAL_TABLE",
                parameters={"classification": "parquet"},
                storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
                    columns=[
                        glue.CfnTable.ColumnProperty(name="date", type="timestamp"),
                        glue.CfnTable.ColumnProperty(name="delay", type="bigint"),
                        glue.CfnTable.ColumnProperty(name="distance", type="bigint"),
                        glue.CfnTable.ColumnProperty(name="origin", type="string"),
                        glue.CfnTable.ColumnProperty(name="destination", type="string"),
                    ],
                    location=data.s3_url_for_object("flights/"),
                    input_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
                    output_format="org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
                    serde_info=glue.CfnTable.SerdeInfoProperty(
                        serialization_library="org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
                    ),
                ),
            ),
        )

        flights = QueryableData.glue_tables(database=database.ref, tables=["flights"], bucket=data, prefix="flights/")
        queries = AsyncAthenaQueryApi(
            self,
            "Queries",
            database=database.ref,
            queryable_data=[flights],
            removal_policy=RemovalPolicy.DESTROY,
        )

        # Who may submit queries: here a role that anyone in the account may be allowed to assume.
        queries.grant_invoke(iam.Role(self, "Analysts", assumed_by=iam.AccountPrincipal(self.account)))
        self.export_value(queries.queries_url, name="QueriesUrl")

        # Programs that are not trusted with SQL submit what is named here, and may ask for Parquet.
        reports = AsyncAthenaQueryApi(
            self,
            "Reports",
            database=database.ref,
            queryable_data=[flights],
            submitted_queries=SubmittedQueries.named(
                queries={
                    "flights_from": NamedQuery.of(
                        sql='SELECT "date", delay, distance, destination FROM flights WHERE origin = :origin',
                        parameters={"origin": QueryParameter.text(max_length=3)},
                    ),
                },
            ),
            result_formats=[ResultFormat.csv(), ResultFormat.parquet()],
            removal_policy=RemovalPolicy.DESTROY,
        )
        reports.grant_invoke(iam.Role(self, "Programs", assumed_by=iam.AccountPrincipal(self.account)))
        self.export_value(reports.queries_url, name="ReportsUrl")


app = App()
FlightsStack(app, "FlightsQueries")
app.synth()
