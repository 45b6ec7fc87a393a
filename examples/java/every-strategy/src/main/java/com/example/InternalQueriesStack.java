package com.example;

import io.github.cdkdataworkflows.ApiEndpoint;
import io.github.cdkdataworkflows.AsyncAthenaQueryApi;
import io.github.cdkdataworkflows.AuthorizerSubmitAccessOptions;
import io.github.cdkdataworkflows.CallbackHostsOptions;
import io.github.cdkdataworkflows.CallbackPolicy;
import io.github.cdkdataworkflows.DeliveryNetwork;
import io.github.cdkdataworkflows.GlueTablesOptions;
import io.github.cdkdataworkflows.OrcCompression;
import io.github.cdkdataworkflows.OrcResultFormatOptions;
import io.github.cdkdataworkflows.ParquetCompression;
import io.github.cdkdataworkflows.ParquetResultFormatOptions;
import io.github.cdkdataworkflows.PrivateEndpointOptions;
import io.github.cdkdataworkflows.QueryableData;
import io.github.cdkdataworkflows.ResultFormat;
import io.github.cdkdataworkflows.SubmitAccess;
import io.github.cdkdataworkflows.TextFileResultFormatOptions;

import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.apigateway.TokenAuthorizer;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.s3.Bucket;
import software.constructs.Construct;

import java.util.List;

/** Programs of the company, in its network, known by a function of its own. */
public class InternalQueriesStack extends Stack {
    public InternalQueriesStack(Construct scope, String id) {
        super(scope, id);

        Vpc vpc = Vpc.Builder.create(this, "Network").maxAzs(2).natGateways(1).build();
        InterfaceVpcEndpoint endpoint =
                vpc.addInterfaceEndpoint(
                        "Endpoint",
                        InterfaceVpcEndpointOptions.builder()
                                .service(InterfaceVpcEndpointAwsService.APIGATEWAY)
                                .build());
        Function who =
                Function.Builder.create(this, "Who")
                        .runtime(Runtime.NODEJS_22_X)
                        .handler("index.handler")
                        .code(
                                Code.fromInline(
                                        "exports.handler = async () => { throw \"Unauthorized\";"
                                                + " };"))
                        .build();
        // With a role, the function can be of another stack: without one, it would have to know the
        // API.
        Role assumeRole =
                Role.Builder.create(this, "Ask")
                        .assumedBy(new ServicePrincipal("apigateway.amazonaws.com"))
                        .build();
        AsyncAthenaQueryApi.Builder.create(this, "Queries")
                .queryableData(
                        List.of(
                                QueryableData.glueTables(
                                        GlueTablesOptions.builder()
                                                .database("sales")
                                                .bucket(
                                                        Bucket.fromBucketName(
                                                                this, "Data", "sales-data"))
                                                .build())))
                .submitAccess(
                        SubmitAccess.authorizer(
                                AuthorizerSubmitAccessOptions.builder()
                                        .authorizer(
                                                TokenAuthorizer.Builder.create(this, "Authorizer")
                                                        .handler(who)
                                                        .assumeRole(assumeRole)
                                                        .build())
                                        .build()))
                .endpoint(
                        ApiEndpoint.privateEndpoint(
                                PrivateEndpointOptions.builder()
                                        .vpcEndpoints(List.of(endpoint))
                                        .build()))
                .deliveryNetwork(DeliveryNetwork.builder().vpc(vpc).build())
                .callbackPolicy(
                        CallbackPolicy.hosts(
                                CallbackHostsOptions.builder()
                                        .hosts(List.of("reports.example.com"))
                                        .privateAddresses(List.of("10.20.0.0/16"))
                                        .build()))
                .resultFormats(
                        List.of(
                                ResultFormat.csv(),
                                ResultFormat.parquet(
                                        ParquetResultFormatOptions.builder()
                                                .compression(ParquetCompression.ZSTD)
                                                .build()),
                                ResultFormat.orc(
                                        OrcResultFormatOptions.builder()
                                                .compression(OrcCompression.SNAPPY)
                                                .build()),
                                ResultFormat.avro(),
                                ResultFormat.json(),
                                ResultFormat.textFile(
                                        TextFileResultFormatOptions.builder()
                                                .fieldDelimiter("|")
                                                .build())))
                .resultReuse(Duration.hours(1))
                .removalPolicy(RemovalPolicy.DESTROY)
                .build();
    }
}
