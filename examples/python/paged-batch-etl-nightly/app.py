from aws_cdk import App, Duration, RemovalPolicy, Stack, TimeZone
from aws_cdk import aws_docdb as docdb
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from cdk_data_workflows import (
    RunContinuation,
    ItemProcessor,
    MongoFilter,
    PagedBatchEtl,
    PageSource,
    RunParameter,
    RunWindow,
)
from constructs import Construct

# Which jobs of a day are archived: a value of every type that a filter may need, and a parameter of every type that a run may have.
FILTER = """{
  "team": "$$team",
  "deleted": null,
  "kind": { "$in": ["report", "$$kind"] },
  "owner": { "$ne": { "$oid": "65a1f0c2e4b0a1b2c3d4e5f6" } },
  "bytes": { "$gte": "$$least_bytes", "$lt": { "$numberLong": "9007199254740993" } },
  "created": { "$gte": { "$date": "2020-01-01T00:00:00Z" } },
  "runDate": { "$gte": "$$date_begin", "$lt": "$$date_end" }
}"""


class NightlyArchiveStack(Stack):
    """Every night, the jobs of the day before are read from an Amazon DocumentDB cluster and archived."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        vpc = ec2.Vpc(self, "Vpc", max_azs=2, nat_gateways=1)
        cluster = docdb.DatabaseCluster(
            self,
            "Cluster",
            vpc=vpc,
            master_user=docdb.Login(username="admin_user", exclude_characters='"@/:'),
            instance_type=ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM),
            engine_version="5.0.0",
            storage_encrypted=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        archive = lambda_.Function(
            self,
            "Archive",
            runtime=lambda_.Runtime.NODEJS_22_X,
            handler="index.handler",
            code=lambda_.Code.from_inline(
                "exports.handler = async ({ item, idempotencyKey }) => console.log(idempotencyKey, item);"
            ),
            timeout=Duration.seconds(30),
        )

        nightly = PagedBatchEtl(
            self,
            "Nightly",
            source=PageSource.document_db(
                connection_secret=cluster.secret,
                vpc=vpc,
                database="Analytics",
                collection="jobs",
                sort=["runDate", "_id"],
                filter=MongoFilter.ejson(FILTER),
                # Few documents of a day are left out by these.
                unindexed_filter_fields=["bytes", "created", "owner"],
                projection=["team", "bytes", "result"],
            ),
            parameters={
                "date_begin": RunParameter.date(time_zone="Europe/Berlin"),
                "date_end": RunParameter.date(time_zone="Europe/Berlin"),
                "team": RunParameter.object_id(default_value="65a1f0c2e4b0a1b2c3d4e5f7"),
                "kind": RunParameter.text(default_value="invoice"),
                "least_bytes": RunParameter.integer(default_value=1024),
            },
            processor=ItemProcessor.per_item(handler=archive, max_concurrency=10),
            batch_size=50,
            continuation=RunContinuation.self_restart(),
            removal_policy=RemovalPolicy.DESTROY,
        )
        # From this side, so that the rule is in this stack also where the cluster is in another one.
        nightly.connections.allow_to_default_port(cluster)
        nightly.add_schedule(
            "AtOne",
            schedule=scheduler.ScheduleExpression.cron(hour="1", minute="0", time_zone=TimeZone.EUROPE_BERLIN),
            window=RunWindow.previous_day(begin="date_begin", end="date_end", time_zone="Europe/Berlin"),
        )


app = App()
NightlyArchiveStack(app, "NightlyArchive")
app.synth()
