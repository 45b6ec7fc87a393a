package com.example;

import io.github.cdkdataworkflows.AccessLogs;
import io.github.cdkdataworkflows.AsyncAthenaQueryApi;
import io.github.cdkdataworkflows.CallbackPolicy;
import io.github.cdkdataworkflows.CognitoSubmitAccessOptions;
import io.github.cdkdataworkflows.EventBusAnnouncementOptions;
import io.github.cdkdataworkflows.GlueTablesOptions;
import io.github.cdkdataworkflows.NamedQueriesOptions;
import io.github.cdkdataworkflows.NamedQuery;
import io.github.cdkdataworkflows.NamedQueryOptions;
import io.github.cdkdataworkflows.QueryAnnouncement;
import io.github.cdkdataworkflows.QueryCompletion;
import io.github.cdkdataworkflows.QueryParameter;
import io.github.cdkdataworkflows.QueryableData;
import io.github.cdkdataworkflows.QueueAnnouncementOptions;
import io.github.cdkdataworkflows.SigningKeys;
import io.github.cdkdataworkflows.SubmitAccess;
import io.github.cdkdataworkflows.SubmittedQueries;
import io.github.cdkdataworkflows.TextQueryParameterOptions;
import io.github.cdkdataworkflows.TopicAnnouncementOptions;

import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ExportValueOptions;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cognito.CognitoDomainOptions;
import software.amazon.awscdk.services.cognito.OAuthFlows;
import software.amazon.awscdk.services.cognito.OAuthScope;
import software.amazon.awscdk.services.cognito.OAuthSettings;
import software.amazon.awscdk.services.cognito.ResourceServerScope;
import software.amazon.awscdk.services.cognito.UserPool;
import software.amazon.awscdk.services.cognito.UserPoolClientOptions;
import software.amazon.awscdk.services.cognito.UserPoolDomainOptions;
import software.amazon.awscdk.services.cognito.UserPoolResourceServer;
import software.amazon.awscdk.services.cognito.UserPoolResourceServerOptions;
import software.amazon.awscdk.services.events.EventBus;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

import java.util.List;
import java.util.Map;

/** Programs of customers have tokens of a user pool, and submit queries by name. */
public class CustomerQueriesStack extends Stack {
    public CustomerQueriesStack(Construct scope, String id) {
        super(scope, id);

        UserPool customers =
                UserPool.Builder.create(this, "Customers")
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .build();
        ResourceServerScope submit =
                ResourceServerScope.Builder.create()
                        .scopeName("submit")
                        .scopeDescription("Submit queries")
                        .build();
        UserPoolResourceServer server =
                customers.addResourceServer(
                        "Server",
                        UserPoolResourceServerOptions.builder()
                                .identifier("queries")
                                .scopes(List.of(submit))
                                .build());
        customers.addDomain(
                "Domain",
                UserPoolDomainOptions.builder()
                        .cognitoDomain(
                                CognitoDomainOptions.builder()
                                        .domainPrefix(
                                                String.format("queries-%s", this.getAccount()))
                                        .build())
                        .build());
        customers.addClient(
                "Customer",
                UserPoolClientOptions.builder()
                        .generateSecret(true)
                        .oAuth(
                                OAuthSettings.builder()
                                        .flows(OAuthFlows.builder().clientCredentials(true).build())
                                        .scopes(List.of(OAuthScope.resourceServer(server, submit)))
                                        .build())
                        .build());
        AsyncAthenaQueryApi queries =
                AsyncAthenaQueryApi.Builder.create(this, "Queries")
                        .database("sales_eu")
                        .databases(List.of("sales_eu", "sales_us"))
                        .queryableData(
                                List.of(
                                        QueryableData.glueTables(
                                                GlueTablesOptions.builder()
                                                        .database("sales_eu")
                                                        .tables(List.of("orders"))
                                                        .bucket(
                                                                Bucket.fromBucketName(
                                                                        this, "Eu", "sales-eu"))
                                                        .prefix("orders/")
                                                        .build()),
                                        QueryableData.glueTables(
                                                GlueTablesOptions.builder()
                                                        .database("sales_us")
                                                        .tables(List.of("orders"))
                                                        .bucket(
                                                                Bucket.fromBucketName(
                                                                        this, "Us", "sales-us"))
                                                        .prefix("orders/")
                                                        .build())))
                        .submittedQueries(
                                SubmittedQueries.named(
                                        NamedQueriesOptions.builder()
                                                .queries(
                                                        Map.of(
                                                                "by_day",
                                                                        NamedQuery.of(
                                                                                NamedQueryOptions
                                                                                        .builder()
                                                                                        .sql(
                                                                                                "SELECT"
                                                                                                    + " product,"
                                                                                                    + " amount"
                                                                                                    + " FROM"
                                                                                                    + " orders"
                                                                                                    + " WHERE"
                                                                                                    + " day ="
                                                                                                    + " :day"
                                                                                                    + " AND amount"
                                                                                                    + " >= :least"
                                                                                                    + " AND paid"
                                                                                                    + " = :paid")
                                                                                        .parameters(
                                                                                                Map
                                                                                                        .of(
                                                                                                                "day",
                                                                                                                QueryParameter
                                                                                                                        .date(),
                                                                                                                "least",
                                                                                                                QueryParameter
                                                                                                                        .decimalNumber(),
                                                                                                                "paid",
                                                                                                                QueryParameter
                                                                                                                        .trueOrFalse()))
                                                                                        .build()),
                                                                "by_product",
                                                                        NamedQuery.of(
                                                                                NamedQueryOptions
                                                                                        .builder()
                                                                                        .sql(
                                                                                                "SELECT"
                                                                                                    + " day,"
                                                                                                    + " amount"
                                                                                                    + " FROM"
                                                                                                    + " orders"
                                                                                                    + " WHERE"
                                                                                                    + " product"
                                                                                                    + " = :product"
                                                                                                    + " AND amount"
                                                                                                    + " >= :least"
                                                                                                    + " AND changed"
                                                                                                    + " < :until")
                                                                                        .parameters(
                                                                                                Map
                                                                                                        .of(
                                                                                                                "least",
                                                                                                                QueryParameter
                                                                                                                        .integer(),
                                                                                                                "product",
                                                                                                                QueryParameter
                                                                                                                        .text(
                                                                                                                                TextQueryParameterOptions
                                                                                                                                        .builder()
                                                                                                                                        .maxLength(
                                                                                                                                                40)
                                                                                                                                        .build()),
                                                                                                                "until",
                                                                                                                QueryParameter
                                                                                                                        .timestamp()))
                                                                                        .build()),
                                                                "days",
                                                                        NamedQuery.of(
                                                                                NamedQueryOptions
                                                                                        .builder()
                                                                                        .sql(
                                                                                                "SELECT"
                                                                                                    + " DISTINCT"
                                                                                                    + " day FROM"
                                                                                                    + " orders")
                                                                                        .build())))
                                                .build()))
                        .submitAccess(
                                SubmitAccess.cognito(
                                        CognitoSubmitAccessOptions.builder()
                                                .userPools(List.of(customers))
                                                .scopes(List.of("queries/submit"))
                                                .build()))
                        .queryCompletion(QueryCompletion.managed())
                        .callbackPolicy(CallbackPolicy.publicHosts())
                        .signingKeys(SigningKeys.ed25519())
                        .accessLogs(AccessLogs.none())
                        .announcements(
                                List.of(
                                        QueryAnnouncement.eventBus(
                                                EventBusAnnouncementOptions.builder()
                                                        .bus(
                                                                EventBus.fromEventBusName(
                                                                        this, "Bus", "company"))
                                                        .build()),
                                        QueryAnnouncement.queue(
                                                QueueAnnouncementOptions.builder()
                                                        .queue(
                                                                Queue.Builder.create(this, "Ended")
                                                                        .encryption(
                                                                                QueueEncryption
                                                                                        .SQS_MANAGED)
                                                                        .enforceSsl(true)
                                                                        .build())
                                                        .build()),
                                        QueryAnnouncement.topic(
                                                TopicAnnouncementOptions.builder()
                                                        .topic(
                                                                Topic.fromTopicArn(
                                                                        this,
                                                                        "Topic",
                                                                        this.formatArn(
                                                                                ArnComponents
                                                                                        .builder()
                                                                                        .service(
                                                                                                "sns")
                                                                                        .resource(
                                                                                                "ended")
                                                                                        .build())))
                                                        .build())))
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .build();
        this.exportValue(
                queries.getQueriesUrl(),
                ExportValueOptions.builder().name("CustomerQueriesUrl").build());
    }
}
