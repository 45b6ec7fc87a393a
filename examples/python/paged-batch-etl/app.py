from pathlib import Path

from aws_cdk import App, Duration, RemovalPolicy, Size, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_nodejs as lambda_nodejs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from cdk_data_workflows import (
    FailurePolicy,
    ItemProcessor,
    MongoFilter,
    PagedBatchEtl,
    PageSource,
    PageTransport,
    Partitions,
    RunLedger,
    RunParameter,
)
from constructs import Construct

AIRPORTS_KEY = "airports.json"

# The functions are those of the TypeScript example.
CALC_METRICS = Path(__file__).resolve().parents[2] / "typescript/paged-batch-etl/calc-metrics"


class FlightMetricsStack(Stack):
    """Metrics of the flights in a MongoDB collection, calculated page by page: a function gets a page at a time, by one
    worker or by four, or one item, inline or through S3."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        self.database = self.node.try_get_context("database") or "Analytics"
        # Where the server is and who we are: to be filled in once it is deployed.
        self.connection_secret = secretsmanager.Secret(self, "Connection")
        # Reference data, from which the metrics are calculated.
        self.reference = s3.Bucket(
            self,
            "Reference",
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            removal_policy=RemovalPolicy.DESTROY,
        )

        source = PageSource.mongo(
            connection_secret=self.connection_secret,
            database=self.database,
            collection="jobs",
            sort=["runDate", "_id"],
            filter=MongoFilter.ejson('{ "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" } }'),
            # Only a server on one's own machine has reason to do without.
            tls=self.node.try_get_context("tls") != "false",
        )
        parameters = {"date_begin": RunParameter.date(), "date_end": RunParameter.date()}

        per_batch = ItemProcessor.per_batch(handler=self._calc_metrics("CalcMetrics", "per-batch.ts"))
        PagedBatchEtl(
            self,
            "Metrics",
            source=source,
            parameters=parameters,
            processor=per_batch,
            removal_policy=RemovalPolicy.DESTROY,
        )

        in_parallel = PagedBatchEtl(
            self,
            "MetricsInParallel",
            source=source,
            parameters=parameters,
            processor=per_batch,
            # Larger pages cost less; with these, a run of some minutes tells every few seconds how far it is.
            transport=PageTransport.s3(max_page_bytes=Size.mebibytes(1)),
            partitions=Partitions.of_time(workers=4, slices=1),
            failure_policy=FailurePolicy.tolerate(max_percentage=1),
            ledger=RunLedger.table(),
            removal_policy=RemovalPolicy.DESTROY,
        )
        in_parallel.add_dashboard()

        per_item = self._calc_metrics("CalcMetricsPerItem", "per-item.ts", timeout=Duration.seconds(12))
        # Each call at the same time has a connection of its own to the server.
        processor = ItemProcessor.per_item(handler=per_item, max_concurrency=10)
        PagedBatchEtl(
            self,
            "MetricsPerItem",
            source=source,
            parameters=parameters,
            processor=processor,
            # All attempts at that many items are sure to fit into the five minutes of an Express execution.
            batch_size=20,
            removal_policy=RemovalPolicy.DESTROY,
        )
        through_s3 = PagedBatchEtl(
            self,
            "MetricsPerItemS3",
            source=source,
            parameters=parameters,
            processor=processor,
            transport=PageTransport.s3(),
            removal_policy=RemovalPolicy.DESTROY,
        )
        # Large documents stay there, and the function reads them itself.
        through_s3.grant_read_pages(per_item)

    def _calc_metrics(
        self, construct_id: str, entry: str, timeout: Duration = Duration.seconds(30)
    ) -> lambda_nodejs.NodejsFunction:
        """A function that reads another collection and a file in S3, and writes to a third collection."""
        calc_metrics = lambda_nodejs.NodejsFunction(
            self,
            construct_id,
            entry=str(CALC_METRICS / entry),
            runtime=lambda_.Runtime.NODEJS_22_X,
            memory_size=512,
            timeout=timeout,
            environment={
                "CONNECTION_SECRET_ARN": self.connection_secret.secret_arn,
                "DATABASE": self.database,
                "REFERENCE_BUCKET": self.reference.bucket_name,
                "AIRPORTS_KEY": AIRPORTS_KEY,
            },
        )
        self.connection_secret.grant_read(calc_metrics)
        self.reference.grant_read(calc_metrics, AIRPORTS_KEY)
        return calc_metrics


app = App()
FlightMetricsStack(app, "FlightMetrics")
app.synth()
