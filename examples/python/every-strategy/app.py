from aws_cdk.aws_cognito import CognitoDomainOptions, OAuthSettings, OAuthFlows
from aws_cdk.aws_apigateway import ThrottleSettings, QuotaSettings
from cdk_data_workflows import DeadLetterOptions
from aws_cdk.aws_docdb import Login
from aws_cdk import App, Duration, RemovalPolicy, Size, Stack, TimeZone
from aws_cdk.aws_apigateway import ApiKey, Period, UsagePlan
from aws_cdk.aws_cognito import OAuthScope, ResourceServerScope, UserPool
from aws_cdk.aws_docdb import DatabaseCluster
from aws_cdk.aws_ec2 import InstanceClass, InstanceSize, InstanceType, Vpc
from aws_cdk.aws_events import EventBus
from aws_cdk.aws_iam import AccountPrincipal, Role
from aws_cdk.aws_kms import Key
from aws_cdk.aws_lambda import Code, Function as LambdaFunction, Runtime
from aws_cdk.aws_logs import LogGroup, RetentionDays
from aws_cdk.aws_s3 import Bucket
from aws_cdk.aws_scheduler import ScheduleExpression
from aws_cdk.aws_secretsmanager import Secret
from aws_cdk.aws_sns import Topic
from aws_cdk.aws_sqs import Queue, QueueEncryption
from aws_cdk.aws_stepfunctions import DefinitionBody, Pass, StateMachine
from constructs import Construct
from cdk_data_workflows import (
    AccessLogs,
    AsyncAthenaQueryApi,
    CallbackPolicy,
    EmptyRun,
    FailurePolicy,
    IdempotencyScope,
    ItemProcessor,
    MissingCollection,
    MongoFilter,
    MongoItemFormat,
    MongoReadConcern,
    NamedQuery,
    PagedBatchEtl,
    PageSource,
    PageTransport,
    Partitions,
    QueryableData,
    QueryAnnouncement,
    QueryCompletion,
    QueryOwnership,
    QueryParameter,
    RunContinuation,
    RunLedger,
    RunParameter,
    RunWindow,
    SigningKeys,
    SubmitAccess,
    SubmittedQueries,
    WhenLocked,
)


# Analysts of the company query a lake, and sign their requests.
class AnalystQueriesStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        lake = Bucket.from_bucket_name(self, "Lake", "lake-data")
        queries = AsyncAthenaQueryApi(
            self,
            "Queries",
            database="sales",
            queryable_data=[
                QueryableData.glue_tables(database="sales", bucket=lake, prefix="sales/"),
                QueryableData.glue_tables(
                    database="scratch", tables=["totals"], bucket=lake, prefix="totals/", write=True
                ),
            ],
            submitted_queries=SubmittedQueries.any_sql(),
            submit_access=SubmitAccess.iam(ownership=QueryOwnership.SESSION, accounts=["444455556666"]),
            query_readers=[Role(self, "Support", assumed_by=AccountPrincipal(self.account))],
            query_completion=QueryCompletion.adaptive_polling(percentage=10, max_interval=Duration.minutes(1)),
            query_timeout=Duration.hours(2),
            bytes_scanned_cutoff_per_query=Size.gibibytes(5),
            callback_policy=CallbackPolicy.hosts(hosts=["hooks.example.com", "*.example.org"]),
            signing_keys=SigningKeys.shared_secret(),
            access_logs=AccessLogs.log_group(log_group=LogGroup(self, "Requests", retention=RetentionDays.ONE_MONTH)),
            delivery_window=Duration.hours(6),
            link_expiry=Duration.minutes(15),
            log_retention=RetentionDays.ONE_WEEK,
            encryption_key=Key(self, "Key", enable_key_rotation=True),
            tracing=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        queries.add_data(QueryableData.lake_formation(database="governed", tables=["people"]))
        queries.grant_invoke(Role(self, "Analysts", assumed_by=AccountPrincipal(self.account)))
        queries.add_dashboard(default_interval=Duration.days(7))
        queries.metric_dead_letters(period=Duration.minutes(1)).create_alarm(
            self, "Lost", threshold=1, evaluation_periods=1
        )
        self.export_value(queries.queries_url, name="AnalystQueriesUrl")


# Programs of customers have tokens of a user pool, and submit queries by name.
class CustomerQueriesStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        customers = UserPool(self, "Customers", removal_policy=RemovalPolicy.DESTROY)
        submit = ResourceServerScope(scope_name="submit", scope_description="Submit queries")
        server = customers.add_resource_server("Server", identifier="queries", scopes=[submit])
        customers.add_domain("Domain", cognito_domain=CognitoDomainOptions(domain_prefix=f"queries-{self.account}"))
        customers.add_client(
            "Customer",
            generate_secret=True,
            o_auth=OAuthSettings(
                flows=OAuthFlows(client_credentials=True), scopes=[OAuthScope.resource_server(server, submit)]
            ),
        )
        queries = AsyncAthenaQueryApi(
            self,
            "Queries",
            database="sales_eu",
            databases=["sales_eu", "sales_us"],
            queryable_data=[
                QueryableData.glue_tables(
                    database="sales_eu",
                    tables=["orders"],
                    bucket=Bucket.from_bucket_name(self, "Eu", "sales-eu"),
                    prefix="orders/",
                ),
                QueryableData.glue_tables(
                    database="sales_us",
                    tables=["orders"],
                    bucket=Bucket.from_bucket_name(self, "Us", "sales-us"),
                    prefix="orders/",
                ),
            ],
            submitted_queries=SubmittedQueries.named(
                queries={
                    "by_day": NamedQuery.of(
                        sql="SELECT product, amount FROM orders WHERE day = :day AND amount >= :least AND paid = :paid",
                        parameters={
                            "day": QueryParameter.date(),
                            "least": QueryParameter.decimal_number(),
                            "paid": QueryParameter.true_or_false(),
                        },
                    ),
                    "by_product": NamedQuery.of(
                        sql="SELECT day, amount FROM orders WHERE product = :product AND amount >= :least AND changed < :until",
                        parameters={
                            "least": QueryParameter.integer(),
                            "product": QueryParameter.text(max_length=40),
                            "until": QueryParameter.timestamp(),
                        },
                    ),
                    "days": NamedQuery.of(sql="SELECT DISTINCT day FROM orders"),
                }
            ),
            submit_access=SubmitAccess.cognito(user_pools=[customers], scopes=["queries/submit"]),
            query_completion=QueryCompletion.managed(),
            callback_policy=CallbackPolicy.public_hosts(),
            signing_keys=SigningKeys.ed25519(),
            access_logs=AccessLogs.none(),
            announcements=[
                QueryAnnouncement.event_bus(bus=EventBus.from_event_bus_name(self, "Bus", "company")),
                QueryAnnouncement.queue(
                    queue=Queue(self, "Ended", encryption=QueueEncryption.SQS_MANAGED, enforce_ssl=True)
                ),
                QueryAnnouncement.topic(
                    topic=Topic.from_topic_arn(self, "Topic", self.format_arn(service="sns", resource="ended"))
                ),
            ],
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.export_value(queries.queries_url, name="CustomerQueriesUrl")


# Partners have API keys. What keeps state was there before.
class PartnerQueriesStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        plan = UsagePlan(
            self,
            "Partners",
            throttle=ThrottleSettings(rate_limit=1, burst_limit=5),
            quota=QuotaSettings(limit=1000, period=Period.DAY),
        )
        plan.add_api_key(ApiKey(self, "Partner"))
        AsyncAthenaQueryApi(
            self,
            "Queries",
            queryable_data=[
                QueryableData.glue_tables(
                    database="public", bucket=Bucket.from_bucket_name(self, "Data", "public-data")
                )
            ],
            submit_access=SubmitAccess.api_key(plans=[plan]),
            query_management=False,
            query_completion=QueryCompletion.polling(interval=Duration.seconds(30)),
            signing_secret=Secret.from_secret_name_v2(self, "Secret", "callback-secret"),
            result_bucket=Bucket.from_bucket_name(self, "Results", "partner-results"),
            result_prefix="answers/",
            work_group_name="partners",
            dead_letter_queue=Queue.from_queue_arn(
                self, "DeadLetters", self.format_arn(service="sqs", resource="dead-letters")
            ),
        )


# Runs over collections of MongoDB and DocumentDB, and over a source of one's own.
class RunsStack(Stack):
    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        connection_secret = Secret.from_secret_name_v2(self, "Connection", "mongodb")
        handler = LambdaFunction(
            self,
            "Handler",
            runtime=Runtime.NODEJS_22_X,
            handler="index.handler",
            code=Code.from_inline("exports.handler = async (event) => console.log(JSON.stringify(event));"),
            timeout=Duration.seconds(20),
        )

        by_time = PagedBatchEtl(
            self,
            "ByTime",
            source=PageSource.mongo(
                connection_secret=connection_secret,
                database="analytics",
                collection="jobs",
                sort=["runDate", "_id"],
                filter=MongoFilter.ejson('{ "runDate": { "$gte": "$$begin", "$lt": "$$end" }, "team": "$$team" }'),
                projection=["team", "result"],
                if_missing=MissingCollection.EMPTY,
                item_format=MongoItemFormat.CANONICAL,
                read_concern=MongoReadConcern.MAJORITY,
            ),
            parameters={
                "begin": RunParameter.date(),
                "end": RunParameter.date(),
                "team": RunParameter.text(default_value="sales"),
            },
            processor=ItemProcessor.per_batch(handler=handler, retry_attempts=3),
            transport=PageTransport.s3(max_page_bytes=Size.mebibytes(4)),
            partitions=Partitions.of_time(workers=4),
            failure_policy=FailurePolicy.tolerate(max_items=100, dead_letters=DeadLetterOptions(with_documents=True)),
            ledger=RunLedger.table(when_locked=WhenLocked.WAIT),
            empty_run=EmptyRun.FAIL,
            continuation=RunContinuation.supervised(outage_tolerance=Duration.minutes(30)),
            removal_policy=RemovalPolicy.DESTROY,
        )
        by_time.add_schedule(
            "Hourly",
            schedule=ScheduleExpression.rate(Duration.hours(1)),
            window=RunWindow.since_watermark(begin="begin", end="end", start_at="2026-01-01T00:00:00Z"),
        )
        by_time.add_backfill(
            "Year",
            begin="2025-01-01",
            end="2026-01-01",
            step=Duration.days(1),
            begin_parameter="begin",
            end_parameter="end",
            concurrency=2,
        )
        by_time.add_staleness_alarm("Stale", after=Duration.hours(6))
        by_time.add_dashboard()
        operators = Role(self, "Operators", assumed_by=AccountPrincipal(self.account))
        by_time.grant_start_execution(operators)
        by_time.grant_redrive(operators)
        by_time.grant_read_dead_letters(operators)
        by_time.metric_items_read(period=Duration.hours(1)).create_alarm(self, "Few", threshold=1, evaluation_periods=1)

        PagedBatchEtl(
            self,
            "ById",
            source=PageSource.mongo(connection_secret=connection_secret, database="analytics", collection="events"),
            processor=ItemProcessor.per_item(handler=handler, max_concurrency=20),
            partitions=Partitions.of_object_ids(workers=2, slices=8),
            failure_policy=FailurePolicy.fail_fast(),
            idempotency_scope=IdempotencyScope.ITEM,
            removal_policy=RemovalPolicy.DESTROY,
        )

        enrich = StateMachine(self, "Enrich", definition_body=DefinitionBody.from_chainable(Pass(self, "Nothing")))
        PagedBatchEtl(
            self,
            "ByName",
            source=PageSource.mongo(
                connection_secret=connection_secret, database="analytics", collection="people", sort=["name", "_id"]
            ),
            parameters={"owner": RunParameter.object_id(), "least": RunParameter.integer(default_value=0)},
            processor=ItemProcessor.state_machine(state_machine=enrich, timeout=Duration.minutes(10)),
            transport=PageTransport.inline(),
            partitions=Partitions.at(boundaries=['"g"', '"n"', '"t"']),
            ledger=RunLedger.none(),
            removal_policy=RemovalPolicy.DESTROY,
        )

        vpc = Vpc(self, "Vpc", max_azs=2, nat_gateways=1)
        cluster = DatabaseCluster(
            self,
            "Cluster",
            vpc=vpc,
            master_user=Login(username="reader"),
            instance_type=InstanceType.of(InstanceClass.T4G, InstanceSize.MEDIUM),
            removal_policy=RemovalPolicy.DESTROY,
        )
        nightly = PagedBatchEtl(
            self,
            "Nightly",
            source=PageSource.document_db(
                connection_secret=cluster.secret,
                vpc=vpc,
                database="analytics",
                collection="jobs",
                sort=["runDate", "_id"],
                filter=MongoFilter.ejson('{ "runDate": { "$gte": "$$begin", "$lt": "$$end" } }'),
            ),
            parameters={"begin": RunParameter.date(), "end": RunParameter.date()},
            processor=ItemProcessor.per_batch(handler=handler),
            partitions=Partitions.none(),
            continuation=RunContinuation.self_restart(),
            removal_policy=RemovalPolicy.DESTROY,
        )
        nightly.connections.allow_to_default_port(cluster)
        nightly.add_schedule(
            "AtFour",
            schedule=ScheduleExpression.cron(hour="4", minute="0", time_zone=TimeZone.EUROPE_BERLIN),
            window=RunWindow.previous_day(begin="begin", end="end", time_zone="Europe/Berlin"),
        )

        orders = PagedBatchEtl(
            self,
            "Orders",
            source=PageSource.custom(handler=handler, timeout=Duration.minutes(2)),
            parameters={"begin": RunParameter.date(), "end": RunParameter.date()},
            processor=ItemProcessor.per_batch(handler=handler),
            removal_policy=RemovalPolicy.DESTROY,
        )
        orders.add_schedule(
            "EverySixHours",
            schedule=ScheduleExpression.rate(Duration.hours(6)),
            window=RunWindow.last_hours(begin="begin", end="end", hours=6),
        )


app = App()
AnalystQueriesStack(app, "AnalystQueries")
CustomerQueriesStack(app, "CustomerQueries")
PartnerQueriesStack(app, "PartnerQueries")
RunsStack(app, "Runs")
app.synth()
