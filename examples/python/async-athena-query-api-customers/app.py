from aws_cdk import App, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from cdk_data_workflows import (
    AsyncAthenaQueryApi,
    DeliveryNetwork,
    NamedQuery,
    QueryableData,
    QueryAnnouncement,
    QueryCompletion,
    QueryParameter,
    ResultFormat,
    SigningKeys,
    SubmitAccess,
    SubmittedQueries,
)
from constructs import Construct


class CustomerQueriesStack(Stack):
    """An API for customers: their programs have no AWS credentials, run the queries that are named here, and nothing else."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)

        # Each customer's program has an app client of its own in this pool, which is its owner of queries.
        customers = cognito.UserPool(self, "Customers", removal_policy=RemovalPolicy.DESTROY)
        submit = cognito.ResourceServerScope(scope_name="submit", scope_description="Submit queries")
        server = customers.add_resource_server("Queries", identifier="queries", scopes=[submit])
        customers.add_domain(
            "Domain", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=f"queries-{self.account}")
        )
        customers.add_client(
            "FirstCustomer",
            generate_secret=True,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.resource_server(server, submit)],
            ),
        )

        # What watches over all queries, such as for bills, reads this queue.
        ended = sqs.Queue(
            self,
            "Ended",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.DESTROY,
        )

        # Callbacks come from this one address, so that customers can let in nobody else. A NAT gateway costs by the hour.
        address = ec2.CfnEIP(self, "CallbackAddress", domain="vpc")
        nat_gateway_provider = ec2.NatProvider.gateway(eip_allocation_ids=[address.attr_allocation_id])
        vpc = ec2.Vpc(self, "Network", max_azs=2, nat_gateways=1, nat_gateway_provider=nat_gateway_provider)

        databases = ["sales_eu", "sales_us"]
        queries = AsyncAthenaQueryApi(
            self,
            "Queries",
            database="sales_eu",
            databases=databases,
            queryable_data=[
                QueryableData.glue_tables(
                    database=database,
                    tables=["orders"],
                    bucket=s3.Bucket.from_bucket_name(self, f"Data-{database}", database.replace("_", "-")),
                    prefix="orders/",
                )
                for database in databases
            ],
            submitted_queries=SubmittedQueries.named(
                queries={
                    "daily_sales": NamedQuery.of(
                        sql="SELECT product, sum(amount) AS total FROM orders WHERE day = :day AND amount >= :least GROUP BY product",
                        parameters={"day": QueryParameter.date(), "least": QueryParameter.decimal_number()},
                    ),
                    "days": NamedQuery.of(sql="SELECT DISTINCT day FROM orders"),
                }
            ),
            # A program that computes with a large result asks for Parquet. The others get one CSV.
            result_formats=[ResultFormat.csv(), ResultFormat.parquet()],
            submit_access=SubmitAccess.cognito(user_pools=[customers], scopes=["queries/submit"]),
            # Receivers are not ours: with a public key they can check a callback, and cannot sign one.
            signing_keys=SigningKeys.ed25519(),
            delivery_network=DeliveryNetwork(vpc=vpc),
            announcements=[QueryAnnouncement.queue(queue=ended)],
            # The fewest state transitions, for customers who can wait a minute longer.
            query_completion=QueryCompletion.managed(),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.export_value(queries.queries_url, name="CustomerQueriesUrl")
        self.export_value(address.attr_public_ip, name="CustomerCallbackAddress")


app = App()
CustomerQueriesStack(app, "CustomerQueries")
app.synth()
